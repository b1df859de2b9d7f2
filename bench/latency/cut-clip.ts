import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { synthesize } from '@parley/callee'
import { SeededRandom } from '../seeded-random.ts'
import type { SimulatedUtterance } from '../simulators/script.ts'
import { OnsetFollower } from '../simulators/voice-onset.ts'
import { formatWav, readWav } from '../wav-file.ts'

/** A piece of an utterance: a file of `apps/callee/clips`, a text for the synthesiser, or silence. */
export type ClipPart = { readonly clip: string } | { readonly text: string } | { readonly pauseMs: number }

/** A clip ready to be said, and when each of its words has been said. */
export interface CutClip {
  readonly path: string
  readonly utterance: SimulatedUtterance
}

const clips = new URL('../../apps/callee/clips/', import.meta.url)
const blockSamples = 40
/**
 * Below the loudest block by this much a sound may be a fading consonant, breath or room: where speech ends there is a
 * matter of opinion. Clips are cut before it, so that the end of speech is beyond dispute.
 */
const fadeDb = 15
/** The onset may be found one block later in another packet phase; words must not slip behind the last packet. */
const slackMs = 10
/** Peak of the line's noise in pauses, about -69 dBFS: what the telephone sends between utterances. */
const noisePeak = 20

/**
 * Writes the parts as one clip at 8 kHz, cut where the voice ends, to `path`. The words of each part share its time from
 * onset to end by their length, which is near enough for a simulated recogniser; the last one ends with the last sample.
 */
export async function cutClip(parts: readonly ClipPart[], path: string): Promise<CutClip> {
  const pieces: Int16Array[] = []
  const words: SimulatedUtterance['words'][number][] = []
  const pauses: { fromMs: number; toMs: number }[] = []
  let atMs = 0
  for (const part of parts) {
    if ('pauseMs' in part) {
      pieces.push(lineNoise(part.pauseMs * 8))
      pauses.push({ fromMs: atMs, toMs: atMs + part.pauseMs })
      atMs += part.pauseMs
      continue
    }
    const { samples, text } = 'clip' in part ? await loadClip(part.clip) : await speak(part.text)
    const voice = cutSilence(samples)
    pieces.push(voice)
    const durationMs = voice.length / 8
    words.push(...timeWords(text, atMs, durationMs - slackMs))
    atMs += durationMs
  }
  await writeFile(path, formatWav(Int16Array.from(pieces.flatMap((piece) => [...piece]))))
  return { path, utterance: { words, pauses, durationMs: atMs } }
}

function timeWords(text: string, fromMs: number, durationMs: number) {
  const texts = text.split(' ')
  const letters = texts.reduce((sum, word) => sum + word.length + 1, 0)
  let passed = 0
  return texts.map((word) => {
    passed += word.length + 1
    return { text: word, endMs: fromMs + (passed / letters) * durationMs }
  })
}

function lineNoise(samples: number): Int16Array {
  const random = new SeededRandom(1)
  return Int16Array.from({ length: samples }, () => random.below(2 * noisePeak + 1) - noisePeak)
}

interface Spoken {
  /** 8 kHz. */
  readonly samples: Int16Array
  readonly text: string
}

async function loadClip(clip: string): Promise<Spoken> {
  const { sampleRateHz, channels } = await readWav(fileURLToPath(new URL(clip, clips)))
  return { samples: toTelephoneRate(channels[0] ?? new Int16Array(), sampleRateHz), text: await transcriptOf(clip) }
}

async function speak(text: string): Promise<Spoken> {
  const [audio] = await synthesize('slt', [text])
  if (!audio) throw new Error(`"${text}" was not synthesised`)
  return { samples: toTelephoneRate(audio.samples, audio.sampleRateHz), text }
}

/** Pairs of a 16 kHz clip are averaged, which keeps what a voice detector goes by. */
function toTelephoneRate(samples: Int16Array, sampleRateHz: number): Int16Array {
  if (sampleRateHz === 8_000) return samples
  return Int16Array.from(
    { length: samples.length >> 1 },
    (_, index) => ((samples[2 * index] as number) + (samples[2 * index + 1] as number)) / 2,
  )
}

/** From the onset of the voice to where it begins to fade for the last time. */
function cutSilence(samples: Int16Array): Int16Array {
  const onset = new OnsetFollower().push(samples)[0]
  if (onset === undefined) throw new Error('a clip without a voice')
  const levels: number[] = []
  for (let at = 0; at + blockSamples <= samples.length; at += blockSamples) {
    const energy = samples.subarray(at, at + blockSamples).reduce((sum, sample) => sum + sample * sample, 0)
    levels.push(10 * Math.log10(energy + 1e-9))
  }
  const threshold = Math.max(...levels) - fadeDb
  return samples.subarray(onset, (levels.findLastIndex((level) => level > threshold) + 1) * blockSamples)
}

async function transcriptOf(clip: string): Promise<string> {
  const readme = await readFile(new URL('README.md', clips), 'utf8')
  const row = readme.split('\n').find((line) => line.startsWith(`| ${clip} |`))
  const text = row?.split('|')[2]?.trim()
  if (!text) throw new Error(`no transcript of ${clip}`)
  return text
}
