import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SimulatedUtterance } from '../simulators/script.ts'
import { OnsetFollower } from '../simulators/voice-onset.ts'
import { formatWav, readWav } from '../wav-file.ts'

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

/**
 * Writes the clip at 8 kHz, cut where its voice ends, into `directory`. Its words share the time from onset to end by
 * their length, which is near enough for a simulated recogniser; the last one ends with the last sample.
 */
export async function cutClip(clip: string, directory: string): Promise<CutClip> {
  const samples = cutFade(await loadTelephoneClip(clip))
  const onset = new OnsetFollower().push(samples)[0]
  if (onset === undefined) throw new Error(`no voice in ${clip}`)
  const durationMs = (samples.length - onset) / 8
  const texts = (await transcriptOf(clip)).split(' ')
  const letters = texts.reduce((sum, text) => sum + text.length + 1, 0)
  let passed = 0
  const words = texts.map((text) => {
    passed += text.length + 1
    return { text, endMs: (passed / letters) * (durationMs - slackMs) }
  })
  const path = join(directory, clip)
  await writeFile(path, formatWav(samples))
  return { path, utterance: { words, durationMs } }
}

/** 8 kHz; pairs of a 16 kHz clip are averaged, which keeps what a voice detector goes by. */
async function loadTelephoneClip(clip: string): Promise<Int16Array> {
  const { sampleRateHz, channels } = await readWav(fileURLToPath(new URL(clip, clips)))
  const samples = channels[0] ?? new Int16Array()
  if (sampleRateHz === 8_000) return samples
  return Int16Array.from(
    { length: samples.length >> 1 },
    (_, index) => ((samples[2 * index] as number) + (samples[2 * index + 1] as number)) / 2,
  )
}

function cutFade(samples: Int16Array): Int16Array {
  const levels: number[] = []
  for (let at = 0; at + blockSamples <= samples.length; at += blockSamples) {
    const energy = samples.subarray(at, at + blockSamples).reduce((sum, sample) => sum + sample * sample, 0)
    levels.push(10 * Math.log10(energy + 1e-9))
  }
  const threshold = Math.max(...levels) - fadeDb
  return samples.subarray(0, (levels.findLastIndex((level) => level > threshold) + 1) * blockSamples)
}

async function transcriptOf(clip: string): Promise<string> {
  const readme = await readFile(new URL('README.md', clips), 'utf8')
  const row = readme.split('\n').find((line) => line.startsWith(`| ${clip} |`))
  const text = row?.split('|')[2]?.trim()
  if (!text) throw new Error(`no transcript of ${clip}`)
  return text
}
