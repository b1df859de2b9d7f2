import { frameMs } from '@parley/core'
import type { DownlinkPort } from '../downlink.ts'
import type { PeerLatch } from '../net/peer-latch.ts'
import type { RtpSocket } from '../net/rtp-socket.ts'
import type { WavRecorder } from '../recording/wav-recorder.ts'
import type { CallerEar } from '../vad/caller-ear.ts'
import type { PlayoutListener } from './leg-playout.ts'
import type { LegReports } from './leg-reports.ts'
import type { PlayoutRing } from './playout-ring.ts'

const noBuffer = new Uint8Array(0)

export interface LegSenderParts {
  readonly latch: PeerLatch
  readonly ear: CallerEar
  readonly recorder: WavRecorder | undefined
  readonly ring: PlayoutRing
  readonly reports: LegReports
  /** There is room again in the ring. */
  onRoom(): void
}

/** The way out of a leg: packets to where the peer is, what was said to the ear and the recording, progress to the reports. */
export class LegSender implements DownlinkPort, PlayoutListener {
  /** Absent until the ports are bound. */
  socket: RtpSocket | undefined
  private readonly parts: LegSenderParts

  constructor(parts: LegSenderParts) {
    this.parts = parts
  }

  nextBuffer(): Uint8Array {
    return this.socket ? this.socket.nextBuffer() : noBuffer
  }

  send(length: number): void {
    this.socket?.send(length, this.parts.latch.host, this.parts.latch.port)
  }

  onSpeech(frame: Int16Array, dueMs: number, slotMs: number, isVoice: boolean): void {
    // A place is too quiet to be heard back: no reason to listen less closely to the caller.
    if (isVoice) this.parts.ear.onSent(frame, slotMs)
    // As a frame of the caller, which is 20 ms long and lies where it was received, a piece ends 20 ms after it was due.
    this.parts.recorder?.write('right', frame, dueMs + frameMs - frame.length / 8)
  }

  liveGeneration(): number {
    return this.parts.ring.live
  }

  onRoom(): void {
    this.parts.onRoom()
  }

  onStarted(of: number): void {
    this.parts.reports.playoutStarted(of)
  }

  onProgress(of: number, playedSamples: number): void {
    this.parts.reports.playoutProgress(of, playedSamples)
  }

  onFinished(of: number, playedSamples: number): void {
    this.parts.reports.playoutFinished(of, playedSamples)
  }
}
