import { Worker } from 'node:worker_threads'
import { parseWav, type WavAudio } from './wav.ts'

const cache = new Map<string, WavAudio>()
const cacheLimit = 500

/**
 * Speech of each text, in order. What was said before comes from memory; the rest is made in a thread of its own so
 * that no packet of a running call is late.
 * @throws Error when the synthesiser fails
 */
export async function synthesize(voice: string, texts: readonly string[]): Promise<WavAudio[]> {
  const keyOf = (text: string) => `${voice}\n${text}`
  const missing = [...new Set(texts)].filter((text) => !cache.has(keyOf(text)))
  const made = new Map<string, WavAudio>()
  if (missing.length > 0) {
    const files = await runWorker(voice, missing)
    for (const [i, text] of missing.entries()) made.set(keyOf(text), parseWav(files[i] ?? new Uint8Array()))
    if (cache.size + made.size > cacheLimit) cache.clear()
  }
  const speech = texts.map((text) => {
    const audio = made.get(keyOf(text)) ?? cache.get(keyOf(text))
    if (audio === undefined) throw new Error('speech was not synthesised')
    return audio
  })
  for (const [key, audio] of made) cache.set(key, audio)
  return speech
}

function runWorker(voice: string, texts: readonly string[]): Promise<Uint8Array[]> {
  const source = new URL('./speech-worker.ts', import.meta.url)
  const compiled = new URL('./speech-worker.js', import.meta.url)
  const worker = new Worker(import.meta.url.endsWith('.ts') ? source : compiled, {
    workerData: { voice, texts },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('speech synthesis ended without a result')))
  })
}
