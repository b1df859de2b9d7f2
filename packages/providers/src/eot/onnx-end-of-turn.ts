import { access, constants } from 'node:fs/promises'
import { type Clock, type EndOfTurnModel, VoiceError } from '@parley/core'
import { WorkerThread } from '../worker/worker-thread.ts'
import type { EndOfTurnFile } from './end-of-turn-format.ts'
import type { EndOfTurnAnswer, EndOfTurnRequest } from './onnx-end-of-turn-worker.ts'

/** An answer that comes later than this is no use to a pause: the next question is near. */
const answerWithinMs = 80
/** A model that took its thread with it is left alone this long. Taste. */
const restAfterLossMs = 5_000
/** More audio than this no model is given; 8 kHz. */
const maxSamples = 30 * 8_000

interface Question {
  readonly id: number
  readonly audio: Int16Array<ArrayBuffer> | undefined
  settle(answer: number | VoiceError): void
}

/** An end-of-turn model from a file, for all calls. Owns its thread. */
export interface OnnxEndOfTurn extends AsyncDisposable {
  /** For one call: a new question takes the place of one that still waits. */
  forCall(): EndOfTurnModel
}

/**
 * Loads the model into a thread of its own and asks it once. Contract of the file: docs/end-of-turn-model.md.
 * @throws VoiceError CONFIG_INVALID, its detail begins with `speech.endOfTurn.model`
 */
export async function openOnnxEndOfTurn(file: EndOfTurnFile, clock: Clock): Promise<OnnxEndOfTurn> {
  const path = file.model
  const invalid = (reason: string) => new VoiceError('CONFIG_INVALID', { detail: `speech.endOfTurn.model: ${reason}` })
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw invalid(`${path} cannot be read (${error.code ?? 'unknown error'})`)
  })
  // NOTE: a process that let go of the runtime's library once cannot load it again. Held here, threads may come and go.
  await import('onnxruntime-node')
  const model = new JudgingThread(file, clock)
  try {
    await model.ask(undefined)
    return model
  } catch (error) {
    await model[Symbol.asyncDispose]()
    throw invalid(`${path} cannot be used: ${(error as VoiceError).cause ?? 'the runtime ended'}`)
  }
}

/** One question is with the thread, the others wait in order; who gives up is taken out. */
class JudgingThread implements OnnxEndOfTurn {
  private readonly thread: WorkerThread<EndOfTurnRequest, EndOfTurnAnswer>
  private readonly clock: Clock
  private readonly waiting: Question[] = []
  private current: Question | undefined
  private lastId = 0
  private restUntilMs = Number.NEGATIVE_INFINITY
  private closed = false

  constructor(file: EndOfTurnFile, clock: Clock) {
    this.clock = clock
    this.thread = new WorkerThread({
      module: './onnx-end-of-turn-worker',
      base: import.meta.url,
      clock,
      workerData: file,
      onMessage: (answer) => this.answered(answer),
      onLost: (reason) => this.lost(reason),
    })
  }

  forCall(): EndOfTurnModel {
    let giveUpLast = () => {}
    return {
      name: 'onnx',
      score: (audio, signal) => {
        giveUpLast()
        const superseded = new AbortController()
        giveUpLast = () => superseded.abort(new VoiceError('EOT_TIMEOUT', { detail: 'asked again' }))
        return this.scoreInTime(audio, AbortSignal.any([signal, superseded.signal]))
      },
    }
  }

  /** @throws VoiceError EOT_FAILED with the thread's words as `cause`, SHUTDOWN; the signal's reason on abort */
  ask(audio: Int16Array | undefined, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted()
    if (this.closed) throw new VoiceError('SHUTDOWN')
    if (this.clock.nowMs() < this.restUntilMs) throw new VoiceError('EOT_FAILED', { detail: 'its thread was lost' })
    return new Promise((resolve, reject) => {
      this.lastId += 1
      const question: Question = {
        id: this.lastId,
        audio: audio?.slice(-maxSamples) as Int16Array<ArrayBuffer> | undefined,
        settle(answer) {
          signal?.removeEventListener('abort', onAbort)
          if (typeof answer === 'number') resolve(answer)
          else reject(answer)
        },
      }
      const onAbort = () => {
        const at = this.waiting.indexOf(question)
        if (at >= 0) this.waiting.splice(at, 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.waiting.push(question)
      this.dispatch()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    for (const question of [this.current, ...this.waiting.splice(0)]) question?.settle(new VoiceError('SHUTDOWN'))
    await this.thread[Symbol.asyncDispose]()
  }

  private async scoreInTime(audio: Int16Array, signal: AbortSignal): Promise<number> {
    const late = new AbortController()
    const watchdog = this.clock.setTimer(this.clock.nowMs() + answerWithinMs, () =>
      late.abort(new VoiceError('EOT_TIMEOUT', { detail: `nothing for ${answerWithinMs} ms` })),
    )
    try {
      return await this.ask(audio, AbortSignal.any([signal, late.signal]))
    } finally {
      watchdog[Symbol.dispose]()
    }
  }

  private dispatch(): void {
    if (this.current || this.closed) return
    const question = this.waiting.shift()
    if (!question) return
    this.current = question
    const { id, audio } = question
    if (audio) this.thread.post({ id, audio }, [audio.buffer])
    else this.thread.post({ id })
    this.thread.setIdle(false)
  }

  private answered(answer: EndOfTurnAnswer): void {
    const question = this.current
    if (question?.id !== answer.id) return
    this.current = undefined
    this.thread.setIdle(true)
    if ('probability' in answer) question.settle(answer.probability)
    else question.settle(new VoiceError('EOT_FAILED', { cause: answer.failure }))
    this.dispatch()
  }

  private lost(reason: string): void {
    this.restUntilMs = this.clock.nowMs() + restAfterLossMs
    for (const question of [this.current, ...this.waiting.splice(0)]) {
      question?.settle(new VoiceError('EOT_FAILED', { cause: reason }))
    }
    this.current = undefined
  }
}
