import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { blockSamples, levelDb } from './level.ts'
import { makeNoise } from './noise-sounds.ts'
import { halveRate } from './resample.ts'
import type { SpeechPart } from './script.ts'
import type { SeededRandom } from './seeded-random.ts'
import { synthesize } from './speech-synthesis.ts'
import { makeTone } from './tone-sounds.ts'
import { parseWav, type WavAudio } from './wav.ts'

/** 20 ms at 8 kHz. */
export const packetSamples = 160

/**
 * What the caller says in one step: 8 kHz PCM, a whole number of packets. The last sample is the last one of speech;
 * the first packet begins with as much noise as fills it up.
 */
export interface Utterance {
  readonly samples: Int16Array
  readonly firstSpeechSample: number
  /** Sample ranges of the spoken parts; what lies between them is pause. */
  readonly parts: readonly { readonly fromSample: number; readonly toSample: number }[]
}

/** Peak of the noise that is sent instead of digital silence: about -69 dBFS, well below any speech threshold. */
const noisePeak = 20

/** Fills a new buffer with low noise; never all zero. */
export function comfortNoise(random: SeededRandom, samples: number): Int16Array {
  const noise = new Int16Array(samples)
  for (let i = 0; i < samples; i += 1) noise[i] = random.below(2 * noisePeak + 1) - noisePeak
  return noise
}

const clipsFolder = new URL('../clips/', import.meta.url)
const clipCache = new Map<string, WavAudio>()

async function loadClip(name: string): Promise<WavAudio> {
  const known = clipCache.get(name)
  if (known !== undefined) return known
  const path = name.includes('/') ? name : fileURLToPath(new URL(name, clipsFolder))
  const audio = parseWav(await readFile(path))
  clipCache.set(name, audio)
  return audio
}

const prepared = new WeakMap<WavAudio, Int16Array>()

/** Speech at 8 kHz without the silence around it, made once per recording. */
function prepareSpeech(audio: WavAudio): Int16Array {
  const known = prepared.get(audio)
  if (known !== undefined) return known
  const speech = trimSilence(toTelephoneRate(audio))
  prepared.set(audio, speech)
  return speech
}

function toTelephoneRate(audio: WavAudio): Int16Array {
  if (audio.sampleRateHz === 8000) return audio.samples
  if (audio.sampleRateHz === 16000) return halveRate(audio.samples)
  throw new Error(`a clip has ${audio.sampleRateHz} Hz; 8000 or 16000 is needed`)
}

/** Cuts what is quiet at both ends: 5 ms blocks more than 35 dB below the loudest, or below -50 dBFS. */
function trimSilence(samples: Int16Array): Int16Array {
  const levels: number[] = []
  for (let at = 0; at + blockSamples <= samples.length; at += blockSamples)
    levels.push(levelDb(samples, at, at + blockSamples))
  const threshold = Math.max(-50, Math.max(...levels) - 35)
  const first = levels.findIndex((level) => level > threshold)
  const last = levels.findLastIndex((level) => level > threshold)
  return first < 0 ? new Int16Array() : samples.subarray(first * blockSamples, (last + 1) * blockSamples)
}

function amplify(samples: Int16Array, gainDb: number): Int16Array {
  if (gainDb === 0) return samples
  const factor = 10 ** (gainDb / 20)
  return samples.map((sample) => Math.max(-32768, Math.min(32767, Math.round(sample * factor))))
}

/**
 * Makes the audio of one step. Pauses between parts are exact to the sample.
 * @throws Error when a clip cannot be read or nothing audible comes of the parts
 */
export async function buildUtterance(
  parts: readonly SpeechPart[],
  voice: string,
  gainDb: number,
  random: SeededRandom,
): Promise<Utterance> {
  const spoken = await synthesize(
    voice,
    parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
  )
  const pieces: { readonly samples: Int16Array; readonly isSpeech: boolean }[] = []
  for (const part of parts) {
    if (part.kind === 'pause') {
      pieces.push({ samples: comfortNoise(random, Math.round(part.pauseMs * 8)), isSpeech: false })
      continue
    }
    if (part.kind === 'noise') {
      pieces.push({ samples: makeNoise(part.noise, part.ms, part.levelDb, random), isSpeech: true })
      continue
    }
    if (part.kind === 'tone') {
      pieces.push({ samples: makeTone(part), isSpeech: true })
      continue
    }
    const audio = part.kind === 'clip' ? await loadClip(part.clip) : spoken.shift()
    if (audio === undefined) throw new Error('speech was not synthesised')
    pieces.push({ samples: amplify(prepareSpeech(audio), gainDb), isSpeech: true })
  }
  const total = pieces.reduce((sum, piece) => sum + piece.samples.length, 0)
  if (!pieces.some((piece) => piece.isSpeech && piece.samples.length > 0)) throw new Error('an utterance is silent')
  const pad = (packetSamples - (total % packetSamples)) % packetSamples
  const samples = new Int16Array(pad + total)
  samples.set(comfortNoise(random, pad))
  const ranges: { fromSample: number; toSample: number }[] = []
  let at = pad
  for (const piece of pieces) {
    samples.set(piece.samples, at)
    if (piece.isSpeech) ranges.push({ fromSample: at, toSample: at + piece.samples.length })
    at += piece.samples.length
  }
  return { samples, firstSpeechSample: ranges[0]?.fromSample ?? 0, parts: ranges }
}
