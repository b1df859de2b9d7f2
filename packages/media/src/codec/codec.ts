import type { CodecName } from '@parley/core'

/** 120 ms: no packet holds more. */
export const maxPacketSamples = 960

/** Turns the payloads of one stream, in order, into samples. Holds the state of its direction. */
export interface AudioDecoder {
  /** Ticks of the RTP clock for each sample at 8 kHz. */
  readonly ticksPerSample: number
  /** Samples at 8 kHz in the first `length` bytes; -1 when they are no packet of this codec. */
  samplesIn(payload: Uint8Array, length: number): number
  /** Writes `Int16` at 8 kHz into `into` (`maxPacketSamples` long) and returns how many; -1 for a broken packet. */
  decode(payload: Uint8Array, length: number, into: Int16Array): number
  /**
   * Writes the `count` samples that were lost before `next` into `into` and returns how many it made, from the start.
   * Absent: the codec knows no way of its own.
   */
  recover?(next: Uint8Array, length: number, count: number, into: Int16Array): number
}

/** Turns the samples of one stream, in order, into payloads. Holds the state of its direction. */
export interface AudioEncoder {
  readonly ticksPerSample: number
  /** Encodes all of `from` (`Int16`, 8 kHz) into `to` at `offset`; returns the bytes written. */
  encode(from: Int16Array, to: Uint8Array, offset: number): number
}

/** Both directions of one leg's codec, fresh. Wideband codecs are resampled inside: outside all is 8 kHz. */
export interface Codec {
  readonly name: CodecName
  readonly decoder: AudioDecoder
  readonly encoder: AudioEncoder
  /** Frees memory outside the heap. Neither direction may be used afterwards. */
  close(): void
}
