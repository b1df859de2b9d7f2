import { expect, test } from 'vitest'
import { newPeerReports } from '../rtp/rtcp.ts'
import { type LegFigures, qualityOfLeg } from './leg-quality.ts'

const clean: LegFigures = {
  codec: 'PCMA',
  packetsSent: 1000,
  packetsReceived: 1000,
  packetsLost: 0,
  packetsLate: 0,
  jitterMs: 2,
  ticksPerMs: 8,
  peer: newPeerReports(),
}

test('without reports of the peer there is a score of its voice only', () => {
  expect(qualityOfLeg(clean)).toEqual({ mos: expect.closeTo(4.4, 1) })
})

test('nothing received, nothing scored', () => {
  expect(qualityOfLeg({ ...clean, packetsReceived: 0 })).toEqual({})
})

test('lost and late packets count alike', () => {
  const lost = qualityOfLeg({ ...clean, packetsReceived: 900, packetsLost: 100 }).mos
  expect(qualityOfLeg({ ...clean, packetsLate: 100 }).mos).toBe(lost)
  expect(lost).toBeLessThan(3.5)
})

test('what the peer reports scores our voice, and the round trip scores both', () => {
  const peer = { ...newPeerReports(), hasReported: true, lost: 50, jitter: 80 }
  const near = qualityOfLeg({ ...clean, peer })
  expect(near.peerJitterMs).toBe(10)
  expect(near.peerMos).toBeLessThan(4.1)
  const far = qualityOfLeg({ ...clean, peer: { ...peer, roundTripMs: 600 } })
  expect(far.mos).toBeLessThan((near.mos ?? 0) - 0.3)
  expect(far.peerMos).toBeLessThan((near.peerMos ?? 0) - 0.3)
})

test('a report of nonsense loss stays within the scale', () => {
  const peer = { ...newPeerReports(), hasReported: true, lost: 8_000_000 }
  expect(qualityOfLeg({ ...clean, peer }).peerMos).toBeGreaterThanOrEqual(1)
  expect(qualityOfLeg({ ...clean, peer: { ...peer, lost: -20 } }).peerMos).toBeGreaterThan(4.3)
})
