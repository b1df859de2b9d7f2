import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { SpeechHint } from './speech-hint.ts'

const frameMs = 20
const level = 10 ** (-25 / 20) * 32_768
const random = new SeededRandom(1)
const white = () => (random.next() * 2 - 1) * level * Math.sqrt(3)
type Sound = (sample: number) => number
const silence: Sound = () => random.between(-20, 20)
/** Pulses at 125 Hz through a little body, as a vowel is. */
const vowel: Sound = (i) => level * 2.5 * Math.sin(i * 0.55) * Math.exp(-(i % 64) / 20)
let last = 0
/** White noise, its low half taken out. */
const sibilant: Sound = () => {
  const now = white()
  const high = 0.2 * (now - last)
  last = now
  return high
}
const softHiss: Sound = () => white() * 0.2
const tone: Sound = (i) => level * 1.4 * Math.sin(i * 0.3)
const clicks: Sound = (i) => (i % 900 < 40 ? white() * 2 : 0)
const rumble: Sound = (i) => level * 1.4 * Math.sin((i * 2 * Math.PI * 60) / 8000)

/** An ear whose detector says `probability`, and whose periodicity finder says `voicing`. Returns when signs are told, ms. */
function signsOf(
  sounds: readonly (readonly [Sound, ms: number])[],
  { probability = 0, voicing = 0, excessDb = 40, callerVowelDb = -20 } = {},
): number[] {
  const told: number[] = []
  let nowMs = 0
  const line = { excessDb: () => excessDb, isTalking: () => true }
  const hint = new SpeechHint(line, { noiseDb: -69, callerVowelDb, voicing: () => voicing }, () => told.push(nowMs))
  let at = 0
  for (const [sound, ms] of sounds)
    for (const untilMs = nowMs + ms; nowMs < untilMs; ) {
      const frame = Int16Array.from({ length: 160 }, (_, i) => sound(at + i))
      nowMs += frameMs
      hint.onFrame(frame, at)
      at += 160
      hint.onWindow(sound === silence ? 0 : probability, at)
    }
  return told
}

test('a periodic frame is a sign when the detector does not rule a voice out, and none when it does', () => {
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 100],
      ],
      { voicing: 0.9, probability: 0.3 },
    )[0],
  ).toBe(120)
  expect(
    signsOf(
      [
        [silence, 100],
        [tone, 400],
      ],
      { voicing: 0.99, probability: 0.01 },
    ),
  ).toEqual([])
})

test('the longer a sound is periodic, the less the detector must say, but never nothing', () => {
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 100],
      ],
      { voicing: 0.9, probability: 0.12 },
    )[0],
  ).toBe(140)
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 400],
      ],
      { voicing: 0.9, probability: 0.08 },
    ),
  ).toEqual([])
})

test('what the detector takes for a voice is a sign without being periodic', () => {
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 40],
      ],
      { voicing: 0.3, probability: 0.85 },
    ),
  ).toEqual([120])
})

test('an s is a sign after 40 ms, a hiss that stands as still too, though both are far softer than a vowel', () => {
  expect(
    signsOf([
      [silence, 100],
      [sibilant, 100],
    ])[0],
  ).toBe(140)
  expect(
    signsOf([
      [silence, 100],
      [softHiss, 100],
    ])[0],
  ).toBe(140)
})

test('a hiss that is not quite still is a sign after 60 ms, and none when it flutters', () => {
  /** As loud everywhere, but that every other 5 ms are softer by `db`. */
  const fluttering = (db: number): Sound => {
    const soft = 10 ** (-db / 20)
    return (i) => 400 * Math.sign(Math.sin(0.7 * i * i)) * (Math.floor(i / 40) % 2 === 0 ? 1 : soft)
  }
  const after = (sound: Sound) =>
    signsOf([
      [silence, 100],
      [sound, 300],
    ])
  expect(after(fluttering(4.4))[0]).toBe(160)
  expect(after(fluttering(7))).toEqual([])
})

test('what is as still but periodic, as tones of our echo are, must last 60 ms', () => {
  const tonal = { voicing: 0.8 }
  expect(
    signsOf(
      [
        [silence, 100],
        [softHiss, 40],
        [silence, 100],
      ],
      tonal,
    ),
  ).toEqual([])
  expect(
    signsOf(
      [
        [silence, 100],
        [softHiss, 100],
      ],
      tonal,
    )[0],
  ).toBe(160)
})

test('clicks, rumble and a tone are no hiss', () => {
  for (const sound of [clicks, rumble, tone])
    expect(
      signsOf([
        [silence, 100],
        [sound, 600],
      ]),
    ).toEqual([])
})

test('what our own echo explains, and what is far softer than this caller, is no sign', () => {
  const loud = { voicing: 0.9, probability: 0.9 }
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 200],
      ],
      { ...loud, excessDb: 5 },
    ),
  ).toEqual([])
  expect(
    signsOf(
      [
        [silence, 100],
        [vowel, 200],
      ],
      { ...loud, callerVowelDb: 0 },
    ),
  ).toEqual([])
})

test('a lasting sign is told every 40 ms, for 400 ms, and again only after 300 ms of quiet', () => {
  const loud = { voicing: 0.9, probability: 0.9 }
  const signs = signsOf(
    [
      [vowel, 1000],
      [silence, 200],
      [vowel, 200],
    ],
    loud,
  )
  expect(signs.slice(0, 3)).toEqual([20, 60, 100])
  expect(signs.at(-1)).toBeLessThanOrEqual(420)
  const later = signsOf(
    [
      [vowel, 1000],
      [silence, 320],
      [vowel, 200],
    ],
    loud,
  )
  expect(later.filter((ms) => ms > 1320)[0]).toBe(1340)
})
