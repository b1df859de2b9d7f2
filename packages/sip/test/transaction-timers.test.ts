import { VirtualClock } from '@parley/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import type { SipCallEvent } from '../src/sip-stack.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork, type VirtualPhone } from './support/virtual-network.ts'

const invite = inviteTo('callee.test')

let clock: VirtualClock
let network: VirtualNetwork
let caller: VirtualPhone
let callee: VirtualPhone
let events: SipCallEvent[]

beforeEach(async () => {
  clock = new VirtualClock()
  network = new VirtualNetwork(clock)
  caller = await openPhone(network, clock, 'caller.test')
  callee = await openPhone(network, clock, 'callee.test')
  events = []
})

const dial = () => caller.agent.invite(invite, (event) => events.push(event))
/** Loses every message with that label. */
const lose = (...labels: string[]) => {
  network.fate = (packet) => (labels.includes(packet.label) ? [] : [10])
}
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0))

describe('RFC 3261 timers over UDP', () => {
  test('A and B: an INVITE without response is repeated with doubling intervals and given up after 32 s', async () => {
    lose('INVITE')
    dial()
    await clock.advance(31_999)
    expect(network.timesOf('caller.test', 'INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
    expect(events).toEqual([])
    await clock.advance(1)
    expect(events).toEqual([{ type: 'failed', cause: 'timeout', detail: 'no final response' }])
    expect(clock.pendingTimers).toBe(0)
  })

  test('D: a repeated failure response is acknowledged again for 32 s', async () => {
    dial()
    await clock.advance(100)
    lose('ACK')
    callee.calls[0]?.reject(486, 'Busy Here')
    await clock.advance(31_900)
    const acks = network.timesOf('caller.test', 'ACK').length
    expect(acks).toBe(network.timesOf('callee.test', '486 INVITE').length)
    await clock.advance(40_000)
    expect(clock.pendingTimers).toBe(0)
  })

  test('E and F: a BYE is repeated up to every 4 s and given up after 32 s', async () => {
    const call = dial()
    await clock.advance(100)
    callee.calls[0]?.answer(sdpOf(5_000))
    await clock.advance(100)
    lose('BYE')
    call.hangup()
    await clock.advance(40_000)
    const times = network.timesOf('caller.test', 'BYE')
    expect(gaps(times)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000])
    expect(events.at(-1)).toEqual({ type: 'bye' })
  })

  test('G and H: a refusal is repeated until its ACK, at most for 32 s', async () => {
    dial()
    await clock.advance(100)
    lose('ACK')
    callee.calls[0]?.reject(486, 'Busy Here')
    await clock.advance(60_000)
    const times = network.timesOf('callee.test', '486 INVITE')
    expect(gaps(times)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000])
  })

  test('I: repeated ACKs are absorbed for 5 s, then the transaction is gone', async () => {
    dial()
    await clock.advance(100)
    callee.calls[0]?.reject(486, 'Busy Here')
    await clock.advance(4_900)
    const before = clock.pendingTimers
    await clock.advance(200)
    expect(clock.pendingTimers).toBe(before - 1)
  })

  test('J and K: the answer to a repeated BYE is sent again for 32 s', async () => {
    const call = dial()
    await clock.advance(100)
    callee.calls[0]?.answer(sdpOf(5_000))
    await clock.advance(100)
    lose('200 BYE')
    call.hangup()
    await clock.advance(31_000)
    const requests = network.timesOf('caller.test', 'BYE').length
    expect(network.timesOf('callee.test', '200 BYE')).toHaveLength(requests)
    expect(callee.events).toEqual([{ type: 'bye' }])
    await clock.advance(70_000)
    expect(clock.pendingTimers).toBe(0)
  })

  test('L and M: a 2xx is repeated until its ACK; without one the callee ends the call after 32 s', async () => {
    dial()
    await clock.advance(100)
    lose('ACK')
    callee.calls[0]?.answer(sdpOf(5_000))
    await clock.advance(31_000)
    const answers = network.timesOf('callee.test', '200 INVITE')
    expect(gaps(answers)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000, 4_000, 4_000])
    expect(network.timesOf('caller.test', 'ACK')).toHaveLength(answers.length)
    await clock.advance(2_000)
    expect(callee.events).toEqual([{ type: 'failed', cause: 'timeout', detail: 'no ACK' }])
    expect(events.at(-1)).toEqual({ type: 'bye' })
    await clock.advance(70_000)
    expect(clock.pendingTimers).toBe(0)
  })

  test('CANCEL waits for a provisional response and the INVITE is not repeated meanwhile', async () => {
    lose('100 INVITE')
    const call = dial()
    await clock.advance(5)
    call.hangup()
    expect(events).toEqual([{ type: 'rejected', status: 487, reason: 'given up before any response' }])
    await clock.advance(1_000)
    expect(network.labels).toEqual(['INVITE', '100 INVITE'])
    callee.calls[0]?.ring()
    await clock.advance(100)
    expect(network.labels).toContain('CANCEL')
    expect(callee.events).toEqual([{ type: 'bye' }])
    expect(events).toHaveLength(1)
  })

  test('a callee that never ends its INVITE after CANCEL is given up after 32 s', async () => {
    const call = dial()
    await clock.advance(100)
    lose('487 INVITE')
    call.hangup()
    await clock.advance(31_900)
    expect(events.map((event) => event.type)).toEqual(['trying'])
    await clock.advance(200)
    expect(events.at(-1)).toMatchObject({ type: 'failed', cause: 'timeout' })
  })

  test('a 200 that crosses our CANCEL is acknowledged and ended by BYE', async () => {
    const call = dial()
    await clock.advance(100)
    callee.calls[0]?.ring()
    await clock.advance(100)
    call.hangup()
    callee.calls[0]?.answer(sdpOf(5_000))
    await clock.advance(200)
    expect(network.labels.slice(-6)).toEqual(['CANCEL', '200 INVITE', '200 CANCEL', 'ACK', 'BYE', '200 BYE'])
    expect(events.at(-1)).toMatchObject({ type: 'rejected', status: 487 })
    expect(callee.events).toEqual([{ type: 'bye' }])
    await clock.advance(70_000)
    expect(clock.pendingTimers).toBe(0)
  })

  test('BYE crossing BYE ends both sides once', async () => {
    const call = dial()
    await clock.advance(100)
    callee.calls[0]?.answer(sdpOf(5_000))
    await clock.advance(100)
    call.hangup()
    callee.calls[0]?.hangup()
    await clock.advance(100)
    expect(network.labels.filter((label) => label === '200 BYE')).toHaveLength(2)
    expect(events.filter((event) => event.type === 'bye')).toHaveLength(1)
    expect(callee.events).toEqual([{ type: 'bye' }])
    await clock.advance(70_000)
    expect(clock.pendingTimers).toBe(0)
  })

  test('a BYE of the callee waits for the ACK of its answer', async () => {
    dial()
    await clock.advance(100)
    lose('ACK')
    callee.calls[0]?.answer(sdpOf(5_000))
    callee.calls[0]?.hangup()
    await clock.advance(2_000)
    expect(network.labels).not.toContain('BYE')
    network.fate = () => [10]
    await clock.advance(5_000)
    expect(network.timesOf('callee.test', 'BYE')).toHaveLength(1)
    expect(events.at(-1)).toEqual({ type: 'bye' })
  })
})
