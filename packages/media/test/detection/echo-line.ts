import type { SeededRandom } from '@parley/testkit'
import { encodeG711, g711 } from '../../src/codec/g711.ts'
import type { Sentence } from './speech-material.ts'

export interface EchoOptions {
  readonly delayMs: number
  /** Echo return loss. */
  readonly lossDb: number
  /** After the first reflection there are weaker ones, decaying by 1/e in this time. */
  readonly tailMs: number
}

/** Samples after one pass through G.711. */
export function afterMuLaw(samples: Int16Array): Int16Array {
  const codes = new Uint8Array(samples.length)
  encodeG711(g711.PCMU, samples, samples.length, codes, 0)
  return samples.map((_, i) => g711.PCMU.decode[codes[i] as number] as number)
}

/** What comes back of `sent`. The phase within a packet is random. */
export function echoOf(sent: Int16Array, options: EchoOptions, random: SeededRandom): Float32Array {
  const tail = Math.max(1, Math.round(options.tailMs * 8))
  const path = Float32Array.from(
    { length: tail * 4 },
    (_, i) => (i === 0 ? 1 : 0.4 * (random.next() - 0.5)) * Math.exp(-i / tail),
  )
  const gain = 10 ** (-options.lossDb / 20) / Math.sqrt(path.reduce((sum, tap) => sum + tap * tap, 0))
  const delay = options.delayMs * 8 + random.between(0, 40)
  const heard = new Float32Array(sent.length)
  for (let i = delay; i < sent.length; i += 1) {
    let sum = 0
    for (let k = 0; k < path.length && k <= i - delay; k += 1) {
      sum += (path[k] as number) * (sent[i - delay - k] as number)
    }
    heard[i] = sum * gain
  }
  return heard
}

/** One speaker reading sentences one after the other, with the gaps of a synthetic voice. */
export function monologue(from: readonly Sentence[], length: number, random: SeededRandom): Int16Array {
  const all = new Int16Array(length)
  for (let at = random.between(800, 2400); at < length; at += random.between(800, 4000)) {
    const { samples } = random.pick(from)
    all.set(samples.subarray(0, Math.max(0, Math.min(samples.length, length - at))), at)
    at += samples.length
  }
  return all
}
