import { expect, test } from 'vitest'
import { AesCounter } from './aes-counter.ts'
import { deriveSessionKeys } from './key-derivation.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (of: Uint8Array) => Buffer.from(of).toString('hex').toUpperCase()

test('the key stream is that of RFC 3711 appendix B.2', () => {
  const data = new Uint8Array(48)
  const iv = bytes('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000')
  new AesCounter(bytes('2B7E151628AED2A6ABF7158809CF4F3C')).apply(iv, data, 0, 48)
  expect(hex(data)).toBe(
    'E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0',
  )
})

test('bytes outside of the stretch stay, and twice encrypted is plain again', () => {
  const cipher = new AesCounter(bytes('2B7E151628AED2A6ABF7158809CF4F3C'))
  const data = new Uint8Array(1600).fill(7)
  cipher.apply(new Uint8Array(16), data, 5, 5 + AesCounter.maxBytes)
  expect(data.subarray(0, 5).every((byte) => byte === 7)).toBe(true)
  expect(data.subarray(5 + AesCounter.maxBytes).every((byte) => byte === 7)).toBe(true)
  expect(data.subarray(5, 100).every((byte) => byte === 7)).toBe(false)
  cipher.apply(new Uint8Array(16), data, 5, 5 + AesCounter.maxBytes)
  expect(data.every((byte) => byte === 7)).toBe(true)
})

test('session keys are those of RFC 3711 appendix B.3', () => {
  const { rtp } = deriveSessionKeys(bytes('E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6'))
  expect(hex(rtp.cipherKey)).toBe('C61E7A93744F39EE10734AFE3FF7A087')
  expect(hex(rtp.salt)).toBe('30CBBC08863D8C85D49DB34A9AE1')
  expect(hex(rtp.authKey)).toBe('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4')
})
