import type { Downlink } from '../downlink.ts'
import type { PlayoutQueue } from '../playout/playout-queue.ts'
import { type PlayoutRecord, type PlayoutRing, playoutKind } from './playout-ring.ts'

/** Who hears of generations that were cut off or stopped, and of room in the ring. */
export interface PlayoutListener {
  onProgress(generation: number, playedSamples: number): void
  onRoom(): void
}

/** Carries what the main thread put into the ring to the queue of the downlink. */
export class LegPlayout {
  private readonly ring: PlayoutRing
  private readonly queue: PlayoutQueue
  private readonly downlink: Downlink
  private readonly listener: PlayoutListener

  constructor(ring: PlayoutRing, queue: PlayoutQueue, downlink: Downlink, listener: PlayoutListener) {
    this.ring = ring
    this.queue = queue
    this.downlink = downlink
    this.listener = listener
  }

  get hasNews(): boolean {
    return !this.ring.isEmpty
  }

  /** Takes all records; the first audio of a talkspurt leaves at once. */
  take(nowMs: number): void {
    this.ring.clearWake()
    for (let record = this.ring.take(); record !== undefined; record = this.ring.take()) this.obey(record)
    if (this.ring.takeHungry()) this.listener.onRoom()
    this.downlink.kick(nowMs)
  }

  private obey(record: PlayoutRecord): void {
    const { queue } = this
    const { kind, generation } = record
    if (kind === playoutKind.begin) {
      this.drop()
      queue.begin(generation)
    }
    if (generation !== queue.generation) return
    if (kind === playoutKind.write) queue.write(record.samples)
    if (kind === playoutKind.end) {
      queue.end()
      if (queue.isFinished) this.downlink.reportProgress()
    }
    if (kind === playoutKind.flush) this.drop()
    if (kind === playoutKind.duck) queue.duck(record.value / 100)
    if (kind === playoutKind.pause) {
      queue.pause()
      this.listener.onProgress(generation, queue.playedSamples)
    }
    if (kind === playoutKind.resume) {
      queue.resume(record.value)
      if (queue.isFinished) this.downlink.reportProgress()
    }
  }

  private drop(): void {
    const { generation, playedSamples } = this.queue
    if (generation >= 0) this.listener.onProgress(generation, playedSamples)
    this.queue.flush()
    this.downlink.generationChanged()
  }
}
