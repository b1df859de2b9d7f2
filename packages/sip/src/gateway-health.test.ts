import { VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { GatewayHealth } from './gateway-health.ts'
import type { SipHop } from './sip-stack.ts'

const hop: SipHop = { transport: 'udp', host: '192.0.2.1', port: 5060, profile: { name: 'a' } }
let clock: VirtualClock
let health: GatewayHealth

beforeEach(() => {
  clock = new VirtualClock()
  health = new GatewayHealth(clock)
})

test('a failure holds for 30 s, each further one in a row twice as long, five minutes at most', async () => {
  for (const seconds of [30, 60, 120, 240, 300, 300]) {
    health.failed(hop, { detail: 'x' })
    await clock.advance(seconds * 1_000 - 1)
    expect(health.isUp(hop)).toBe(false)
    await clock.advance(1)
    expect(health.isUp(hop)).toBe(true)
  }
})

test('an answer ends the quarantine and its growth', async () => {
  health.failed(hop, { detail: 'x' })
  health.answered(hop)
  expect(health.isUp(hop)).toBe(true)
  health.failed(hop, { detail: 'x' })
  await clock.advance(30_000)
  expect(health.isUp(hop)).toBe(true)
})

test('a Retry-After holds whatever the gateway answers meanwhile, ten minutes at most', async () => {
  health.failed(hop, { detail: '503', retryAfterS: 120 })
  health.answered(hop)
  await clock.advance(119_999)
  expect(health.isUp(hop)).toBe(false)
  await clock.advance(1)
  expect(health.isUp(hop)).toBe(true)
  health.failed(hop, { detail: '503', retryAfterS: 1_000_000 })
  await clock.advance(600_000)
  expect(health.isUp(hop)).toBe(true)
})

test('trunks and transports are judged apart, and the counts are told', () => {
  health.failed(hop, { detail: '503 Busy' })
  health.answered({ ...hop, profile: { name: 'b' } })
  expect(health.isUp({ ...hop, transport: 'tcp' })).toBe(true)
  expect(health.states()).toEqual([
    {
      ...{ trunk: 'a', transport: 'udp', host: '192.0.2.1', port: 5060 },
      ...{ isUp: false, answers: 0, failures: 1, lastFailure: '503 Busy' },
    },
    { trunk: 'b', transport: 'udp', host: '192.0.2.1', port: 5060, isUp: true, answers: 1, failures: 0 },
  ])
})
