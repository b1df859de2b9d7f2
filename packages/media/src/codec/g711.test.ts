import { expect, test } from 'vitest'
import { encodeG711, g711 } from './g711.ts'

const laws = ['PCMA', 'PCMU'] as const

test.each(laws)('every %s code word survives decoding and encoding', (law) => {
  const { encode, decode } = g711[law]
  for (let code = 0; code < 256; code += 1) {
    const again = encode[(decode[code] as number) & 0xffff] as number
    // µ-law has two zeros; they sound alike.
    expect(decode[again]).toBe(decode[code])
  }
})

test('known code words have the values of ITU-T G.711', () => {
  expect(g711.PCMA.silence).toBe(0xd5)
  expect(g711.PCMU.silence).toBe(0xff)
  expect(g711.PCMA.decode[0xd5]).toBe(8)
  expect(g711.PCMA.decode[0x55]).toBe(-8)
  expect(g711.PCMA.decode[0xaa]).toBe(32_256)
  expect(g711.PCMU.decode[0x80]).toBe(32_124)
  expect(g711.PCMU.decode[0x00]).toBe(-32_124)
  expect(g711.PCMU.decode[0xff]).toBe(0)
})

test.each(laws)('%s keeps every sample within half a step of its segment', (law) => {
  const { encode, decode } = g711[law]
  let previous = Number.NEGATIVE_INFINITY
  for (let sample = -32_768; sample <= 32_767; sample += 1) {
    const decoded = decode[encode[sample & 0xffff] as number] as number
    expect(decoded).toBeGreaterThanOrEqual(previous)
    previous = decoded
    expect(Math.abs(decoded - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 28 + 2))
  }
})

test('encoding writes only its stretch of the target', () => {
  const target = new Uint8Array(6).fill(1)
  encodeG711(g711.PCMA, Int16Array.of(0, 0), 2, target, 2)
  expect([...target]).toEqual([1, 1, 0xd5, 0xd5, 1, 1])
})
