import { SeededRandom, VirtualClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import type { SipCall, SipCallEvent } from '../src/sip-stack.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { type Fate, inviteTo, openPhone, type Packet, VirtualNetwork } from './support/virtual-network.ts'

/** What makes each message come again when it is lost: the message itself, or the request or answer it belongs to. */
const repeatedFor: Readonly<Record<string, string>> = {
  INVITE: 'INVITE',
  '401 INVITE': '401 INVITE',
  '180 INVITE': '180 INVITE',
  PRACK: 'PRACK',
  '200 PRACK': 'PRACK',
  '200 INVITE': '200 INVITE',
  BYE: 'BYE',
  '200 BYE': 'BYE',
}
const latencyMs = 10
const t1Ms = 500

type Side = 'caller' | 'callee'

/**
 * A call with everything in it: challenged, rung reliably, answered after a second, changed by re-INVITE and ended, the
 * last two by `actor`.
 */
async function runCall(actor: Side, fate: Fate) {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  network.fate = fate
  const events: Record<Side, SipCallEvent[]> = { caller: [], callee: [] }
  const calls: Partial<Record<Side, SipCall>> = {}
  const listen = (side: Side) => (event: SipCallEvent) => {
    events[side].push(event)
    if (event.type === 'reoffer') calls[side]?.reanswer(event.id, sdpOf(7_000))
  }
  await openPhone(
    network,
    clock,
    'callee.test',
    (call) => {
      calls.callee = call
      call.listen(listen('callee'))
      call.ring()
      clock.setTimer(clock.nowMs() + 1_000, () => call.answer(sdpOf(5_000)))
    },
    { inboundAccounts: () => [{ username: 'u', password: 'p' }] },
  )
  const caller = await openPhone(network, clock, 'caller.test')
  const invite = inviteTo('callee.test', { credentials: { username: 'u', password: 'p' }, reliable: 'required' })
  calls.caller = caller.agent.invite(invite, listen('caller'))
  await clock.advance(10_000)
  calls[actor]?.reoffer(1, sdpOf(6_000))
  await clock.advance(10_000)
  calls[actor]?.hangup()
  await clock.advance(120_000)
  return { events, sent: network.sent, pendingTimers: clock.pendingTimers }
}

const messages: readonly string[] = [
  ...['INVITE', '401 INVITE', 'ACK', 'INVITE', '100 INVITE', '180 INVITE', 'PRACK', '200 PRACK', '200 INVITE', 'ACK'],
  ...['INVITE', '100 INVITE', '200 INVITE', 'ACK'],
  ...['BYE', '200 BYE'],
]

function expectComplete(actor: Side, call: Awaited<ReturnType<typeof runCall>>): void {
  const seen = (side: Side) =>
    call.events[side].filter((event) => event.type !== 'trying' && event.type !== 'ringing').map((event) => event.type)
  const change = { acting: 'reoffer.answered', other: 'reoffer' }
  expect(seen('caller')).toEqual(['answered', actor === 'caller' ? change.acting : change.other, 'bye'])
  expect(seen('callee')).toEqual([actor === 'callee' ? change.acting : change.other, 'bye'])
  expect(call.pendingTimers).toBe(0)
}

/** When the message that makes up for the loss of `lost` is due: T1 after it was sent first. */
function repeatOf(
  lost: Packet,
  sent: readonly Packet[],
): { readonly label: string; readonly atMs: number } | undefined {
  const before = sent.filter((packet) => packet.atMs <= lost.atMs)
  const acknowledged = before.findLast(({ label }) => label === '401 INVITE' || label === '200 INVITE')?.label
  const label = lost.label === 'ACK' ? acknowledged : repeatedFor[lost.label]
  const first = before.findLast((packet) => packet.label === label)
  return label !== undefined && first ? { label, atMs: first.atMs + t1Ms } : undefined
}

describe.each(['caller', 'callee'] as const)('a call changed and ended by the %s', (actor) => {
  const indices = messages.map((label, index) => [index, label] as const)

  test('consists of the messages of the RFCs', async () => {
    const call = await runCall(actor, () => [latencyMs])
    expect(call.sent.map(({ label }) => label)).toEqual(messages)
    expectComplete(actor, call)
  })

  test.each(indices)('completes when message %i, %s, is lost, which comes again after T1', async (index) => {
    const call = await runCall(actor, (_packet, at) => (at === index ? [] : [latencyMs]))
    expectComplete(actor, call)
    const lost = call.sent[index] as Packet // every index is of a message of the undisturbed call
    const repeat = repeatOf(lost, call.sent)
    // A lost 100 is made up for by the next response.
    if (repeat)
      expect(call.sent.filter(({ label }) => label === repeat.label).map(({ atMs }) => atMs)).toContain(repeat.atMs)
    else expect(lost.label).toBe('100 INVITE')
  })

  test.each(indices)('completes when message %i, %s, arrives twice', async (index) => {
    for (const laterMs of [1, 40, 700]) {
      const call = await runCall(actor, (_packet, at) =>
        at === index ? [latencyMs, latencyMs + laterMs] : [latencyMs],
      )
      expectComplete(actor, call)
    }
  })

  test.each(indices)('completes when message %i, %s, arrives after its successor', async (index) => {
    const { sent } = await runCall(actor, () => [latencyMs])
    const late = sent[index] as Packet
    const successor = sent.find(({ from }, at) => at > index && from === late.from)
    const delayMs = (successor?.atMs ?? late.atMs) - late.atMs + latencyMs + 1
    expectComplete(actor, await runCall(actor, (_packet, at) => [at === index ? delayMs : latencyMs]))
  })

  test('completes when every message arrives twice', async () => {
    expectComplete(actor, await runCall(actor, () => [latencyMs, latencyMs + 5]))
  })

  test('ends once on either side and leaves no timer under heavy loss, doubling and reordering', async () => {
    const terminal = new Set(['rejected', 'failed', 'bye'])
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = new SeededRandom(seed)
      const call = await runCall(actor, () => {
        const copies = random.next() < 0.25 ? 0 : random.between(1, 2)
        return Array.from({ length: copies }, () => random.between(5, 900))
      })
      for (const side of ['caller', 'callee'] as const) {
        const types = call.events[side].map((event) => event.type)
        expect(types.filter((type) => terminal.has(type)).length, `seed ${seed}, ${side}: ${types.join(' ')}`).toBe(1)
        expect(terminal.has(types.at(-1) ?? ''), `seed ${seed}, ${side}: ${types.join(' ')}`).toBe(true)
      }
      expect(call.pendingTimers, `seed ${seed}`).toBe(0)
    }
  })
})
