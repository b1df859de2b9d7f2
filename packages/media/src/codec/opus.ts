import {
  Application,
  createDecoder,
  createEncoder,
  type OpusDecoderHandle,
  type OpusEncoderHandle,
  Signal,
} from 'libopus-wasm'
import type { AudioDecoder, AudioEncoder, Codec } from './codec.ts'
import { opusPacketSamples } from './opus-packet.ts'

/** What the peer's `fmtp` asks of our encoder. */
export interface OpusSettings {
  readonly bitrateBps: number
  /** Each packet carries the one before once more, at a lower rate. */
  readonly inbandFec: boolean
  readonly constantBitrate: boolean
}

const rate = { sampleRate: 8000, channels: 1 } as const
/** Of 10. Beyond it the encoder takes twice the time for what telephone speech does not show. Taste. */
const complexity = 5
/** The loss that in-band FEC reckons with. Taste. */
const expectedLossPercent = 10
const maxPacketBytes = 400
/** The decoder makes up losses in steps of 2.5 ms. */
const stepSamples = 20

/**
 * Opus, mono. The library works at 8 kHz itself, so nothing is resampled; the RTP clock is 48 kHz always. We never
 * pause (no DTX): a line that is silent still gets its packets.
 *
 * The library allocates one small array per packet; nothing else here does.
 * @see RFC 6716, RFC 7587
 */
export async function newOpus(settings: OpusSettings): Promise<Codec> {
  const encoder = await createEncoder({
    ...rate,
    application: Application.Voip,
    signal: Signal.Voice,
    bitrate: settings.bitrateBps,
    complexity,
    dtx: false,
    fec: settings.inbandFec,
    packetLossPercent: settings.inbandFec ? expectedLossPercent : 0,
    vbr: !settings.constantBitrate,
  })
  const decoder = await createDecoder(rate)
  return {
    name: 'opus',
    decoder: new OpusDecoder(decoder),
    encoder: new OpusEncoder(encoder),
    close() {
      encoder.free()
      decoder.free()
    },
  }
}

class OpusDecoder implements AudioDecoder {
  readonly ticksPerSample = 6
  private readonly handle: OpusDecoderHandle
  private readonly lossOptions = { decodeFec: true, frameSize: 160 }

  constructor(handle: OpusDecoderHandle) {
    this.handle = handle
  }

  samplesIn(payload: Uint8Array, length: number): number {
    return opusPacketSamples(payload, length)
  }

  decode(payload: Uint8Array, length: number, into: Int16Array): number {
    try {
      return take(this.handle.decode(payload.subarray(0, length)), into)
    } catch {
      // The library throws for a broken packet only.
      return -1
    }
  }

  /** By what `next` repeats of the packet before it, and by guessing where it does not. */
  recover(next: Uint8Array, length: number, count: number, into: Int16Array): number {
    const whole = count - (count % stepSamples)
    if (whole === 0) return 0
    this.lossOptions.frameSize = whole
    try {
      return take(this.handle.decode(next.subarray(0, length), this.lossOptions), into)
    } catch {
      // As above.
      return 0
    }
  }
}

class OpusEncoder implements AudioEncoder {
  readonly ticksPerSample = 6
  private readonly handle: OpusEncoderHandle
  private readonly options = { frameSize: 160, maxPacketBytes }

  constructor(handle: OpusEncoderHandle) {
    this.handle = handle
  }

  encode(from: Int16Array, to: Uint8Array, offset: number): number {
    this.options.frameSize = from.length
    const packet = this.handle.encode(from, this.options)
    to.set(packet, offset)
    return packet.length
  }
}

function take(samples: Int16Array, into: Int16Array): number {
  into.set(samples)
  return samples.length
}
