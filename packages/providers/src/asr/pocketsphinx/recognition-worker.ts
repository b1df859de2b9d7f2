import { parentPort, workerData } from 'node:worker_threads'
import { loadRnnoise } from '../../dsp/rnnoise.ts'
import { loadSpeexModule } from '../../dsp/speex-resampler.ts'
import { speechModel } from '../model/speech-model.ts'
import type { RecognitionAnswer, RecognitionRequest, RecognitionThreadData } from './recognition-messages.ts'
import { RecognitionStream } from './recognition-stream.ts'
import { loadSphinx, SphinxMissing, sphinxModel } from './sphinx-library.ts'
import { WidebandFilter } from './wideband-filter.ts'

const port = parentPort
if (!port) throw new Error('this module runs in a worker thread')
// Given by the engine that starts this thread.
const { cacheDir } = workerData as RecognitionThreadData
const streams = new Map<number, { readonly recognition: RecognitionStream; lastPartial: string }>()
const [speex, rnnoise] = await Promise.all([loadSpeexModule(), loadRnnoise()])
let sphinx: ReturnType<typeof loadSphinx> | undefined

port.on('message', (request: RecognitionRequest) => {
  if (request.type === 'close') {
    for (const id of [...streams.keys()]) free(id)
    port.close()
    return
  }
  try {
    handle(request)
  } catch (error) {
    free(request.stream)
    const detail = error instanceof Error ? error.message : 'unknown error'
    answer({ type: 'failed', stream: request.stream, missing: error instanceof SphinxMissing, detail })
  }
})

function handle(request: Exclude<RecognitionRequest, { readonly type: 'close' }>): void {
  const open = streams.get(request.stream)
  switch (request.type) {
    case 'prepare':
      sphinx ??= loadSphinx()
      speechModel(request.hints, cacheDir, sphinxModel)
      answer({ type: 'prepared', stream: request.stream })
      break
    case 'open': {
      sphinx ??= loadSphinx()
      const files = speechModel(request.hints, cacheDir, sphinxModel)
      const filter = new WidebandFilter(speex, request.denoise ? rnnoise : undefined)
      streams.set(request.stream, { recognition: new RecognitionStream(sphinx, filter, files), lastPartial: '' })
      break
    }
    case 'audio': {
      open?.recognition.audio(request.samples, request.mediaMs)
      const text = open?.recognition.partial() ?? ''
      if (!open || text === '' || text === open.lastPartial) break
      open.lastPartial = text
      const toMs = request.mediaMs + request.samples.length / 8
      answer({ type: 'partial', stream: request.stream, text, toMs })
      break
    }
    case 'start':
      if (!open) break
      open.lastPartial = ''
      open.recognition.start(request.mediaMs)
      break
    case 'stop':
      if (!open) break
      answer({ type: 'final', stream: request.stream, ...open.recognition.stop(request.mediaMs) })
      open.recognition.renew()
      break
    case 'free':
      free(request.stream)
      break
    default:
      request satisfies never
  }
}

function free(id: number): void {
  streams.get(id)?.recognition[Symbol.dispose]()
  streams.delete(id)
}

function answer(message: RecognitionAnswer): void {
  port?.postMessage(message)
}
