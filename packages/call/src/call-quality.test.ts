import { expect, test } from 'vitest'
import { callQuality } from './call-quality.ts'

const statistics = {
  packetsSent: 500,
  packetsReceived: 490,
  packetsLost: 10,
  packetsDiscarded: 3,
  jitterMs: 1.26,
  lateTicks: 0,
}

test('a stream that agreed on nothing has no quality', () => {
  expect(callQuality(statistics)).toBeUndefined()
})

test('what the peer did not report is absent', () => {
  expect(callQuality({ ...statistics, codec: 'PCMA', mos: 4.1 })).toEqual({
    codec: 'PCMA',
    encrypted: false,
    uplink: { packetsReceived: 490, packetsLost: 10, packetsDiscarded: 3, jitterMs: 1.3, mos: 4.1 },
    downlink: { packetsSent: 500, lateTicks: 0 },
  })
})

test('both directions are there when the peer reported', () => {
  const of = {
    ...statistics,
    codec: 'PCMU',
    isEncrypted: true,
    peerPacketsLost: 2,
    peerJitterMs: 4,
    peerMos: 4.4,
  } as const
  expect(callQuality({ ...of, roundTripMs: 31.04 })).toMatchObject({
    encrypted: true,
    downlink: { packetsSent: 500, packetsLost: 2, jitterMs: 4, mos: 4.4 },
    roundTripMs: 31,
  })
})
