import type { CallRecord, TranscriptLine } from '@parley/core'

/**
 * The transcript as `AsrData[]`. `User` is `user` for the person on the phone and `bot` for the assistant.
 * `Start` and `End` are ms on the recording's time line, which begins at the answer; `Timestamp` is Unix seconds.
 */
export function asrDataList(call: CallRecord, lines: readonly TranscriptLine[]) {
  const originMs = call.answeredAtMs ?? call.createdAtMs
  return lines.map(({ role, text, fromMs, toMs }) => ({
    User: role === 'user' ? 'user' : 'bot',
    Message: text,
    Timestamp: Math.floor((originMs + fromMs) / 1000),
    Start: Math.round(fromMs),
    End: Math.round(toMs),
  }))
}
