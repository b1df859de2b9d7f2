import { type Clock, VoiceError } from '@parley/core'
import { WorkerThread } from '../../worker/worker-thread.ts'
import type { FliteAnswer, FliteRequest, SpokenPhrase } from './flite-worker.ts'

/** Requests that wait beyond this are refused: they could not be spoken in time. */
const maxWaiting = 256

interface Job {
  readonly id: number
  readonly voice: string
  readonly text: string
  readonly resolve: (phrase: SpokenPhrase) => void
  readonly reject: (error: unknown) => void
  cancelled: boolean
}

interface Lane {
  readonly thread: WorkerThread<FliteRequest, FliteAnswer>
  current: Job | undefined
}

/**
 * Flite in worker threads: each does one phrase at a time, waiting phrases are served in order. Owns its threads; the
 * first phrase starts them.
 */
export class FliteEngine implements AsyncDisposable {
  private readonly lanes: readonly Lane[]
  private readonly waiting: Job[] = []
  private lastId = 0
  private closed = false

  constructor(clock: Clock, threads: number) {
    this.lanes = Array.from({ length: threads }, () => this.openLane(clock))
  }

  /**
   * Speech for one phrase; the caller owns it.
   * @throws VoiceError TTS_FAILED, TTS_UNAVAILABLE, SHUTDOWN; the signal's reason on abort, which also forgets the phrase.
   */
  async speak(voice: string, text: string, signal?: AbortSignal): Promise<SpokenPhrase> {
    signal?.throwIfAborted()
    if (this.closed) throw new VoiceError('SHUTDOWN')
    if (this.waiting.length >= maxWaiting) throw new VoiceError('TTS_UNAVAILABLE', { detail: 'too many phrases wait' })
    return this.enqueue(voice, text, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    for (const job of this.waiting.splice(0)) job.reject(new VoiceError('SHUTDOWN'))
    for (const lane of this.lanes) lane.current?.reject(new VoiceError('SHUTDOWN'))
    await Promise.all(this.lanes.map((lane) => lane.thread[Symbol.asyncDispose]()))
  }

  private enqueue(voice: string, text: string, signal: AbortSignal | undefined): Promise<SpokenPhrase> {
    return new Promise((resolve, reject) => {
      this.lastId += 1
      const job: Job = { id: this.lastId, voice, text, resolve: done(resolve), reject: done(reject), cancelled: false }
      const onAbort = () => {
        job.cancelled = true
        const at = this.waiting.indexOf(job)
        if (at >= 0) this.waiting.splice(at, 1)
        reject(signal?.reason)
      }
      function done<T>(settle: (value: T) => void): (value: T) => void {
        return (value) => {
          signal?.removeEventListener('abort', onAbort)
          settle(value)
        }
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.waiting.push(job)
      this.dispatch()
    })
  }

  private dispatch(): void {
    for (const lane of this.lanes) {
      if (lane.current) continue
      const job = this.waiting.shift()
      if (!job) return
      lane.current = job
      lane.thread.post({ id: job.id, voice: job.voice, text: job.text })
      lane.thread.setIdle(false)
    }
  }

  private openLane(clock: Clock): Lane {
    const finish = (id: number | undefined): Job | undefined => {
      const job = lane.current
      if (!job || (id !== undefined && job.id !== id)) return undefined
      lane.current = undefined
      lane.thread.setIdle(true)
      return job
    }
    const lane: Lane = {
      current: undefined,
      thread: new WorkerThread({
        module: './flite-worker',
        base: import.meta.url,
        clock,
        onMessage: (answer) => {
          const job = finish(answer.id)
          if ('samples' in answer) job?.resolve(answer)
          else job?.reject(new VoiceError('TTS_FAILED', { detail: answer.failure }))
          if (!this.closed) this.dispatch()
        },
        onLost: (reason) => {
          finish(undefined)?.reject(new VoiceError('TTS_FAILED', { detail: `the engine was lost: ${reason}` }))
          if (!this.closed) this.dispatch()
        },
      }),
    }
    return lane
  }
}
