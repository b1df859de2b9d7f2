import { expect, test } from 'vitest'
import type { RelayedPacket } from '../relay/protocol.ts'
import { NetworkDelays, type PhonePacket } from './network-delays.ts'

const at = (milliseconds: number) => milliseconds * 1e6
const turn = { call: 0, turn: 1, eosNs: at(1_000), v2vMs: 640, cutIn: false, words: [], networkMs: 0 }
const sent = (seq: number, atMs: number): PhonePacket => ({
  direction: 'sent',
  atNs: at(atMs),
  ssrc: 1,
  seq,
  isSpeech: true,
})
const packets: PhonePacket[] = [
  sent(10, 980),
  sent(11, 1_000),
  { direction: 'received', atNs: at(1_635), ssrc: 2, seq: 50, audible: { fromSample: 40 } },
]
const up = (seq: number, atMs: number, delayMs?: number): RelayedPacket => ({
  phonePort: 1,
  direction: 'up',
  ssrc: 1,
  seq,
  arrivedNs: at(atMs),
  ...(delayMs === undefined ? {} : { leftNs: at(atMs + delayMs) }),
})
const down: RelayedPacket = { ...up(50, 1_585, 50), direction: 'down', ssrc: 2 }

test('the delay of the last speech and of the first sound is taken out', () => {
  const delays = new NetworkDelays([up(10, 980, 30), up(11, 1_000, 40), down])
  expect(delays.onOurSide(turn, packets)).toMatchObject({ eosNs: at(1_040), v2vMs: 550, networkMs: 90 })
})

test('speech whose last packet is lost ended a packet earlier', () => {
  const delays = new NetworkDelays([up(10, 980, 30), up(11, 1_000), down])
  expect(delays.onOurSide(turn, packets)).toMatchObject({ eosNs: at(1_010), v2vMs: 580, networkMs: 60 })
})

test('a turn without an answer stays as it is', () => {
  const silent = { ...turn, v2vMs: null }
  expect(new NetworkDelays([down]).onOurSide(silent, packets)).toBe(silent)
})
