import { maxPacketSamples } from './codec.ts'

const silkFrames = [80, 160, 320, 480] as const
const hybridFrames = [80, 160] as const
const celtFrames = [20, 40, 80, 160] as const

/**
 * Samples at 8 kHz in an Opus packet, told by its first bytes; -1 when it is none, or longer than 120 ms.
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+
 * | config  |s| c |     c: one frame, two, two, or as many as the low six bits of the next byte say
 * ```
 * @see RFC 6716 section 3.1
 */
export function opusPacketSamples(payload: Uint8Array, length: number): number {
  if (length < 1) return -1
  const first = payload[0] as number
  const count = frameCount(first & 3, payload, length)
  const samples = count * frameLength(first >> 3)
  return samples > 0 && samples <= maxPacketSamples ? samples : -1
}

function frameLength(config: number): number {
  if (config < 12) return silkFrames[config & 3] as number
  if (config < 16) return hybridFrames[config & 1] as number
  return celtFrames[config & 3] as number
}

function frameCount(code: number, payload: Uint8Array, length: number): number {
  if (code === 0) return 1
  if (code < 3) return 2
  return length < 2 ? 0 : (payload[1] as number) & 0x3f
}
