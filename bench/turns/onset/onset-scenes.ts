import { buildUtterance, PhoneRandom } from '@parley/callee'
import { afterMuLaw, echoOf, monologue } from '../../../packages/media/test/detection/echo-line.ts'
import { type noiseClasses, noiseOf } from '../../../packages/media/test/detection/noise-classes.ts'
import { sentences } from '../../../packages/media/test/detection/speech-material.ts'
import { mix, type Scene } from '../../../packages/media/test/detection/virtual-line.ts'
import { SeededRandom } from '../../../packages/testkit/src/index.ts'
import { encodeWatermark } from '../../watermark.ts'
import { speechOnset } from './speech-onset.ts'

/** One sound over the assistant, on a line of its own. */
export interface OnsetScene {
  /** Voice, kind of noise, or loss of the echo. */
  readonly group: string
  readonly kind: 'voice' | 'soft' | 'noise' | 'otherNoise' | 'echo'
  readonly scene: Scene
  /** Where the sound begins on the line, and ends; samples. Of a voice: its first audible sample. */
  readonly fromSample: number
  readonly toSample: number
}

const voices = ['awb', 'rms', 'slt', 'kal'] as const
/** Those of the scenarios in `interrupt.yaml`. */
const texts = [
  'Wait.',
  'Stop, stop.',
  'No, not that one.',
  'No, I said Thursday.',
  'Sorry, the other order.',
  'Actually I need it today.',
  'How much does that cost?',
  'Can I pick it up myself?',
]
const clips = [
  'goforward.wav',
  'cards-003.wav',
  'cards-002.wav',
  'librivox-0930.wav',
  'asterisk8k-en-queue-thankyou.wav',
]
const noises = ['door', 'keyboard', 'cough', 'traffic', 'music', 'crackle'] as const
const snrs = [-5, 5, 10, 20]
const noiseMs = [50, 200, 600, 1500]
const otherNoises = ['breath', 'rustle', 'hum', 'chirp', 'cough', 'music'] as const
const callerDb = -20
/** 200 ms from 26 dB down to full level. Taste. */
const swellSamples = 1600
const swellDb = 26
const echoSeconds = 10

/** The assistant greets, the caller asks, the assistant answers, and something sounds over its answer. `phases`: how often each, at other instants. */
export async function onsetScenes(phases: number, seed: number): Promise<OnsetScene[]> {
  const phone = new PhoneRandom(seed)
  const random = new SeededRandom(seed)
  const say = async (voice: string, text: string) => {
    const clip = voice === 'human'
    const part = clip ? { kind: 'clip' as const, clip: text } : { kind: 'text' as const, text }
    const { samples, firstSpeechSample } = await buildUtterance([part], clip ? 'awb' : voice, 0, phone)
    return samples.subarray(firstSpeechSample)
  }
  const scenes: OnsetScene[] = []
  for (const voice of ['human', ...voices]) {
    const question = voice === 'human' ? await say(voice, 'cards-001.wav') : await say(voice, 'Where is my parcel?')
    for (const text of voice === 'human' ? clips : texts) {
      const words = await say(voice, text)
      for (const kind of ['voice', 'soft'] as const) {
        const sound = kind === 'soft' ? swelling(words) : words
        for (let phase = 0; phase < phases; phase += 1)
          scenes.push(sceneOf(voice, kind, question, sound, speechOnset(sound), random))
      }
    }
  }
  const question = await say('rms', 'Where is my parcel?')
  const grid = snrs.flatMap((snrDb) => noiseMs.map((ms) => ({ snrDb, ms, levelDb: Math.min(-5, callerDb - snrDb) })))
  for (let phase = 0; phase < phases; phase += 1) {
    for (const noise of noises)
      for (const { ms, levelDb } of grid) {
        const { samples } = await buildUtterance([{ kind: 'noise', noise, ms, levelDb }], 'awb', 0, phone)
        scenes.push(sceneOf(noise, 'noise', question, samples, 0, random))
      }
    for (const noise of otherNoises)
      for (const { ms, levelDb } of grid) {
        const sound = noiseOf(noise satisfies keyof typeof noiseClasses, ms, levelDb, random)
        scenes.push(sceneOf(noise, 'otherNoise', question, sound, 0, random))
      }
    for (const lossDb of [6, 12, 20, 30])
      for (const delayMs of [20, 60, 150, 300, 400])
        scenes.push(echoScene(delayMs, lossDb, random), suddenEchoScene(delayMs, lossDb, random))
  }
  return scenes
}

