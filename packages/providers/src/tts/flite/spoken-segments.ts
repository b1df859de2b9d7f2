/** One phone of the speech, or a pause (`pau`). */
export interface SpokenSegment {
  readonly phone: string
  /** End from the beginning of the speech, in seconds. */
  readonly endS: number
}

/** Reads what Flite prints with `-psdur`: `pau:0.119 hh:0.212 ...`. Empty when it is anything else. */
export function parseSegments(printed: string): readonly SpokenSegment[] {
  const segments: SpokenSegment[] = []
  let lastS = 0
  for (const entry of printed.trim().split(/\s+/)) {
    const parts = /^([a-z]+):(\d+\.\d+)$/.exec(entry)
    const endS = Number(parts?.[2])
    if (!parts?.[1] || !(endS >= lastS)) return []
    segments.push({ phone: parts[1], endS })
    lastS = endS
  }
  return segments
}
