import { type AudioDecoder, type AudioEncoder, type Codec, maxPacketSamples } from './codec.ts'
import { G722Decoder, G722Encoder } from './g722.ts'
import { Downsampler, Upsampler } from './half-band.ts'

/**
 * G.722 for a leg whose audio is at 8 kHz. Its RTP clock is 8000 though it samples at 16 kHz, so a byte, an RTP tick and
 * a sample of ours are the same length.
 * @see RFC 3551 section 4.5.2
 */
export function newG722(): Codec {
  return { name: 'G722', decoder: new NarrowDecoder(), encoder: new NarrowEncoder(), close() {} }
}

class NarrowDecoder implements AudioDecoder {
  readonly ticksPerSample = 1
  private readonly decoder = new G722Decoder()
  private readonly downsampler = new Downsampler()
  private readonly wide = new Int16Array(2 * maxPacketSamples)

  samplesIn(_payload: Uint8Array, length: number): number {
    return length
  }

  decode(payload: Uint8Array, length: number, into: Int16Array): number {
    this.decoder.decode(payload, length, this.wide)
    this.downsampler.run(this.wide, length, into)
    return length
  }
}

class NarrowEncoder implements AudioEncoder {
  readonly ticksPerSample = 1
  private readonly encoder = new G722Encoder()
  private readonly upsampler = new Upsampler()
  private readonly wide = new Int16Array(2 * maxPacketSamples)

  encode(from: Int16Array, to: Uint8Array, offset: number): number {
    this.upsampler.run(from, from.length, this.wide)
    return this.encoder.encode(this.wide, 2 * from.length, to, offset)
  }
}
