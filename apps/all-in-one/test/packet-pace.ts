import { readFileSync } from 'node:fs'

interface Packet {
  readonly direction: string
  readonly atNs: number
  readonly seq: number
  readonly timestamp: number
  readonly payloadBytes: number
  readonly marker: boolean
}

/** How the packets of one call followed each other at the phone. */
export interface Pace {
  readonly packets: number
  /** From the first to the last packet, ms. */
  readonly durationMs: number
  /** Arrival of the last packet, monotonic ns; 0: there was none. */
  readonly lastAtNs: number
  /** Sequence numbers that do not follow the one before. */
  readonly sequenceBreaks: number
  /** Timestamps that do not rise by the samples of the packet before, skips declared by the marker excepted. */
  readonly timestampBreaks: number
  /** Whole packets of time left out, with the marker set: the sender's thread was not let run. */
  readonly skipped: number
  /** From the first to the last packet by their timestamps, ms. */
  readonly mediaMs: number
  /** Between arrivals, ms, in ascending order. */
  readonly spacingsMs: readonly number[]
}

/** Reads what the phone received from `packets.jsonl`. */
export function receivedPace(path: string): Pace {
  const packets = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Packet)
    .filter(({ direction }) => direction === 'received')
  const spacingsMs: number[] = []
  let sequenceBreaks = 0
  let timestampBreaks = 0
  let skipped = 0
  packets.forEach((packet, index) => {
    const before = packets[index - 1]
    if (!before) return
    spacingsMs.push((packet.atNs - before.atNs) / 1e6)
    if (((packet.seq - before.seq) & 0xffff) !== 1) sequenceBreaks += 1
    const skip = ((packet.timestamp - before.timestamp) >>> 0) / before.payloadBytes - 1
    if (skip > 0 && skip < 500 && Number.isInteger(skip) && packet.marker) skipped += skip
    else if (skip !== 0) timestampBreaks += 1
  })
  const first = packets[0]?.atNs ?? 0
  return {
    packets: packets.length,
    durationMs: ((packets.at(-1)?.atNs ?? first) - first) / 1e6,
    lastAtNs: packets.at(-1)?.atNs ?? 0,
    sequenceBreaks,
    timestampBreaks,
    skipped,
    mediaMs: (((packets.at(-1)?.timestamp ?? 0) - (packets[0]?.timestamp ?? 0)) >>> 0) / 8,
    spacingsMs: spacingsMs.toSorted((a, b) => a - b),
  }
}

/** The value below which `share` of the ascending `values` lie. */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}
