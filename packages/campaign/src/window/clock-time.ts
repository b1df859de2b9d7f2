/** Seconds since midnight of `09:30` or `09:30:00`; `24:00` is the end of the day. Undefined: it is no such time. */
export function clockTimeS(text: string): number | undefined {
  const [, hour, minute, second = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim()) ?? []
  if (hour === undefined || minute === undefined || Number(minute) > 59 || Number(second) > 59) return undefined
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second)
  return seconds <= 86_400 ? seconds : undefined
}
