import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { SimulatedUtterance } from '../simulators/script.ts'
import { OnsetFollower } from '../simulators/voice-onset.ts'
import { readWav } from '../wav-file.ts'

const clips = new URL('../../apps/callee/clips/', import.meta.url)
const blockSamples = 40
/** The recogniser may find the onset one block later in another packet phase; words must not slip behind the last packet. */
const slackMs = 10

/**
 * When each word of a clip has been said: words share the time from onset to end by their length, which is near enough
 * for a simulated recogniser. The last one ends with the last sample of speech.
 */
export async function clipTimeline(clip: string): Promise<SimulatedUtterance> {
  const samples = await loadTelephoneClip(clip)
  const onset = new OnsetFollower().push(samples)[0]
  if (onset === undefined) throw new Error(`no voice in ${clip}`)
  const durationMs = (endOfSpeech(samples) - onset) / 8
  const texts = (await transcriptOf(clip)).split(' ')
  const letters = texts.reduce((sum, text) => sum + text.length + 1, 0)
  let passed = 0
  const words = texts.map((text) => {
    passed += text.length + 1
    return { text, endMs: (passed / letters) * (durationMs - slackMs) }
  })
  return { words, durationMs }
}

/** 8 kHz; pairs of a 16 kHz clip are averaged, which is enough to measure levels. */
async function loadTelephoneClip(clip: string): Promise<Int16Array> {
  const { sampleRateHz, channels } = await readWav(fileURLToPath(new URL(clip, clips)))
  const samples = channels[0] ?? new Int16Array()
  if (sampleRateHz === 8_000) return samples
  return Int16Array.from(
    { length: samples.length >> 1 },
    (_, index) => ((samples[2 * index] as number) + (samples[2 * index + 1] as number)) / 2,
  )
}

/** As the phone trims its clips: 5 ms blocks above -50 dBFS and above 35 dB below the loudest. */
function endOfSpeech(samples: Int16Array): number {
  const levels: number[] = []
  for (let at = 0; at + blockSamples <= samples.length; at += blockSamples) {
    const energy = samples.subarray(at, at + blockSamples).reduce((sum, sample) => sum + sample * sample, 0)
    levels.push(10 * Math.log10(energy / blockSamples + 1e-9) - 20 * Math.log10(32_768))
  }
  const threshold = Math.max(-50, Math.max(...levels) - 35)
  return (levels.findLastIndex((level) => level > threshold) + 1) * blockSamples
}

async function transcriptOf(clip: string): Promise<string> {
  const readme = await readFile(new URL('README.md', clips), 'utf8')
  const row = readme.split('\n').find((line) => line.startsWith(`| ${clip} |`))
  const text = row?.split('|')[2]?.trim()
  if (!text) throw new Error(`no transcript of ${clip}`)
  return text
}
