import {
  type Clock,
  type Logger,
  type Random,
  type RecordingBacklog,
  type RecordingEncoder,
  recordingFormatOf,
  VoiceError,
  waitUntil,
} from '@parley/core'
import type { Database } from '../database/connect.ts'
import type { RecordingStage } from '../database/tables.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { removeDoomed } from './doomed-files.ts'
import { moveRecording } from './move-recording.ts'
import {
  advanceRecordingJob,
  claimRecordingJob,
  countBacklog,
  finishRecordingJob,
  giveBackRecordingJob,
  type RecordingJob,
} from './recording-jobs.ts'
import type { TieredRecordingStore } from './tiered-recording-store.ts'

export interface RecordingWorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly recordings: TieredRecordingStore
  /** Undefined: not registered, nothing of it is on this disk. */
  readonly identity: () => OwnerIdentity | undefined
}

export interface KeepRecordingsOptions {
  readonly encoder: RecordingEncoder
  readonly signal: AbortSignal
  /** How often is looked for work. Default 1,000. */
  readonly lookEveryMs?: number
}

/** After that many attempts the WAV file is what stays. Also counts attempts that took the process with them. Taste. */
const encodingAttempts = 3
/** Taste. Uploads are never given up. */
const firstRetryMs = 5_000
const lastRetryMs = 600_000
/** Of one step, beside what twice its size takes at 50 kB/s. Taste. */
const stepLimitMs = 60_000
const slowestBytesPerMs = 50

/**
 * Brings the recordings of this engine to where they belong, one at a time: encoded, then moved to the bucket, then cleaned
 * up after. Each step is written down before what it replaces is deleted, so a crash repeats a step and loses nothing.
 * Encoding goes on while the bucket is away.
 */
export class RecordingWorker {
  private readonly options: RecordingWorkerOptions
  private failures = 0
  private counted: Omit<RecordingBacklog, 'failures'> = { encode: 0, move: 0, remove: 0, oldestS: 0 }

  constructor(options: RecordingWorkerOptions) {
    this.options = options
  }

  /** As it was counted last, at most a look ago. */
  get backlog(): RecordingBacklog {
    return { ...this.counted, failures: this.failures }
  }

  /** Until `signal` aborts and what is under way is settled. Never rejects. */
  async run({ encoder, signal, lookEveryMs = 1_000 }: KeepRecordingsOptions): Promise<void> {
    await Promise.all([
      this.lane(signal, lookEveryMs, (identity) => this.next(identity, ['encode'], encoder, signal)),
      this.lane(signal, lookEveryMs, (identity) => this.next(identity, ['move', 'clean'], encoder, signal)),
      this.lane(signal, lookEveryMs, (identity) => this.sweep(identity, signal)),
    ])
  }

  /** Work after work, and a pause when there is none. */
  private async lane(
    signal: AbortSignal,
    lookEveryMs: number,
    work: (identity: OwnerIdentity) => Promise<boolean>,
  ): Promise<void> {
    const { clock, logger, identity } = this.options
    while (!signal.aborted) {
      const self = identity()
      let wasBusy = false
      try {
        wasBusy = self !== undefined && (await work(self))
      } catch (error) {
        logger.warn('work on recordings cannot be read or written', { error: String(error) })
      }
      if (!wasBusy) await waitUntil(clock, clock.nowMs() + lookEveryMs, signal).catch(() => {})
    }
  }

  private async sweep(identity: OwnerIdentity, signal: AbortSignal): Promise<boolean> {
    const { db, recordings } = this.options
    const { removed, failed } = await removeDoomed(db, recordings, identity, signal)
    this.failures += failed
    this.counted = await countBacklog(db, identity)
    return removed > 0
  }

  private async next(
    identity: OwnerIdentity,
    stages: readonly RecordingStage[],
    encoder: RecordingEncoder,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { db, clock, logger } = this.options
    const job = await claimRecordingJob(db, identity, stages)
    if (!job) return false
    const { callId, stage, attempt } = job
    const stuck = new AbortController()
    const limitMs = stepLimitMs + (2 * (job.recording?.bytes ?? 0)) / slowestBytesPerMs
    using _timer = clock.setTimer(clock.nowMs() + limitMs, () =>
      stuck.abort(new VoiceError('STORE_FAILED', { detail: 'the work takes too long' })),
    )
    try {
      await this.work(job, encoder, AbortSignal.any([signal, stuck.signal]))
    } catch (error) {
      if (signal.aborted) {
        // Not its fault: taken up again by the next start.
        await giveBackRecordingJob(db, job, error, 0)
        return true
      }
      this.failures += 1
      if (stage === 'move' && error instanceof VoiceError && !error.retryable) {
        logger.error('a recording cannot be moved', { callId, error })
        await finishRecordingJob(db, job)
        return true
      }
      const afterMs = this.retryMs(attempt)
      logger.warn('work on a recording failed and is tried again', { callId, stage, attempt, afterMs, error })
      await giveBackRecordingJob(db, job, error, afterMs)
    }
    return true
  }

  private async work(job: RecordingJob, encoder: RecordingEncoder, signal: AbortSignal): Promise<void> {
    const { db, recordings } = this.options
    if (job.recording === null) return finishRecordingJob(db, job)
    switch (job.stage) {
      case 'encode':
        return this.encode(job, job.recording.path, encoder, signal)
      case 'move': {
        const { path } = job.recording
        const to = recordings.isLocal(path) ? recordings.movedPath(job, recordingFormatOf(path)) : undefined
        // There is no bucket any more, or it is there already.
        if (!to) return void (await advanceRecordingJob(db, job, { next: 'clean', isReady: false }))
        await moveRecording(recordings, path, to, signal)
        return this.replace(job, to, { next: 'clean', isReady: false })
      }
      case 'clean':
        for (const path of job.stale) await recordings.remove(path)
        return finishRecordingJob(db, job)
      default:
        job.stage satisfies never
    }
  }

  private async encode(job: RecordingJob, from: string, encoder: RecordingEncoder, signal: AbortSignal): Promise<void> {
    const { db, recordings, logger } = this.options
    const next = job.moves ? 'move' : 'clean'
    const { format, callId } = job
    if (format === 'wav') return void (await advanceRecordingJob(db, job, { next, isReady: true }))
    if (job.attempt > encodingAttempts) {
      this.failures += 1
      logger.error('a recording stays WAV: it cannot be encoded', { callId, format })
      return void (await advanceRecordingJob(db, job, { next, isReady: true }))
    }
    const to = recordings.encodedPath(callId, format)
    await encoder.encode({ from, to, format }, signal)
    await this.replace(job, to, { next, isReady: true })
  }

  private async replace(
    job: RecordingJob,
    path: string,
    step: { readonly next: RecordingStage; readonly isReady: boolean },
  ): Promise<void> {
    const { db, recordings } = this.options
    const file = await recordings.stat(path)
    if (!file) throw new VoiceError('STORE_FAILED', { detail: 'what was just written is not there' })
    const durationMs = job.recording?.durationMs ?? 0
    const recording = { path, durationMs, bytes: file.bytes }
    if (!(await advanceRecordingJob(db, job, { ...step, recording }))) await recordings.remove(path)
  }

  private retryMs(attempt: number): number {
    const [byte = 0] = this.options.random.bytes(1)
    return Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(attempt - 1, 10)) * (1 + (0.2 * byte) / 255)
  }
}
