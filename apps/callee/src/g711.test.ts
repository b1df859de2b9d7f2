import { expect, test } from 'vitest'
import { type Codec, decodeG711, encodeG711 } from './g711.ts'

function encode(codec: Codec, ...samples: number[]): number[] {
  const into = new Uint8Array(samples.length)
  encodeG711(codec, Int16Array.from(samples), into, 0)
  return [...into]
}

test('mu-law has the codes of the standard', () => {
  expect(encode('pcmu', 0, 32767, -32768, 8, -8)).toEqual([0xff, 0x80, 0x00, 0xfe, 0x7e])
  expect([...decodeG711('pcmu', Uint8Array.of(0xff, 0x7f, 0x80, 0x00))]).toEqual([0, 0, 32124, -32124])
})

test('A-law has the codes of the standard', () => {
  expect(encode('pcma', 0, -1, 32767, -32768, 16)).toEqual([0xd5, 0x55, 0xaa, 0x2a, 0xd4])
  expect([...decodeG711('pcma', Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a))]).toEqual([8, -8, 32256, -32256])
})

test.each(['pcma', 'pcmu'] as const)('%s keeps the order of samples and stays within half a step', (codec) => {
  const samples = Int16Array.from({ length: 65536 }, (_, i) => i - 32768)
  const codes = new Uint8Array(samples.length)
  encodeG711(codec, samples, codes, 0)
  const decoded = decodeG711(codec, codes)
  for (let i = 1; i < samples.length; i += 1) {
    const sample = samples[i] ?? 0
    const value = decoded[i] ?? 0
    if (value < (decoded[i - 1] ?? 0)) throw new Error(`order broken at ${sample}`)
    const clip = codec === 'pcmu' ? 32124 : 32256
    const error = Math.abs(value - Math.max(-clip, Math.min(clip, sample)))
    if (error > Math.max(16, Math.abs(sample) / 16)) throw new Error(`${sample} became ${value}`)
  }
})

test.each(['pcma', 'pcmu'] as const)('%s gives back every code it is given', (codec) => {
  const codes = Uint8Array.from({ length: 256 }, (_, i) => i)
  const again = new Uint8Array(256)
  encodeG711(codec, decodeG711(codec, codes), again, 0)
  // Mu-law has a second zero, 0x7f, which encodes as 0xff.
  expect([...again]).toEqual([...codes].map((code) => (codec === 'pcmu' && code === 0x7f ? 0xff : code)))
})
