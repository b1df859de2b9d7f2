import { expect, test } from 'vitest'
import { PeerLatch } from './peer-latch.ts'

const signalled = ['10.0.0.1', 4000] as const
const real = ['192.0.2.7', 31_000] as const
const attacker = ['198.51.100.66', 5555] as const

function newLatch(): PeerLatch {
  const latch = new PeerLatch()
  latch.signal(...signalled)
  return latch
}

test('we send to the address from SDP until another is confirmed', () => {
  const latch = newLatch()
  expect([latch.host, latch.port]).toEqual(signalled)
  expect(latch.accept(...real, 1, 10, 0)).toBe(false)
  expect(latch.accept(...real, 1, 11, 20)).toBe(false)
  expect([latch.host, latch.port]).toEqual(signalled)
  expect(latch.accept(...real, 1, 12, 40)).toBe(true)
  expect([latch.host, latch.port]).toEqual(real)
  expect(latch.isLatched).toBe(true)
})

test.each([
  ['another SSRC in between', [1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 5, 6]],
  ['sequence numbers that do not follow', [1, 1, 1, 1, 1], [5, 90, 2, 700, 31]],
  ['the same packet again and again', [1, 1, 1, 1, 1], [5, 5, 5, 5, 5]],
])('%s confirms nothing', (_name, ssrcs, sequences) => {
  const latch = newLatch()
  ssrcs.forEach((ssrc, i) => {
    expect(latch.accept(...attacker, ssrc, sequences[i] as number, i * 20)).toBe(false)
  })
  expect(latch.ignored).toBe(ssrcs.length)
})

test('while the peer flows nobody else takes over, however long he tries', () => {
  const latch = newLatch()
  for (let i = 0; i < 3; i += 1) latch.accept(...real, 1, i, i * 20)
  for (let i = 3; i < 1000; i += 1) {
    expect(latch.accept(...attacker, 9, i, i * 20)).toBe(false)
    expect(latch.accept(...real, 1, i, i * 20)).toBe(true)
  }
  expect(latch.host).toBe(real[0])
})

test('after a second of silence a new address is latched', () => {
  const latch = newLatch()
  for (let i = 0; i < 3; i += 1) latch.accept(...real, 1, i, i * 20)
  const moved = ['192.0.2.7', 40_000] as const
  expect(latch.accept(...moved, 1, 3, 900)).toBe(false)
  expect(latch.accept(...moved, 1, 4, 1060)).toBe(false)
  expect(latch.accept(...moved, 1, 5, 1080)).toBe(false)
  expect(latch.accept(...moved, 1, 6, 1100)).toBe(true)
  expect(latch.port).toBe(40_000)
})

test('the address from SDP takes the stream back from a squatter', () => {
  const latch = newLatch()
  for (let i = 0; i < 3; i += 1) latch.accept(...attacker, 9, i, i * 20)
  expect(latch.host).toBe(attacker[0])
  latch.accept(...signalled, 1, 50, 60)
  latch.accept(...signalled, 1, 51, 80)
  expect(latch.accept(...signalled, 1, 52, 100)).toBe(true)
  expect(latch.host).toBe(signalled[0])
  expect(latch.isLatched).toBe(false)
})

test('a re-offer with a new address moves at once; the same address again changes nothing', () => {
  const latch = newLatch()
  for (let i = 0; i < 3; i += 1) latch.accept(...real, 1, i, i * 20)
  latch.signal(...signalled)
  expect(latch.host).toBe(real[0])
  latch.signal('10.0.0.2', 6000)
  expect([latch.host, latch.port]).toEqual(['10.0.0.2', 6000])
  expect(latch.accept('10.0.0.2', 6000, 5, 1, 100)).toBe(true)
})