function sceneOf(
  group: string,
  kind: OnsetScene['kind'],
  question: Int16Array,
  sound: Int16Array,
  onset: number,
  random: SeededRandom,
): OnsetScene {
  const greetingSamples = 20_000
  const questionAt = greetingSamples + 4000
  const answerAt = questionAt + question.length + 6400
  const at = answerAt + random.between(4000, 24_000)
  const length = at + sound.length + 8000
  const downlink = new Int16Array(length)
  const words = Array.from({ length: Math.ceil((length - answerAt) / 1440) }, (_, word) => ({ response: 1, word }))
  downlink.set(encodeWatermark(words).subarray(0, length - answerAt), answerAt)
  downlink.set(encodeWatermark(words.slice(0, 14)).subarray(0, greetingSamples))
  const uplink = mix(length, [
    { samples: lineNoise(length, random), at: 0 },
    { samples: question, at: questionAt },
    { samples: sound, at },
  ])
  return { group, kind, scene: { uplink, downlink }, fromSample: at + onset, toSample: at + sound.length }
}

/** Nobody but the assistant, and its echo. */
function echoScene(delayMs: number, lossDb: number, random: SeededRandom): OnsetScene {
  const length = echoSeconds * 8000
  const downlink = afterMuLaw(monologue(sentences(['asterisk'], callerDb), length, random))
  const echo = echoOf(downlink, { delayMs, lossDb, tailMs: random.between(1, 12) }, random)
  const uplink = mix(length, [
    { samples: lineNoise(length, random), at: 0 },
    { samples: echo, at: 0 },
  ])
  return { group: `${lossDb} dB`, kind: 'echo', scene: { uplink, downlink }, fromSample: 0, toSample: length }
}

/** The echo begins after a greeting that had none, as on the telephone of the bench; the assistant's voice is the bench's. */
function suddenEchoScene(delayMs: number, lossDb: number, random: SeededRandom): OnsetScene {
  const length = echoSeconds * 8000
  const greetingSamples = 20_000
  const downlink = new Int16Array(length)
  const words = Array.from({ length: 36 }, (_, word) => ({ response: 1, word }))
  downlink.set(encodeWatermark(words.slice(0, 14)).subarray(0, greetingSamples))
  downlink.set(encodeWatermark(words), greetingSamples + 6000)
  const path = { delayMs, lossDb, tailMs: random.between(1, 12) }
  const echo = echoOf(downlink, path, random).fill(0, 0, greetingSamples + 5600)
  const uplink = mix(length, [
    { samples: lineNoise(length, random), at: 0 },
    { samples: echo, at: 0 },
  ])
  return { group: `${lossDb} dB, sudden`, kind: 'echo', scene: { uplink, downlink }, fromSample: 0, toSample: length }
}

/** As the telephone of the bench makes it, about -69 dBFS. */
const lineNoise = (length: number, random: SeededRandom) => Int16Array.from({ length }, () => random.between(-20, 20))

function swelling(samples: Int16Array): Int16Array {
  const from = speechOnset(samples)
  return samples.map((sample, i) => {
    const share = Math.min(1, Math.max(0, i - from) / swellSamples)
    return Math.round(sample * 10 ** ((-swellDb * (1 - share)) / 20))
  })
}
