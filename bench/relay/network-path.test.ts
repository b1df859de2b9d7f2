import { expect, test } from 'vitest'
import { quantile } from '../statistics.ts'
import { NetworkPath } from './network-path.ts'
import { type NetworkName, networkProfiles } from './network-profile.ts'

const packets = 200_000
const fates = (name: NetworkName, seed = 1, length = packets) => {
  const path = new NetworkPath(networkProfiles[name], seed)
  return Array.from({ length }, (_, index) => path.fate(index * 20))
}
const share = (all: readonly (readonly number[])[], of: (fate: readonly number[]) => boolean) =>
  all.filter(of).length / all.length

test('a clean network passes everything at once', () => {
  expect(fates('clean').every((fate) => fate.length === 1 && fate[0] === 0)).toBe(true)
})

test.each([
  ['wifi', 0.003, 1],
  ['mobile', 0.01, 2],
  ['bad', 0.03, 4],
] as const)('%s loses its share of packets in runs of its mean length', (name, loss, meanBurst) => {
  const all = fates(name)
  const lost = all.map((fate) => fate.length === 0)
  const runs = lost.filter((isLost, index) => isLost && !lost[index - 1]).length
  const count = lost.filter(Boolean).length
  expect(count / packets).toBeGreaterThan(loss * 0.85)
  expect(count / packets).toBeLessThan(loss * 1.15)
  expect(count / runs).toBeGreaterThan(meanBurst * 0.9)
  expect(count / runs).toBeLessThan(meanBurst * 1.1)
})

test.each([
  ['lan', 2, 2, 4.4],
  ['wifi', 10, 10, 21.7],
  ['mobile', 40, 55, 100],
] as const)('%s delays by its percentiles', (name, leastMs, p50Ms, p99Ms) => {
  const delays = fates(name)
    .flatMap((fate) => fate[0] ?? [])
    .toSorted((a, b) => a - b)
  if (name === 'mobile') expect(delays[0]).toBeGreaterThanOrEqual(leastMs)
  expect(Math.abs(quantile(delays, 0.5) - p50Ms)).toBeLessThan(1)
  expect(Math.abs(quantile(delays, 0.99) - p99Ms)).toBeLessThan(3)
})

test('the bad network stalls for 120 ms every 5 to 10 s and then delivers all that waited at once', () => {
  const delays = fates('bad').map((fate) => fate[0])
  const isStalled = delays.map((delay) => delay !== undefined && delay > 80 + 99)
  const stalls = isStalled.filter((stalled, index) => stalled && !isStalled[index - 1]).length
  const minutes = (packets * 0.02) / 60
  expect(stalls / minutes).toBeGreaterThan(6.5)
  expect(stalls / minutes).toBeLessThan(9.5)
  expect(delays.every((delay) => delay === undefined || delay <= 80 + 120 + 30)).toBe(true)
})

test.each([
  ['wifi', 0.002, 0],
  ['mobile', 0.005, 0.001],
  ['bad', 0.02, 0.005],
] as const)('%s reorders and doubles as many as it says, and no more', (name, reorder, duplicates) => {
  const all = fates(name)
  let overtaken = 0
  all.forEach((fate, index) => {
    const next = all[index + 1]?.[0]
    if (fate[0] !== undefined && next !== undefined && index * 20 + fate[0] > (index + 1) * 20 + next) overtaken += 1
  })
  expect(overtaken / packets).toBeGreaterThan(reorder * 0.75)
  expect(overtaken / packets).toBeLessThan(reorder * 1.15)
  expect(Math.abs(share(all, (fate) => fate.length === 2) - duplicates)).toBeLessThan(duplicates * 0.2 + 1e-9)
})

test('the same seed gives the same network, another seed another', () => {
  expect(fates('bad', 7, 1_000)).toEqual(fates('bad', 7, 1_000))
  expect(fates('bad', 7, 1_000)).not.toEqual(fates('bad', 8, 1_000))
})
