import { type AmbienceSpec, sampleRateHz } from '@parley/core'
import { Biquad } from './biquad.ts'
import { NoiseSource } from './noise-source.ts'

/** Long enough that nobody notices the repetition on a telephone. Taste. */
const loopSeconds = 12
const loopSamples = loopSeconds * sampleRateHz
/** The end of the loop flows into its beginning over this stretch. */
const seamSamples = sampleRateHz / 2
/** Level of a loop at volume 1: 20 dB and more below speech. Taste. */
const loopRmsDb = -42

/** Voices in the distance, share of the murmur, and how often something else is heard. Taste. */
const scenes = {
  coffeeShop: { seed: 11, talkers: 7, murmur: 1, room: 0.35, clinksPerSecond: 0.7, clicksPerSecond: 0 },
  busyOffice: { seed: 29, talkers: 3, murmur: 0.55, room: 0.5, clinksPerSecond: 0, clicksPerSecond: 5 },
} as const

/**
 * Twelve seconds of a place, made of noise alone: murmur without words, the room, and cups or keyboards. `Int16` mono 8 kHz
 * that can be repeated without a seam, the same at each start. Takes 25 to 90 ms.
 */
export function renderAmbience(scene: AmbienceSpec['scene']): Int16Array {
  const { seed, talkers, murmur, room, clinksPerSecond, clicksPerSecond } = scenes[scene]
  const noise = new NoiseSource(seed)
  const sound = new Float64Array(loopSamples + seamSamples)
  addRoom(sound, noise, room)
  for (let talker = 0; talker < talkers; talker += 1) addTalker(sound, noise, murmur / Math.sqrt(talkers))
  for (let i = 0; i < clinksPerSecond * loopSeconds; i += 1) addClink(sound, noise)
  for (let i = 0; i < clicksPerSecond * loopSeconds; i += 1) addClick(sound, noise)
  return atLevel(withoutSeam(sound))
}

/** Air, machines, streets: low noise that never stops. */
function addRoom(sound: Float64Array, noise: NoiseSource, share: number): void {
  const low = Biquad.lowPass(500, 0.7)
  const high = Biquad.bandPass(1_200, 0.4)
  for (let i = 0; i < sound.length; i += 1) {
    const white = noise.next()
    sound[i] = (sound[i] as number) + share * (2 * low.next(white) + 0.3 * high.next(white))
  }
}

/** Somebody far away: noise in the places of two formants, in syllables of 120 to 320 ms, with pauses between phrases. */
function addTalker(sound: Float64Array, noise: NoiseSource, share: number): void {
  const formants = [Biquad.bandPass(noise.between(380, 650), 3), Biquad.bandPass(noise.between(1_100, 1_800), 4)]
  let loudness = 0
  for (let at = Math.round(noise.between(0, sampleRateHz)); at < sound.length; ) {
    const length = Math.round(noise.between(0.12, 0.32) * sampleRateHz)
    const isPause = noise.between(0, 1) < 0.12
    loudness = isPause ? 0 : noise.between(0.4, 1)
    const until = Math.min(sound.length, at + (isPause ? 4 * length : length))
    for (let i = at; i < until; i += 1) {
      const white = noise.next()
      const swell = Math.sin((Math.PI * (i - at)) / length) ** 2
      const voice = formants.reduce((sum, formant, order) => sum + formant.next(white) / (1 + order), 0)
      sound[i] = (sound[i] as number) + 3 * share * loudness * swell * voice
    }
    at = until
  }
}

/** A cup on its saucer. */
function addClink(sound: Float64Array, noise: NoiseSource): void {
  const hz = noise.between(2_100, 3_300)
  const loudness = noise.between(0.1, 0.35)
  ring(sound, noise, 0.09, (t) => loudness * Math.exp(-t / 0.018) * Math.sin(2 * Math.PI * hz * t))
}

/** A key of a keyboard. */
function addClick(sound: Float64Array, noise: NoiseSource): void {
  const loudness = noise.between(0.1, 0.4)
  ring(sound, noise, 0.02, (t) => loudness * Math.exp(-t / 0.004) * noise.next())
}

function ring(sound: Float64Array, noise: NoiseSource, seconds: number, wave: (t: number) => number): void {
  const length = Math.round(seconds * sampleRateHz)
  const from = Math.floor(noise.between(0, sound.length - length))
  for (let i = 0; i < length; i += 1) sound[from + i] = (sound[from + i] as number) + wave(i / sampleRateHz)
}

/** What lies behind the loop fades out over its beginning, which fades in. Equal power, as both are noise. */
function withoutSeam(sound: Float64Array): Float64Array {
  const loop = sound.slice(0, loopSamples)
  for (let i = 0; i < seamSamples; i += 1) {
    const angle = (Math.PI / 2) * (i / seamSamples)
    loop[i] = (loop[i] as number) * Math.sin(angle) + (sound[loopSamples + i] as number) * Math.cos(angle)
  }
  return loop
}

function atLevel(sound: Float64Array): Int16Array {
  const power = sound.reduce((sum, value) => sum + value * value, 0) / sound.length
  const gain = (32_768 * 10 ** (loopRmsDb / 20)) / Math.sqrt(power)
  return Int16Array.from(sound, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * gain))))
}
