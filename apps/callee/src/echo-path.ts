import { nsPerMs } from './monotonic-clock.ts'

/** How a line gives sound back. `tailMs`: for how long it dies away. */
export interface EchoLine {
  readonly delayMs: number
  readonly erlDb: number
  readonly tailMs: number
}

const samplesPerMs = 8
/** Two seconds, one of them ahead: longer than any delay. Power of two. */
const ringSamples = 1 << 14
/** Packets that come this early or late still belong where the one before ended. */
const seamSamples = 320

/**
 * What is heard, on its way back into the microphone: a delayed, weaker copy that dies away in a few reflections. Both
 * ends run on the monotonic clock; packets are laid end to end, so that jitter of their arrival makes no clicks.
 */
export class EchoPath {
  readonly #ring = new Float32Array(ringSamples)
  readonly #taps: readonly { readonly delay: number; readonly gain: number }[]
  #writeAt = 0
  #readAt = 0

  constructor({ delayMs, erlDb, tailMs }: EchoLine) {
    const gain = 10 ** (-erlDb / 20)
    const delay = Math.round(delayMs * samplesPerMs)
    const tail = Math.round(tailMs * samplesPerMs)
    // Power of the reflections, one sixteenth and one sixty-fourth, is little against the first.
    this.#taps = [
      { delay, gain },
      ...(tail > 0
        ? [
            { delay: delay + (tail >> 1), gain: gain / 4 },
            { delay: delay + tail, gain: -gain / 8 },
          ]
        : []),
    ]
  }

  hear(samples: Int16Array, atNs: number): void {
    const at = sampleOf(atNs)
    if (Math.abs(at - this.#writeAt) > seamSamples) this.#writeAt = at
    for (const { delay, gain } of this.#taps)
      for (let i = 0; i < samples.length; i += 1) {
        const slot = (this.#writeAt + delay + i) & (ringSamples - 1)
        this.#ring[slot] = (this.#ring[slot] as number) + gain * (samples[i] as number)
      }
    this.#writeAt += samples.length
  }

  /** A copy of `own` with the echo of that time in it. */
  mix(own: Int16Array, atNs: number): Int16Array {
    const at = sampleOf(atNs)
    if (Math.abs(at - this.#readAt) > seamSamples) this.#skipTo(at)
    const mixed = new Int16Array(own.length)
    for (let i = 0; i < own.length; i += 1) {
      const slot = (this.#readAt + i) & (ringSamples - 1)
      const sum = (own[i] as number) + (this.#ring[slot] as number)
      mixed[i] = Math.max(-32768, Math.min(32767, Math.round(sum)))
      this.#ring[slot] = 0
    }
    this.#readAt += own.length
    return mixed
  }

  /** What was not read in time is gone, or it would come back with the next turn of the ring. The other half lies ahead. */
  #skipTo(at: number): void {
    const passed = Math.min(ringSamples >> 1, Math.max(0, at - this.#readAt))
    for (let i = 0; i < passed; i += 1) this.#ring[(at - 1 - i) & (ringSamples - 1)] = 0
    this.#readAt = at
  }
}

const sampleOf = (ns: number) => Math.round((ns / nsPerMs) * samplesPerMs)
