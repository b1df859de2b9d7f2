import { type MediaEvent, type MediaStream, silentLogger } from '@parley/core'
import { systemClock, systemRandom } from '@parley/runtime'
import { until } from './rtp-peer.ts'

/** What every engine of these tests is made of. */
export const basics = {
  bindHost: '127.0.0.1',
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  rtpTimeoutMs: 400,
}
export const workerUrl = new URL('./media-worker.ts', import.meta.url)

/** Reads events in the background; `next` waits for one of a type, with a deadline. */
export class EventLog {
  readonly seen: MediaEvent[] = []
  ended = false
  private wake = () => {}

  constructor(stream: MediaStream) {
    void this.read(stream)
  }

  async next<T extends MediaEvent['type']>(type: T, withinMs = 5000): Promise<Extract<MediaEvent, { type: T }>> {
    const deadlineMs = systemClock.nowMs() + withinMs
    const isWanted = (event: MediaEvent): event is Extract<MediaEvent, { type: T }> => event.type === type
    for (;;) {
      const found = this.seen.find(isWanted)
      if (found) return found
      if (systemClock.nowMs() > deadlineMs) throw new Error(`no ${type} within ${withinMs} ms`)
      await Promise.race([
        new Promise<void>((resolve) => {
          this.wake = resolve
        }),
        until(deadlineMs + 1),
      ])
    }
  }

  private async read(stream: MediaStream): Promise<void> {
    for await (const event of stream.events) {
      this.seen.push(event)
      this.wake()
    }
    this.ended = true
    this.wake()
  }
}

/** The whole uplink of a stream. */
export async function collect(
  stream: MediaStream,
): Promise<{ readonly samples: number[]; readonly mediaMs: number[] }> {
  const samples: number[] = []
  const mediaMs: number[] = []
  for await (const chunk of stream.uplink) {
    mediaMs.push(chunk.mediaMs)
    for (const sample of chunk.samples) samples.push(sample)
  }
  return { samples, mediaMs }
}
