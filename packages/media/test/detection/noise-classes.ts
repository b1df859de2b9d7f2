import type { SeededRandom } from '@parley/testkit'
import { scaledTo } from './speech-material.ts'

type Maker = (length: number, random: SeededRandom) => Float32Array

const wave = (length: number, of: (t: number, i: number) => number) =>
  Float32Array.from({ length }, (_, i) => of(i / 8000, i))
const white = (random: SeededRandom) => random.next() * 2 - 1

/** Two poles: noise or clicks take the colour of a body that rings at `hz`. */
function resonate(input: Float32Array, hz: number, decayMs: number): Float32Array {
  const radius = Math.exp(-1 / (decayMs * 8))
  const a1 = 2 * radius * Math.cos((2 * Math.PI * hz) / 8000)
  let [one, two] = [0, 0]
  return input.map((value) => {
    const out = value + a1 * one - radius * radius * two
    two = one
    one = out
    return out
  })
}

function smoothed(input: Float32Array, share: number): Float32Array {
  let held = 0
  return input.map((value) => {
    held += share * (value - held)
    return held
  })
}

const sum = (...parts: readonly Float32Array[]) =>
  (parts[0] as Float32Array).map((_, i) => parts.reduce((total, part) => total + (part[i] as number), 0))

/** A slammed door: a low thud and a rattle. */
const door: Maker = (length, random) => {
  const hit = wave(length, (t) => white(random) * Math.exp(-t / 0.02))
  return sum(resonate(hit, random.between(60, 140), 40), resonate(hit, random.between(300, 700), 12))
}

/** Keys: clicks of a few ms at irregular distances. */
const keyboard: Maker = (length, random) => {
  const clicks = new Float32Array(length)
  for (let at = random.between(0, 400); at < length; at += random.between(500, 1600)) {
    for (let i = 0; i < 40 && at + i < length; i += 1) clicks[at + i] = white(random) * Math.exp(-i / 12)
  }
  return resonate(clicks, random.between(1500, 3000), 2)
}

/** Coughs of 300-450 ms: bursts of noise shaped by a vocal tract, every other with 60 ms of voice near its end. */
const cough: Maker = (length, random) => {
  const burst = random.between(2400, 3600)
  const noise = wave(length, (_, i) => {
    const phase = (i % burst) / burst
    return white(random) * (phase < 0.06 ? phase / 0.06 : Math.exp(-(phase - 0.06) * 6))
  })
  const voice = wave(length, (t, i) => {
    const isVoiced = Math.floor(i / burst) % 2 === 1 && i % burst > 1600 && i % burst < 2080
    return isVoiced && (t * 140) % 1 < 0.1 ? 0.5 : 0
  })
  const source = sum(noise, voice)
  return sum(resonate(source, random.between(500, 800), 3), resonate(source, random.between(1200, 1900), 2))
}

/** Line crackle: single samples and short gaps. */
const crackle: Maker = (length, random) =>
  wave(length, () => (random.next() < 0.004 ? (random.next() < 0.5 ? -1 : 1) * (0.3 + random.next()) : 0))

/** A melody of tones with overtones, 100-300 ms each. */
const music: Maker = (length, random) => {
  const out = new Float32Array(length)
  for (let at = 0; at < length; ) {
    const note = random.between(800, 2400)
    const hz = 220 * 2 ** (random.between(0, 24) / 12)
    for (let i = 0; i < note && at + i < length; i += 1) {
      const t = i / 8000
      const rise = Math.min(1, i / 80) * Math.exp(-t * 3)
      out[at + i] =
        rise *
        (Math.sin(2 * Math.PI * hz * t) + 0.5 * Math.sin(4 * Math.PI * hz * t) + 0.25 * Math.sin(6 * Math.PI * hz * t))
    }
    at += note
  }
  return out
}

/** Engines: low noise, slowly swelling, with a hum. */
const traffic: Maker = (length, random) => {
  const hz = random.between(70, 120)
  const noise = smoothed(
    wave(length, () => white(random)),
    0.08,
  )
  return wave(
    length,
    (t, i) => ((noise[i] as number) * 3 + 0.3 * Math.sin(2 * Math.PI * hz * t)) * Math.sin((Math.PI * i) / length),
  )
}

/** Breath on the microphone. */
const breath: Maker = (length, random) => {
  const noise = wave(length, (_, i) => white(random) * Math.sin((Math.PI * i) / length) ** 2)
  return sum(resonate(noise, random.between(400, 900), 0.6), smoothed(noise, 0.3))
}

/** A rising or falling tone, as of alarms and toys. */
const chirp: Maker = (length, random) => {
  const [from, to] = [random.between(300, 2500), random.between(300, 2500)]
  let phase = 0
  return wave(length, (_, i) => {
    phase += (2 * Math.PI * (from + ((to - from) * i) / length)) / 8000
    return Math.sin(phase)
  })
}

/** Mains hum with harmonics, switched on and off. */
const hum: Maker = (length) =>
  wave(length, (t) => [1, 2, 3, 5, 7].reduce((total, k) => total + Math.sin(2 * Math.PI * 50 * k * t) / k, 0))

/** Paper, clothes: noise modulated at random. */
const rustle: Maker = (length, random) => {
  let level = 0
  return wave(length, (_, i) => {
    if (i % 80 === 0) level = random.next() < 0.4 ? random.next() : level * 0.5
    return white(random) * level
  })
}

export const noiseClasses: Readonly<Record<string, Maker>> = {
  door,
  keyboard,
  cough,
  crackle,
  music,
  traffic,
  breath,
  chirp,
  hum,
  rustle,
}

/** A sound of class `kind`, `durationMs` long, its active level at `levelDbfs`. */
export function noiseOf(kind: string, durationMs: number, levelDbfs: number, random: SeededRandom): Int16Array {
  const make = noiseClasses[kind] as Maker
  const raw = make(durationMs * 8, random)
  const peak = raw.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  return scaledTo(
    Int16Array.from(raw, (value) => (value / peak) * 30_000),
    levelDbfs,
  )
}
