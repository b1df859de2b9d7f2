import { levelDb } from './level.ts'
import type { SeededRandom } from './seeded-random.ts'

export const noiseKinds = ['door', 'keyboard', 'cough', 'traffic', 'music', 'crackle'] as const
export type NoiseKind = (typeof noiseKinds)[number]

const rateHz = 8000

/** Each sound as a function of the sample, about full scale 1. `ms`: its length. */
type Recipe = (count: number, random: SeededRandom) => Float64Array

/** In [0, 1). */
const share = (random: SeededRandom) => random.below(1 << 20) / (1 << 20)

/** White noise through one pole: `kept` of the old value is kept. */
function rumble(count: number, random: SeededRandom, kept: number): Float64Array {
  const out = new Float64Array(count)
  let value = 0
  for (let i = 0; i < count; i += 1) {
    value = kept * value + (1 - kept) * (share(random) * 2 - 1)
    out[i] = value
  }
  return out
}

/** Resonates at `hz` like a throat or a box. */
function resonate(input: Float64Array, hz: number, bandwidthHz: number): Float64Array {
  const radius = Math.exp((-Math.PI * bandwidthHz) / rateHz)
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / rateHz)
  const out = new Float64Array(input.length)
  for (let i = 0; i < input.length; i += 1) {
    out[i] = (input[i] as number) + turn * (out[i - 1] ?? 0) - radius ** 2 * (out[i - 2] ?? 0)
  }
  return out
}

const shaped = (input: Float64Array, envelope: (at: number) => number) => input.map((value, i) => value * envelope(i))

const recipes: Readonly<Record<NoiseKind, Recipe>> = {
  // A thump: low, and gone within a tenth of a second.
  door: (count, random) => shaped(resonate(rumble(count, random, 0.6), 110, 60), (i) => Math.exp(-i / (0.06 * rateHz))),
  // Clicks at an uneven pace.
  keyboard: (count, random) => {
    const strokes: number[] = []
    for (let at = 0; at < count; at += rateHz * (0.09 + 0.12 * share(random))) strokes.push(Math.round(at))
    return shaped(resonate(rumble(count, random, 0.1), 2400, 900), (i) =>
      strokes.reduce((sum, at) => (i >= at ? sum + Math.exp(-(i - at) / (0.006 * rateHz)) : sum), 0),
    )
  },
  // Two bursts of breath through a throat.
  cough: (count, random) => {
    const breath = rumble(count, random, 0.3)
    const throat = resonate(resonate(breath, 700, 220), 1500, 400)
    const second = Math.min(count / 2, 0.25 * rateHz)
    return shaped(throat, (i) => {
      const age = i >= second ? i - second : i
      return Math.min(1, age / (0.01 * rateHz)) * Math.exp(-age / (0.07 * rateHz))
    })
  },
  traffic: (count, random) => resonate(rumble(count, random, 0.93), 180, 300),
  // A chord that moves on, with some vibrato.
  music: (count) =>
    new Float64Array(count).map((_, i) => {
      const second = i / rateHz
      const root = 196 * 2 ** (([0, 5, 7, 4][Math.floor(second * 2.5) % 4] as number) / 12)
      const sway = 1 + 0.004 * Math.sin(2 * Math.PI * 5.5 * second)
      return [1, 1.26, 1.5, 2].reduce((sum, ratio) => sum + Math.sin(2 * Math.PI * root * ratio * sway * second), 0) / 4
    }),
  // Single samples out of place.
  crackle: (count, random) => new Float64Array(count).map(() => (share(random) < 0.004 ? share(random) * 2 - 1 : 0)),
}

/** A made-up sound of that kind, 8 kHz, of which the loudest 50 ms are at `level` dBFS. Repeatable. */
export function makeNoise(kind: NoiseKind, ms: number, level: number, random: SeededRandom): Int16Array {
  const count = Math.round(ms * 8)
  const raw = recipes[kind](count, random)
  const peak = raw.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  const full = Int16Array.from(raw, (value) => Math.round((value / peak) * 30_000))
  const window = Math.min(count, 400)
  let loudest = -120
  for (let at = 0; at + window <= count; at += 80) loudest = Math.max(loudest, levelDb(full, at, at + window))
  const gain = 10 ** ((level - loudest) / 20)
  return full.map((sample) => Math.max(-32768, Math.min(32767, Math.round(sample * gain))))
}
