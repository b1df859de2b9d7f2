import { readdirSync, readFileSync } from 'node:fs'
import { levelDb } from '../../src/vad/level.ts'
import { readWav } from '../clips.ts'

const folder = new URL('../../../../apps/callee/clips/', import.meta.url)

/** A human sentence at 8 kHz. `onsets`: first sample of each stretch of voice after 300 ms of silence or more. */
export interface Sentence {
  readonly name: string
  readonly samples: Int16Array
  readonly onsets: readonly number[]
}

/** Every clip, its active level at `levelDbfs`. `which` picks by the beginning of the name. */
export function sentences(which: readonly string[], levelDbfs: number): Sentence[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav') && which.some((start) => name.startsWith(start)))
    .sort()
    .map((name) => {
      const { samples, rateHz } = readWav(readFileSync(new URL(name, folder)))
      const atLevel = scaledTo(rateHz === 16_000 ? halved(samples) : samples, levelDbfs)
      return { name: name.replace('.wav', ''), samples: atLevel, onsets: onsetsOf(atLevel) }
    })
}

/** Level over the 10 ms blocks that are within 25 dB of the loudest. */
export function activeLevelDb(samples: Int16Array): number {
  const levels = blockLevels(samples)
  const least = Math.max(...levels) - 25
  const active = levels.filter((level) => level > least)
  return 10 * Math.log10(active.reduce((sum, level) => sum + 10 ** (level / 10), 0) / active.length)
}

export function scaledTo(samples: Int16Array, levelDbfs: number): Int16Array {
  const gain = 10 ** ((levelDbfs - activeLevelDb(samples)) / 20)
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))))
}

/** Voiced: periodic (2.5-12.5 ms) over 30 ms and within 18 dB of the loudest, for 20 ms at least. */
function onsetsOf(samples: Int16Array): number[] {
  const levels = blockLevels(samples)
  const least = Math.max(...levels) - 18
  const isVoiced = levels.map((level, i) => level > least && periodicity(samples, i * 80) > 0.75)
  const onsets: number[] = []
  let quiet = 30
  isVoiced.forEach((voiced, i) => {
    if (voiced && isVoiced[i + 1] && quiet >= 30) onsets.push(i * 80)
    quiet = voiced && isVoiced[i + 1] ? 0 : quiet + 1
  })
  return onsets
}

function periodicity(samples: Int16Array, from: number): number {
  let best = 0
  for (let lag = 20; lag <= 100; lag += 1) {
    let [cross, one, two] = [0, 1, 1]
    for (let i = from; i < from + 240; i += 1) {
      const [a, b] = [samples[i] ?? 0, samples[i + lag] ?? 0]
      cross += a * b
      one += a * a
      two += b * b
    }
    best = Math.max(best, cross / Math.sqrt(one * two))
  }
  return best
}

function blockLevels(samples: Int16Array): number[] {
  return Array.from({ length: Math.floor(samples.length / 80) }, (_, i) => levelDb(samples, i * 80, 80))
}

/** Half the rate through a 31-tap windowed sinc at 3.5 kHz. */
function halved(samples: Int16Array): Int16Array {
  const taps = Array.from({ length: 31 }, (_, i) => {
    const x = i - 15
    const sinc = x === 0 ? 0.4375 : Math.sin(Math.PI * 0.4375 * x) / (Math.PI * x)
    return sinc * (0.54 + 0.46 * Math.cos((Math.PI * x) / 16))
  })
  return Int16Array.from({ length: samples.length >> 1 }, (_, i) =>
    Math.round(taps.reduce((sum, tap, k) => sum + tap * (samples[i * 2 + k - 15] ?? 0), 0)),
  )
}
