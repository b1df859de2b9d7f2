import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { looksLikeRtcp, newRtpHeader, parseRtp, rtpHeaderBytes, writeRtpHeader } from './rtp-packet.ts'

test('a written header is read back', () => {
  const packet = new Uint8Array(rtpHeaderBytes + 160)
  writeRtpHeader(packet, true, 101, 65_535, 0xfffffff0, 0x89abcdef)
  const header = newRtpHeader()
  expect(parseRtp(packet, header)).toBe(true)
  expect(header).toEqual({
    marker: true,
    payloadType: 101,
    sequence: 65_535,
    timestamp: 0xfffffff0,
    ssrc: 0x89abcdef,
    payloadStart: 12,
    payloadEnd: 172,
  })
})

test('contributing sources, extension and padding are left out of the payload', () => {
  const header = newRtpHeader()
  const packet = Uint8Array.from([
    ...[0x80 | 0x20 | 0x10 | 1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
    ...[9, 9, 9, 9],
    ...[0xbe, 0xde, 0, 1, 7, 7, 7, 7],
    ...[50, 51, 52],
    ...[0, 2],
  ])
  expect(parseRtp(packet, header)).toBe(true)
  expect([...packet.subarray(header.payloadStart, header.payloadEnd)]).toEqual([50, 51, 52])
})

test.each([
  ['too short', [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
  ['version 1', [0x40, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['more sources than bytes', [0x8f, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['an extension beyond the end', [0x90, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]],
  ['padding longer than the packet', [0xa0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 200]],
  ['padding of nothing', [0xa0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
])('%s is refused', (_name, bytes) => {
  expect(parseRtp(Uint8Array.from(bytes), newRtpHeader())).toBe(false)
})

test('ten thousand random datagrams never throw and never point outside themselves', () => {
  const random = new SeededRandom(11)
  const header = newRtpHeader()
  for (let round = 0; round < 10_000; round += 1) {
    const datagram = random.bytes(random.between(0, 60))
    if (round % 2 === 0 && datagram.length > 0) datagram[0] = 0x80 | ((datagram[0] as number) & 0x3f)
    looksLikeRtcp(datagram)
    if (!parseRtp(datagram, header)) continue
    expect(header.payloadStart).toBeLessThanOrEqual(header.payloadEnd)
    expect(header.payloadEnd).toBeLessThanOrEqual(datagram.length)
  }
})
