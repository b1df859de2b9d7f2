import type { PcmChunk } from '@parley/core'

/** What was, or is to be, sent: audio, and the marks where a final was asked for. */
export type StreamItem = ({ readonly type: 'audio' } & PcmChunk) | { readonly type: 'finalize' }

/** 60 s: a service that has not given a final for that long will not be helped by more. */
const maxItems = 3_000
const samplesPerMs = 8

/**
 * Everything sent since the last final, so that a new connection can be given it again. Keeps the chunks it is given.
 * When full, the oldest is dropped.
 */
export class ReplayLog {
  items: StreamItem[] = []

  add(item: StreamItem): void {
    this.items.push(item)
    if (this.items.length > maxItems) this.items.shift()
  }

  keepLast(count: number): void {
    if (this.items.length > count) this.items.splice(0, this.items.length - count)
  }

  /** A final came: what lies before the oldest mark is done with. */
  settled(): void {
    const mark = this.items.findIndex((item) => item.type === 'finalize')
    this.items.splice(0, mark + 1)
  }
}

/** Maps stream time of one connection to media time. A gap in the media (lost audio) is a step. */
export class StreamTimeline {
  private readonly steps: { streamMs: number; mediaMs: number }[] = []
  private sentMs = 0

  sent(chunk: PcmChunk): void {
    const last = this.steps.at(-1)
    const expectedMs = last ? last.mediaMs + this.sentMs - last.streamMs : undefined
    if (expectedMs === undefined || Math.abs(chunk.mediaMs - expectedMs) > 1) {
      this.steps.push({ streamMs: this.sentMs, mediaMs: chunk.mediaMs })
    }
    this.sentMs += chunk.samples.length / samplesPerMs
  }

  toMedia(streamMs: number): number {
    const step = this.steps.findLast((candidate) => candidate.streamMs <= streamMs) ?? this.steps[0]
    return step ? step.mediaMs + streamMs - step.streamMs : streamMs
  }
}
