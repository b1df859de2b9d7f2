import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from '@parley/core'
import { type Side, StereoTimeline } from './stereo-timeline.ts'
import { blockBytes, wavHeader, wavHeaderBytes } from './wav-header.ts'

/** Late uplink audio may still be placed for this long. */
const settleMs = 1000
const flushEveryMs = 500
/** Flushes waiting for a slow disk before the recording is given up. */
const maxWaiting = 40

/**
 * Writes the stereo recording of one leg while it runs. The header is corrected with each flush, so a file whose writer
 * was killed lacks at most its last second and a half. A disk that fails ends the recording, never the call.
 */
export class WavRecorder {
  private readonly path: string
  private readonly logger: Logger
  private readonly timeline = new StereoTimeline()
  private file: FileHandle | undefined
  private startedAtMs = Number.NaN
  private flushedAtMs = 0
  /** All work on the file, one piece after the other. */
  private tail: Promise<void> = Promise.resolve()
  private waiting = 0
  private failed = false
  /** Begins and ends of the pauses, in order. Frames of those times are left out whenever they come. */
  private readonly pausedFromMs: number[] = []
  private readonly pausedToMs: number[] = []

  constructor(path: string, logger: Logger) {
    this.path = path
    this.logger = logger
  }

  /** Creates the file and the folders above it. `nowMs` is time zero of the recording. */
  start(nowMs: number): void {
    if (!Number.isNaN(this.startedAtMs)) return
    this.startedAtMs = nowMs
    this.flushedAtMs = nowMs
    this.work(async () => {
      await mkdir(dirname(this.path), { recursive: true })
      this.file = await open(this.path, 'w')
      await this.file.write(wavHeader(0), 0, wavHeaderBytes, 0)
    })
  }

  /** `atMs`: the monotonic instant of the frame's first sample. Frames before the start are ignored. */
  write(side: Side, frame: Int16Array, atMs: number): void {
    const atSample = (atMs - this.startedAtMs) * 8
    if (this.isPausedAt(atMs)) return
    if (atSample >= 0 && !this.failed) this.timeline.write(side, frame, atSample)
  }

  /** What belongs into the time from a pause to its end is silence. A frame across the edge is on the side it begins on. */
  pause(paused: boolean, nowMs: number): void {
    const last = this.pausedToMs.length - 1
    const isPaused = this.pausedToMs[last] === Number.POSITIVE_INFINITY
    if (paused === isPaused) return
    if (paused) {
      this.pausedFromMs.push(nowMs)
      this.pausedToMs.push(Number.POSITIVE_INFINITY)
    } else this.pausedToMs[last] = nowMs
  }

  /** The pause that began last before the instant decides; it is one of the latest. */
  private isPausedAt(atMs: number): boolean {
    for (let index = this.pausedFromMs.length - 1; index >= 0; index -= 1) {
      if (atMs >= (this.pausedFromMs[index] ?? 0)) return atMs < (this.pausedToMs[index] ?? 0)
    }
    return false
  }

  tick(nowMs: number): void {
    if (nowMs - this.flushedAtMs >= flushEveryMs) this.flush(nowMs, nowMs - settleMs)
  }

  /** Writes the rest up to `nowMs`; the file is complete when this resolves. */
  async close(nowMs: number): Promise<void> {
    if (!Number.isNaN(this.startedAtMs)) this.flush(nowMs, nowMs)
    await this.tail
    await this.file?.close()
  }

  private flush(nowMs: number, untilMs: number): void {
    this.flushedAtMs = nowMs
    const untilSample = Math.floor((untilMs - this.startedAtMs) * 8)
    while (!this.failed && this.timeline.takenSamples < untilSample) {
      const offset = this.timeline.takenSamples * blockBytes
      const bytes = this.timeline.take(untilSample)
      this.work(async () => {
        await this.file?.write(bytes, 0, bytes.length, wavHeaderBytes + offset)
        await this.file?.write(wavHeader(offset + bytes.length), 0, wavHeaderBytes, 0)
      })
    }
    if (this.waiting > maxWaiting) this.fail('the disk is too slow')
  }

  private work(task: () => Promise<void>): void {
    this.waiting += 1
    this.tail = this.tail.then(async () => {
      try {
        if (!this.failed) await task()
      } catch (error) {
        this.fail(String(error))
      } finally {
        this.waiting -= 1
      }
    })
  }

  private fail(error: string): void {
    if (!this.failed) this.logger.error('recording failed', { error })
    this.failed = true
  }
}
