import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { compactNtp, newPeerReports, readReport, writeReport } from './rtcp.ts'

const sender = { ssrc: 0x11223344, wallMs: 1_700_000_000_500, timestamp: 1600, packets: 10, bytes: 1600 }

test('a sender report with a block is understood by the other side', () => {
  const bytes = new Uint8Array(400)
  const wallMs = 1_700_000_001_000
  const block = {
    ssrc: 0xaabbccdd,
    fractionLost: 12,
    lost: -3,
    highestSequence: 70_000,
    jitter: 5,
    lastReport: compactNtp(wallMs - 150),
    sinceLastReport: Math.round(0.1 * 65_536),
  }
  const length = writeReport(bytes, sender, block, 'call', false)
  expect(length % 4).toBe(0)
  const reports = newPeerReports()
  readReport(bytes.subarray(0, length), 0xaabbccdd, 4000, wallMs, reports)
  expect(reports).toMatchObject({ lost: -3, fractionLost: 12, lastReportAtMs: 4000, saidGoodbye: false, malformed: 0 })
  expect(reports).toMatchObject({ jitter: 5, hasReported: true })
  expect(reports.lastReport).toBe(compactNtp(sender.wallMs))
  expect(reports.roundTripMs).toBeCloseTo(50, 0)
})

test('the last report of a silent receiver is RR, SDES and BYE', () => {
  const bytes = new Uint8Array(400)
  const length = writeReport(bytes, { ...sender, packets: 0 }, undefined, 'x', true)
  const types: number[] = []
  for (let at = 0; at < length; at += (((bytes[at + 2] as number) << 8) + (bytes[at + 3] as number) + 1) * 4) {
    types.push(bytes[at + 1] as number)
  }
  expect(types).toEqual([201, 202, 203])
  const reports = newPeerReports()
  readReport(bytes.subarray(0, length), 1, 0, 0, reports)
  expect(reports.saidGoodbye).toBe(true)
})

test('random bytes are counted, never thrown', () => {
  const random = new SeededRandom(5)
  const reports = newPeerReports()
  for (let round = 0; round < 5000; round += 1) {
    const bytes = random.bytes(random.between(0, 80))
    if (bytes.length > 1) {
      bytes[0] = 0x80 | ((bytes[0] as number) & 0x1f)
      bytes[1] = random.between(200, 204)
    }
    readReport(bytes, 1, 0, 0, reports)
  }
  expect(reports.malformed).toBeGreaterThan(1000)
})
