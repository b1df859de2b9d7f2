import { type Clock, generation, type MediaEvent, type ToneName } from '@parley/core'
import type { MediaTime } from '../media-time.ts'
import type { CallerListener } from '../vad/caller-ear.ts'

/** Where the events of legs go. */
export interface ReportHost {
  readonly clock: Clock
  post(id: number, event: MediaEvent): void
}

type Report = MediaEvent extends infer E ? (E extends { readonly atMs: number } ? Omit<E, 'atMs'> : never) : never

/** What happens on one leg, told to the main thread with the instant it was noticed. */
export class LegReports implements CallerListener {
  private readonly id: number
  private readonly host: ReportHost
  private readonly time: MediaTime
  private isHeld = false

  constructor(id: number, host: ReportHost, time: MediaTime) {
    this.id = id
    this.host = host
    this.time = time
  }

  onSpeechStarted(onsetSample: number): void {
    this.tell({ type: 'speech.started', onsetAtMs: this.time.clockOf(onsetSample), mediaMs: onsetSample / 8 })
  }

  onSpeechStopped(lastVoiceSample: number): void {
    const lastVoiceAtMs = this.time.clockOf(lastVoiceSample)
    this.tell({ type: 'speech.stopped', lastVoiceAtMs, mediaMs: lastVoiceSample / 8 })
  }

  onSpeechSuspected(): void {
    this.tell({ type: 'speech.suspected' })
  }

  tone(tone: ToneName, onsetAtMs: number): void {
    this.tell({ type: 'tone', tone, onsetAtMs })
  }

  key(key: string, durationMs: number): void {
    this.tell({ type: 'dtmf', key, durationMs })
  }

  /** A key of ours that only signalling can carry. */
  signalKey(key: string, durationMs: number): void {
    this.tell({ type: 'dtmf.signal', key, durationMs })
  }

  /** Started and ended take turns. */
  hold(isHeld: boolean): void {
    if (isHeld === this.isHeld) return
    this.isHeld = isHeld
    this.tell({ type: isHeld ? 'hold.started' : 'hold.ended' })
  }

  silentPeer(): void {
    this.tell({ type: 'rtp.timeout' })
  }

  peerIsBack(): void {
    this.tell({ type: 'rtp.resumed' })
  }

  playoutStarted(of: number): void {
    this.tell({ type: 'playout.started', generation: generation(of) })
  }

  playoutProgress(of: number, playedSamples: number): void {
    this.tell({ type: 'playout.progress', generation: generation(of), playedSamples })
  }

  playoutFinished(of: number, playedSamples: number): void {
    this.tell({ type: 'playout.finished', generation: generation(of), playedSamples })
  }

  private tell(report: Report): void {
    this.host.post(this.id, { ...report, atMs: this.host.clock.nowMs() } as MediaEvent)
  }
}
