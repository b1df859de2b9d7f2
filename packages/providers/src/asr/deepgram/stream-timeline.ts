import type { PcmChunk } from '@parley/core'

const samplesPerMs = 8

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

  /** Silence that is no part of the media was sent. */
  filled(samples: number): void {
    this.sentMs += samples / samplesPerMs
  }

  toMedia(streamMs: number): number {
    const step = this.steps.findLast((candidate) => candidate.streamMs <= streamMs) ?? this.steps[0]
    return step ? step.mediaMs + streamMs - step.streamMs : streamMs
  }
}
