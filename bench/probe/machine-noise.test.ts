import { expect, test } from 'vitest'
import { monotonicNs } from '../monotonic.ts'
import { isClean, startProbes } from './machine-noise.ts'

test('a window is clean when stalls take less than a millisecond of it', () => {
  const noise = { usefulShare: 1, stalls: [{ fromNs: 10e6, toNs: 20e6 }] }
  expect(isClean(noise, 0, 10.5e6)).toBe(true)
  expect(isClean(noise, 0, 12e6)).toBe(false)
  expect(isClean(noise, 21e6, 30e6)).toBe(true)
})

test('the probes report a share of the core and stalls on the common clock', async () => {
  await using probes = await startProbes(30)
  const beforeNs = monotonicNs()
  const noise = await probes.collect()
  expect(noise.usefulShare).toBeGreaterThan(0)
  expect(noise.usefulShare).toBeLessThan(1.1)
  for (const stall of noise.stalls) {
    expect(stall.toNs - stall.fromNs).toBeGreaterThan(6e6)
    expect(Math.abs(stall.toNs - beforeNs)).toBeLessThan(60e9)
  }
})
