import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { InferenceSession } from 'onnxruntime-node'
import { loadSpeexModule, SpeexResampler } from '../dsp/speex-resampler.ts'
import { type EndOfTurnFile, type EndOfTurnFormat, endOfTurnFormat } from './end-of-turn-format.ts'
import { onnxMetadata } from './onnx-metadata.ts'

/** `audio`: `Int16` mono 8 kHz; absent: only tell whether the model can be used. */
export type EndOfTurnRequest = { readonly id: number; readonly audio?: Int16Array } | { readonly type: 'close' }

export type EndOfTurnAnswer =
  | { readonly id: number; readonly probability: number }
  | { readonly id: number; readonly failure: string }

interface Judge {
  readonly session: InferenceSession
  judge(audio: Int16Array): Promise<number>
}

const port = parentPort
if (!port) throw new Error('this module runs in a worker thread')
const telephoneRateHz = 8000
const loading = load(workerData as EndOfTurnFile)
// Told to who asks.
loading.catch(() => {})
/** Requests come one at a time; the farewell waits for the one under way: releasing a session that runs kills the process. */
let working: Promise<void> = Promise.resolve()

port.on('message', (request: EndOfTurnRequest) => {
  working = working.then(() => ('type' in request ? leave() : answer(request)))
})

async function answer({ id, audio = new Int16Array(0) }: Exclude<EndOfTurnRequest, { type: 'close' }>): Promise<void> {
  try {
    const probability = await (await loading).judge(audio)
    port?.postMessage({ id, probability } satisfies EndOfTurnAnswer)
  } catch (error) {
    const failure = error instanceof Error ? error.message.slice(0, 300) : 'unknown error'
    port?.postMessage({ id, failure } satisfies EndOfTurnAnswer)
  }
}

async function leave(): Promise<void> {
  await loading.then(({ session }) => session.release()).catch(() => {})
  port?.close()
}

async function load({ model, sampleRateHz }: EndOfTurnFile): Promise<Judge> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const bytes = await readFile(model)
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  })
  const format = endOfTurnFormat(session.inputMetadata, session.outputMetadata, onnxMetadata(bytes), sampleRateHz)
  const convert = await converterFor(format)
  return {
    session,
    async judge(audio) {
      const input = new Float32Array(format.samples)
      const heard = convert(audio).subarray(-format.samples)
      const from = input.length - heard.length
      for (let index = 0; index < heard.length; index += 1) input[from + index] = (heard[index] as number) / 32_768
      const results = await session.run({ audio: new Tensor('float32', input, [1, input.length]) }, ['probability'])
      const data = results.probability?.data
      const probability = data instanceof Float32Array && data.length === 1 ? data[0] : undefined
      if (probability === undefined || !(probability >= 0 && probability <= 1)) {
        throw new Error('its output probability is not one number from 0 to 1')
      }
      return probability
    },
  }
}

async function converterFor({ sampleRateHz }: EndOfTurnFormat): Promise<(audio: Int16Array) => Int16Array> {
  if (sampleRateHz === telephoneRateHz) return (audio) => audio
  const resampler = new SpeexResampler(await loadSpeexModule(), telephoneRateHz, sampleRateHz)
  return (audio) => resampler.convert(audio)
}
