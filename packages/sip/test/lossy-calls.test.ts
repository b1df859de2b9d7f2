import { SeededRandom, VirtualClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import type { SipCallEvent } from '../src/sip-stack.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { type Fate, inviteTo, openPhone, VirtualNetwork } from './support/virtual-network.ts'

const invite = inviteTo('callee.test')

/** One call: rings, is answered after a second, ended by `by` much later. */
async function runCall(fate: Fate, by: 'caller' | 'callee') {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  network.fate = fate
  const callee = await openPhone(network, clock, 'callee.test', (call) => {
    call.ring()
    clock.setTimer(clock.nowMs() + 1_000, () => call.answer(sdpOf(5_000)))
  })
  const caller = await openPhone(network, clock, 'caller.test')
  const events: SipCallEvent[] = []
  const call = caller.agent.invite(invite, (event) => events.push(event))
  await clock.advance(20_000)
  if (by === 'caller') call.hangup()
  else callee.calls[0]?.hangup()
  await clock.advance(120_000)
  return { events, remote: callee.events, labels: network.labels, pendingTimers: clock.pendingTimers }
}

const dropOnly =
  (lost: number): Fate =>
  (_packet, index) =>
    index === lost ? [] : [10]

describe.each(['caller', 'callee'] as const)('a call ended by the %s', (by) => {
  test('consists of the messages of the RFC and leaves no timer behind', async () => {
    const call = await runCall(() => [10], by)
    expect(call.labels).toEqual(['INVITE', '100 INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE'])
    expect(call.events.map((event) => event.type)).toEqual(['trying', 'ringing', 'answered', 'bye'])
    expect(call.remote).toEqual([{ type: 'bye' }])
    expect(call.pendingTimers).toBe(0)
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('completes when message %i is lost', async (lost) => {
    const call = await runCall(dropOnly(lost), by)
    expect(call.events.map((event) => event.type).filter((type) => type !== 'ringing')).toEqual([
      'trying',
      'answered',
      'bye',
    ])
    expect(call.remote).toEqual([{ type: 'bye' }])
    expect(call.pendingTimers).toBe(0)
  })

  test('completes when every message arrives twice', async () => {
    const call = await runCall(() => [10, 15], by)
    expect(call.events.map((event) => event.type)).toEqual(['trying', 'ringing', 'answered', 'bye'])
    expect(call.remote).toEqual([{ type: 'bye' }])
    expect(call.pendingTimers).toBe(0)
  })

  test('completes under heavy loss, duplication and reordering', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new SeededRandom(seed)
      const call = await runCall(() => {
        const copies = random.next() < 0.25 ? 0 : random.between(1, 2)
        return Array.from({ length: copies }, () => random.between(5, 300))
      }, by)
      const types = call.events.map((event) => event.type)
      expect(types.at(-1), `seed ${seed}: ${types.join(' ')}`).toBe('bye')
      expect(call.remote, `seed ${seed}`).toEqual([{ type: 'bye' }])
      expect(call.pendingTimers, `seed ${seed}`).toBe(0)
    }
  })
})
