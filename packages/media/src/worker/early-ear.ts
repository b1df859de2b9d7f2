import { type EarlySound, frameSamples, type ToneName } from '@parley/core'
import type { G711Tables } from '../codec/g711.ts'
import type { RtpHeader } from '../rtp/rtp-packet.ts'
import { ToneListener } from '../tones/tone-listener.ts'
import { type FrameSink, Uplink } from '../uplink.ts'
import { EnergyGate } from '../vad/energy-gate.ts'

/** What hears of early media. `sound` is owned by the receiver. */
export interface EarlyListener {
  onEarlyTone(tone: ToneName): void
  onEarlySound(sound: EarlySound): void
}

/** 100 ms: early media is nobody's turn, there is no hurry. */
const batchFrames = 5

/**
 * Hears what the far end plays before anybody answers: network tones and announcements. Its media time is its own and
 * ends with the answer, so that nothing of it reaches the talk.
 */
export class EarlyEar implements FrameSink {
  private readonly uplink: Uplink
  private readonly listener: EarlyListener
  private readonly tones: ToneListener
  private readonly energy = new EnergyGate()
  private batch = new Int16Array(batchFrames * frameSamples)
  private frames = 0
  private loudFrames = 0

  constructor(tables: G711Tables, listener: EarlyListener) {
    this.listener = listener
    this.uplink = new Uplink(tables, this)
    this.tones = new ToneListener((tone) => listener.onEarlyTone(tone))
  }

  receive(header: RtpHeader, datagram: Uint8Array, isAudio: boolean, nowMs: number): void {
    this.uplink.receive(header, datagram, isAudio, nowMs)
  }

  tick(nowMs: number): void {
    this.uplink.tick(nowMs)
  }

  onFrame(frame: Int16Array, startSample: number): void {
    this.tones.onFrame(frame, startSample / 8)
    this.energy.onFrame(frame, startSample, this.tones.isTone)
    if (this.energy.loudUntilSample > startSample) this.loudFrames += 1
    this.batch.set(frame, this.frames * frameSamples)
    this.frames += 1
    if (this.frames < batchFrames) return
    const mediaMs = (startSample + frameSamples - this.batch.length) / 8
    this.listener.onEarlySound({ samples: this.batch, mediaMs, isVoice: this.loudFrames > 1 })
    this.batch = new Int16Array(batchFrames * frameSamples)
    this.frames = 0
    this.loudFrames = 0
  }
}
