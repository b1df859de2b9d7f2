import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { wideTestSignal } from '../../test/wide-test-signal.ts'
import { G722Decoder, G722Encoder } from './g722.ts'

// Made by ffmpeg 5.1.9 (Debian): `ffmpeg -f s16le -ar 16000 -ac 1 -i signal -c:a g722 -f g722 coded`, and back by
// `ffmpeg -f g722 -i coded -f s16le decoded`.
const codedSha256 = '40a2b1f1cf391ccd7acb344342bead95c38e6f0b31b7e9f1beb29aa80f6d0d6b'
const decodedSha256 = 'e24281f1530ba0ac3f678c5e46407030735a510201a86482f6b9a471cd311960'

const sha256 = (of: Uint8Array | Int16Array) => createHash('sha256').update(of).digest('hex')

/** In packets of 20 ms and, to try the seams, of odd lengths. */
function encode(signal: Int16Array, packets: readonly number[]): Uint8Array {
  const encoder = new G722Encoder()
  const coded = new Uint8Array(signal.length / 2)
  for (let at = 0, i = 0; at < signal.length; i += 1) {
    const count = Math.min(packets[i % packets.length] as number, signal.length - at)
    at += 2 * encoder.encode(signal.subarray(at, at + count), count, coded, at / 2)
  }
  return coded
}

test.each([[[320]], [[160, 2, 1920, 480]]])(
  'ten seconds are coded bit by bit as another encoder does, in packets of %j',
  (packets) => {
    expect(sha256(encode(wideTestSignal(), packets))).toBe(codedSha256)
  },
)

test.each([[[160]], [[80, 1, 960, 240]]])(
  'its bytes are decoded sample by sample as another decoder does, in packets of %j',
  (packets) => {
    const coded = encode(wideTestSignal(), [320])
    const decoder = new G722Decoder()
    const decoded = new Int16Array(coded.length * 2)
    for (let at = 0, i = 0; at < coded.length; i += 1) {
      const count = Math.min(packets[i % packets.length] as number, coded.length - at)
      decoder.decode(coded.subarray(at, at + count), count, decoded.subarray(2 * at))
      at += count
    }
    expect(sha256(decoded)).toBe(decodedSha256)
  },
)
