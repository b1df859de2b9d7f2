import type { Generation, Playout } from '@parley/core'
import {
  maxRecordSamples,
  noGeneration,
  type PlayoutKind,
  type PlayoutRecord,
  type PlayoutRing,
  playoutKind,
} from '../worker/playout-ring.ts'

const noSamples = new Int16Array(0)
/** Ten minutes waiting on this side: a run-away writer. */
const maxWaitingSamples = 600 * 8000

/**
 * The main thread's end of the playout. What finds no room in the ring waits here, in order, until the media thread has
 * made room; audio of a generation that is no longer live is dropped from the waiting.
 */
export class PlayoutWriter implements Playout {
  private readonly ring: PlayoutRing
  private readonly wake: () => void
  private live: number = noGeneration
  private paused = false
  private closed = false
  private waiting: PlayoutRecord[] = []
  private waitingSamples = 0

  constructor(ring: PlayoutRing, wake: () => void) {
    this.ring = ring
    this.wake = wake
    ring.setLive(noGeneration)
  }

  /** From now on nothing is written: the memory of the ring may be another call's. */
  close(): void {
    this.closed = true
    this.live = noGeneration
    this.waiting = []
  }

  begin(generation: Generation): void {
    if (this.closed) return
    this.dropWaiting()
    this.live = generation
    this.paused = false
    this.ring.setLive(generation)
    this.put(playoutKind.begin, generation, 0, noSamples)
    this.ask()
  }

  write(generation: Generation, samples: Int16Array): void {
    if (generation !== this.live) return
    for (let from = 0; from < samples.length; from += maxRecordSamples) {
      this.put(playoutKind.write, generation, 0, samples.subarray(from, from + maxRecordSamples))
    }
    this.ask()
  }

  end(generation: Generation): void {
    if (generation !== this.live) return
    this.put(playoutKind.end, generation, 0, noSamples)
    this.ask()
  }

  flush(generation: Generation): void {
    if (generation !== this.live) return
    this.dropWaiting()
    this.live = noGeneration
    this.ring.setLive(noGeneration)
    this.put(playoutKind.flush, generation, 0, noSamples)
    this.ask()
  }

  pause(generation: Generation): void {
    if (generation !== this.live || this.paused) return
    this.paused = true
    this.ring.setLive(noGeneration)
    this.put(playoutKind.pause, generation, 0, noSamples)
    this.ask()
  }

  resume(generation: Generation, fromSample: number): void {
    if (generation !== this.live || !this.paused) return
    this.paused = false
    this.ring.setLive(generation)
    this.put(playoutKind.resume, generation, fromSample, noSamples)
    this.ask()
  }

  duck(gainDb: number): void {
    if (this.live === noGeneration) return
    this.put(playoutKind.duck, this.live, Math.round(gainDb * 100), noSamples)
    this.ask()
  }

  /** The media thread has made room. */
  refill(): void {
    if (this.closed) return
    let moved = 0
    for (const record of this.waiting) {
      if (!this.ring.push(record)) break
      this.waitingSamples -= record.samples.length
      moved += 1
    }
    this.waiting.splice(0, moved)
    this.ask()
  }

  private put(kind: PlayoutKind, generation: number, value: number, samples: Int16Array): void {
    const record = { kind, generation, value, samples }
    if (this.waiting.length === 0 && this.ring.push(record)) return
    if (this.waitingSamples + samples.length > maxWaitingSamples) return
    this.waiting.push({ ...record, samples: samples.slice() })
    this.waitingSamples += samples.length
  }

  private ask(): void {
    if (this.waiting.length > 0) this.ring.setHungry()
    if (this.ring.askWake()) this.wake()
  }

  private dropWaiting(): void {
    this.waiting = this.waiting.filter((record) => record.kind !== playoutKind.write)
    this.waitingSamples = 0
  }
}
