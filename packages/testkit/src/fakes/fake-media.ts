import type { Clock, Generation, MediaEvent, PcmChunk, Playout } from '@parley/core'
import { Channel, frameMs, frameSamples } from '@parley/core'

/** A packet as it left. */
export interface SentPacket {
  readonly atMs: number
  readonly generation: Generation
  readonly gainDb: number
}

export interface VoiceOptions {
  /** After the onset the detector is sure. */
  readonly sureAfterMs?: number
  /** After the last voiced frame the detector says so. */
  readonly hangMs?: number
}

const progressMs = 100

/**
 * Media of one leg on an injected clock: a playout that sends one packet every 20 ms (the first one at once) and
 * reports progress, and a caller who makes voiced sounds. No samples are looked at.
 */
export class FakeMedia {
  readonly uplink = new Channel<PcmChunk>(5000, 'drop-oldest')
  readonly playout: Playout
  /** Every packet that carried audio. */
  readonly sent: SentPacket[] = []
  /** Every event told, in order. */
  readonly events: MediaEvent[] = []
  /** Generations that audio was written for although another one was live. */
  readonly misplaced: Generation[] = []
  private readonly clock: Clock
  private readonly listener: (event: MediaEvent) => void
  private readonly startedAtMs: number
  private live: Generation | undefined
  private queued = 0
  private played = 0
  private reportedAtMs = 0
  private started = false
  private ended = false
  private paused = false
  private gainDb = 0
  private ticking: Disposable | undefined

  constructor(clock: Clock, listener: (event: MediaEvent) => void) {
    this.clock = clock
    this.listener = listener
    this.startedAtMs = clock.nowMs()
    this.playout = {
      begin: (generation) => this.begin(generation),
      write: (generation, samples) => this.write(generation, samples.length),
      end: (generation) => this.end(generation),
      flush: (generation) => this.flush(generation),
      pause: (generation) => this.pause(generation),
      resume: (generation, fromSample) => this.resume(generation, fromSample),
      duck: (gainDb) => {
        this.gainDb = gainDb
      },
    }
  }

  get liveGeneration(): Generation | undefined {
    return this.live
  }

  /** The attenuation set last; 0: none. */
  get duckedDb(): number {
    return this.gainDb
  }

  /** When the first packet of the n-th generation that became audible left. */
  audibleAtMs(index = 0): number | undefined {
    return this.events.filter((event) => event.type === 'playout.started')[index]?.atMs
  }

  /** The caller sounds from now for `durationMs`: audio every 20 ms, and the detector's two events. */
  voice(durationMs: number, options: VoiceOptions = {}): void {
    const { sureAfterMs = 60, hangMs = 60 } = options
    const onsetAtMs = this.clock.nowMs()
    const lastVoiceAtMs = onsetAtMs + durationMs
    for (let atMs = frameMs; atMs <= durationMs + hangMs; atMs += frameMs) {
      this.at(onsetAtMs + atMs, () => this.hearFrame())
    }
    const mediaMs = onsetAtMs - this.startedAtMs
    this.at(onsetAtMs + sureAfterMs, () => this.tell({ type: 'speech.started', onsetAtMs, mediaMs }))
    this.at(lastVoiceAtMs + hangMs, () =>
      this.tell({ type: 'speech.stopped', lastVoiceAtMs, mediaMs: mediaMs + durationMs }),
    )
  }

  press(key: string): void {
    this.tell({ type: 'dtmf', key, durationMs: 100 })
  }

  private at(atMs: number, act: () => void): void {
    this.clock.setTimer(atMs, act)
  }

  private hearFrame(): void {
    const mediaMs = this.clock.nowMs() - this.startedAtMs - frameMs
    this.uplink.push({ samples: new Int16Array(frameSamples), mediaMs })
  }

  private begin(generation: Generation): void {
    this.live = generation
    this.queued = 0
    this.played = 0
    this.started = false
    this.ended = false
    this.gainDb = 0
    this.paused = false
    this.stopTicking()
  }

  private write(generation: Generation, count: number): void {
    if (generation !== this.live) {
      this.misplaced.push(generation)
      return
    }
    this.queued += count
    if (!this.ticking && !this.paused && this.queued > 0) this.tick()
  }

  private end(generation: Generation): void {
    if (generation !== this.live || this.ended) return
    this.ended = true
    if (this.queued === 0) this.at(this.clock.nowMs(), () => this.finish(generation))
  }

  private flush(generation: Generation): void {
    if (generation !== this.live) return
    this.queued = 0
    this.live = undefined
    this.stopTicking()
    const playedSamples = this.played
    this.at(this.clock.nowMs(), () => this.tell({ type: 'playout.progress', generation, playedSamples }))
  }

  private pause(generation: Generation): void {
    if (generation !== this.live || this.paused) return
    this.paused = true
    this.stopTicking()
    const playedSamples = this.played
    this.at(this.clock.nowMs(), () => this.tell({ type: 'playout.progress', generation, playedSamples }))
  }

  private resume(generation: Generation, fromSample: number): void {
    if (generation !== this.live || !this.paused) return
    this.paused = false
    this.gainDb = 0
    this.queued += this.played - fromSample
    this.played = fromSample
    if (this.queued > 0) this.tick()
  }

  private tick(): void {
    this.ticking = undefined
    const { live: generation } = this
    if (generation === undefined || this.queued === 0 || this.paused) return
    const count = Math.min(frameSamples, this.queued)
    const atMs = this.clock.nowMs()
    this.queued -= count
    this.played += count
    this.sent.push({ atMs, generation, gainDb: this.gainDb })
    this.ticking = this.clock.setTimer(atMs + frameMs, () => this.tick())
    if (!this.started) {
      this.started = true
      this.reportedAtMs = atMs
      this.tell({ type: 'playout.started', generation })
    } else if (atMs >= this.reportedAtMs + progressMs) {
      this.reportedAtMs = atMs
      this.tell({ type: 'playout.progress', generation, playedSamples: this.played })
    }
    if (this.ended && this.queued === 0) this.finish(generation)
  }

  private finish(generation: Generation): void {
    if (generation !== this.live) return
    this.stopTicking()
    this.live = undefined
    this.tell({ type: 'playout.finished', generation, playedSamples: this.played })
  }

  private stopTicking(): void {
    this.ticking?.[Symbol.dispose]()
    this.ticking = undefined
  }

  private tell(
    event: MediaEvent extends infer Event ? (Event extends MediaEvent ? Omit<Event, 'atMs'> : never) : never,
  ): void {
    const told = { ...event, atMs: this.clock.nowMs() } as MediaEvent
    this.events.push(told)
    this.listener(told)
  }
}
