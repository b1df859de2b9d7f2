import { encodeG711, g711, newG711 } from '../../src/codec/g711.ts'
import { newRtpHeader, parseRtp, writeRtpHeader } from '../../src/rtp/rtp-packet.ts'
import { Uplink } from '../../src/uplink.ts'
import { CallerEar } from '../../src/vad/caller-ear.ts'
import type { SileroModel } from '../../src/vad/voice-model.ts'

/** What one line carries: both signals begin at time 0 and are mono 8 kHz. */
export interface Scene {
  /** What the peer sends, echo and noise included. */
  readonly uplink: Int16Array
  /** What is sent to the peer; silence when absent. */
  readonly downlink?: Int16Array
  readonly farFieldSuppression?: number
}

/** `atMs`: when the event is told. `sample`: the media position it names. */
export interface Heard {
  readonly type: 'suspected' | 'started' | 'stopped'
  readonly atMs: number
  readonly sample: number
}

const tickMs = 5
const batch = 64

/**
 * Plays scenes through decoder, gates and detector in virtual time: packets arrive each 20 ms, the detector is asked
 * each 5 ms as the pacer does and answers at once.
 */
export async function listenTo(scenes: readonly Scene[], model: SileroModel): Promise<Heard[][]> {
  const all: Heard[][] = []
  for (let from = 0; from < scenes.length; from += batch) {
    const lines = scenes.slice(from, from + batch).map((scene) => new VirtualLine(scene))
    const endMs = Math.max(...lines.map((line) => line.lengthMs))
    for (let nowMs = 0; nowMs <= endMs; nowMs += tickMs) {
      for (const line of lines) line.advance(nowMs)
      for (;;) {
        const ready = lines.map((line) => line.ear.track).filter((track) => track.isReady)
        if (ready.length === 0) break
        await model.judge(ready, ready.length)
      }
    }
    all.push(...lines.map((line) => line.heard))
  }
  return all
}

class VirtualLine {
  readonly heard: Heard[] = []
  readonly ear: CallerEar
  private readonly scene: Scene
  private readonly uplink: Uplink
  private readonly header = newRtpHeader()
  private readonly datagram = new Uint8Array(172)
  private readonly decoder = newG711('PCMU').decoder
  private nowMs = 0
  private received = 0
  private sent = 0

  constructor(scene: Scene) {
    this.scene = scene
    this.ear = new CallerEar(scene.farFieldSuppression ?? 0, {
      onSpeechStarted: (sample) => this.heard.push({ type: 'started', atMs: this.nowMs, sample }),
      onSpeechStopped: (sample) => this.heard.push({ type: 'stopped', atMs: this.nowMs, sample }),
      onSpeechSuspected: () => this.heard.push({ type: 'suspected', atMs: this.nowMs, sample: this.received * 160 }),
    })
    this.uplink = new Uplink({
      onFrame: (frame, start) => {
        this.ear.onFrame(frame, start, this.uplink.time.clockOf(start + frame.length))
      },
    })
  }

  get lengthMs(): number {
    return this.scene.uplink.length / 8
  }

  advance(nowMs: number): void {
    this.nowMs = nowMs
    const { downlink } = this.scene
    for (; downlink && this.sent + 160 <= downlink.length && (this.sent + 160) / 8 <= nowMs; this.sent += 160) {
      // A pause of half a second belongs to the speech around it; what is longer is the end of a generation.
      const isSpeech = downlink.subarray(Math.max(0, this.sent - 4000), this.sent + 4000).some((sample) => sample !== 0)
      if (isSpeech) this.ear.onSent(downlink.subarray(this.sent, this.sent + 160), (this.sent + 160) / 8)
    }
    for (; (this.received + 1) * 20 <= nowMs; this.received += 1) {
      const from = this.received * 160
      if (from + 160 > this.scene.uplink.length) return
      writeRtpHeader(this.datagram, false, 0, this.received & 0xffff, from, 1)
      encodeG711(g711.PCMU, this.scene.uplink.subarray(from, from + 160), 160, this.datagram, 12)
      parseRtp(this.datagram, this.header)
      this.uplink.receive(this.header, this.datagram, this.decoder, nowMs)
    }
  }
}

/** A line's hiss: white, `levelDbfs`. */
export function hiss(length: number, levelDbfs: number, random: { next(): number }): Float32Array {
  const scale = 32_768 * 10 ** (levelDbfs / 20) * Math.sqrt(12)
  return Float32Array.from({ length }, () => (random.next() - 0.5) * scale)
}

export function mix(length: number, parts: readonly { readonly samples: ArrayLike<number>; readonly at: number }[]) {
  const sum = new Float32Array(length)
  for (const { samples, at } of parts) {
    for (let i = Math.max(0, -at); i < samples.length && at + i < length; i += 1) {
      sum[at + i] = (sum[at + i] as number) + (samples[i] as number)
    }
  }
  return Int16Array.from(sum, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))))
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
