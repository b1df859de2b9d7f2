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
  private readonly file: FileHandle
  private readonly logger: Logger
  private readonly timeline = new StereoTimeline()
  private startedAtMs = Number.NaN
  private flushedAtMs = 0
  private tail: Promise<void> = Promise.resolve()
  private waiting = 0
  private failed = false

  private constructor(file: FileHandle, logger: Logger) {
    this.file = file
    this.logger = logger
  }

  /** Creates the file and the folders above it. Rejects with the system's error. */
  static async open(path: string, logger: Logger): Promise<WavRecorder> {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'w')
    await file.write(wavHeader(0), 0, wavHeaderBytes, 0)
    return new WavRecorder(file, logger)
  }

  /** Time zero of the file. */
  start(nowMs: number): void {
    this.startedAtMs = nowMs
    this.flushedAtMs = nowMs
  }

  /** `atMs`: the monotonic instant of the frame's first sample. Frames before the start are ignored. */
  write(side: Side, frame: Int16Array, atMs: number): void {
    const atSample = (atMs - this.startedAtMs) * 8
    if (atSample >= 0 && !this.failed) this.timeline.write(side, frame, atSample)
  }

  tick(nowMs: number): void {
    if (nowMs - this.flushedAtMs >= flushEveryMs) this.flush(nowMs, nowMs - settleMs)
  }

  /** Writes the rest up to `nowMs`; the file is complete when this resolves. */
  async close(nowMs: number): Promise<void> {
    if (!Number.isNaN(this.startedAtMs)) this.flush(nowMs, nowMs)
    await this.tail
    await this.file.close()
  }

  private flush(nowMs: number, untilMs: number): void {
    this.flushedAtMs = nowMs
    if (this.failed) return
    const untilSample = Math.floor((untilMs - this.startedAtMs) * 8)
    while (this.timeline.takenSamples < untilSample) {
      const offset = this.timeline.takenSamples * blockBytes
      const bytes = this.timeline.take(untilSample)
      this.waiting += 1
      this.tail = this.tail.then(() => this.store(bytes, offset))
    }
    if (this.waiting > maxWaiting) this.fail(new Error('the disk is too slow'))
  }

  private async store(bytes: Uint8Array, offset: number): Promise<void> {
    this.waiting -= 1
    if (this.failed) return
    try {
      await this.file.write(bytes, 0, bytes.length, wavHeaderBytes + offset)
      await this.file.write(wavHeader(offset + bytes.length), 0, wavHeaderBytes, 0)
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    this.failed = true
    this.logger.error('recording failed', { error: String(error) })
  }
}
