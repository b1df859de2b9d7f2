import { type Clock, VoiceError } from '@parley/core'
import { WorkerThread } from '../../worker/worker-thread.ts'
import type { RecognitionAnswer, RecognitionRequest, RecognitionThreadData } from './recognition-messages.ts'

/**
 * Recognisers one thread serves. Each takes 4 % of a core while its caller speaks, which callers do less than half of the
 * time. With more of them speaking at once finals come late, and a late answer is better than none.
 */
export const streamsPerThread = 50

export interface RecognitionEngineOptions {
  readonly clock: Clock
  readonly threads: number
  /** Where generated language models are kept. */
  readonly cacheDir: string
}

export interface RecognitionListener {
  readonly onAnswer: (answer: RecognitionAnswer) => void
  readonly onFailure: (error: VoiceError) => void
}

/** The engine's end of one call's recogniser. `free` is safe to call twice. */
export interface RecognitionHandle {
  send(request: RecognitionPart, transfer?: readonly ArrayBuffer[]): void
  free(): void
}

type RecognitionPart =
  | Omit<Extract<RecognitionRequest, { type: 'audio' }>, 'stream'>
  | Omit<Extract<RecognitionRequest, { type: 'start' }>, 'stream'>
  | Omit<Extract<RecognitionRequest, { type: 'stop' }>, 'stream'>

interface Lane {
  readonly thread: WorkerThread<RecognitionRequest, RecognitionAnswer>
  readonly listeners: Map<number, RecognitionListener>
}

/**
 * PocketSphinx in worker threads. Each call is bound to the thread with the fewest calls. A thread that crashes fails
 * its calls with `ASR_FAILED` and is started again by the next one.
 */
export class RecognitionEngine implements AsyncDisposable {
  private readonly lanes: readonly Lane[]
  private lastStream = 0
  private closed = false

  constructor(options: RecognitionEngineOptions) {
    this.lanes = Array.from({ length: options.threads }, () => openLane(options))
  }

  /** @throws VoiceError ASR_UNAVAILABLE when all threads are full, SHUTDOWN. */
  open(hints: readonly string[], denoise: boolean, listener: RecognitionListener): RecognitionHandle {
    const lane = this.freeLane()
    if (lane.listeners.size >= streamsPerThread) {
      const limit = streamsPerThread * this.lanes.length
      throw new VoiceError('ASR_UNAVAILABLE', { detail: `all ${limit} embedded recognisers are busy` })
    }
    const { stream, free } = this.listen(lane, listener)
    lane.thread.post({ type: 'open', stream, hints, denoise })
    lane.thread.setIdle(false)
    return {
      send: (request, transfer) => {
        if (lane.listeners.has(stream)) lane.thread.post({ ...request, stream }, transfer)
      },
      free,
    }
  }

  /** Makes the model files for these hints. @throws VoiceError ASR_UNAVAILABLE, ASR_FAILED, SHUTDOWN */
  prepare(hints: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const lane = this.freeLane()
      const { stream, free } = this.listen(lane, {
        onAnswer: () => {
          free()
          resolve()
        },
        onFailure: reject,
      })
      lane.thread.post({ type: 'prepare', stream, hints })
      lane.thread.setIdle(false)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    for (const lane of this.lanes) failAll(lane, new VoiceError('SHUTDOWN'))
    await Promise.all(this.lanes.map((lane) => lane.thread[Symbol.asyncDispose]()))
  }

  private freeLane(): Lane {
    if (this.closed) throw new VoiceError('SHUTDOWN')
    return this.lanes.reduce((best, lane) => (lane.listeners.size < best.listeners.size ? lane : best))
  }

  private listen(lane: Lane, listener: RecognitionListener): { readonly stream: number; readonly free: () => void } {
    this.lastStream += 1
    const stream = this.lastStream
    lane.listeners.set(stream, listener)
    const free = () => {
      if (!lane.listeners.delete(stream) || this.closed) return
      lane.thread.post({ type: 'free', stream })
      if (lane.listeners.size === 0) lane.thread.setIdle(true)
    }
    return { stream, free }
  }
}

function openLane(options: RecognitionEngineOptions): Lane {
  const listeners = new Map<number, RecognitionListener>()
  const lane: Lane = {
    listeners,
    thread: new WorkerThread({
      module: './recognition-worker',
      base: import.meta.url,
      clock: options.clock,
      workerData: { cacheDir: options.cacheDir } satisfies RecognitionThreadData,
      onMessage(answer) {
        const listener = listeners.get(answer.stream)
        if (answer.type !== 'failed') return listener?.onAnswer(answer)
        listeners.delete(answer.stream)
        listener?.onFailure(
          answer.missing
            ? new VoiceError('ASR_UNAVAILABLE', { detail: answer.detail, retryable: false })
            : new VoiceError('ASR_FAILED', { detail: answer.detail }),
        )
      },
      onLost: (reason) => failAll(lane, new VoiceError('ASR_FAILED', { detail: `the engine was lost: ${reason}` })),
    }),
  }
  return lane
}

function failAll(lane: Lane, error: VoiceError): void {
  const listeners = [...lane.listeners.values()]
  lane.listeners.clear()
  for (const listener of listeners) listener.onFailure(error)
}
