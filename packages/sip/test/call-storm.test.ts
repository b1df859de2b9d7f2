import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { IncomingSipCall, SipCall, SipCallEvent } from '../src/sip-stack.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork } from './support/virtual-network.ts'

const runs = 250
const isTerminal = (event: SipCallEvent) => ['bye', 'rejected', 'failed'].includes(event.type)

/** Whatever the owners of both sides do, at whatever moment, on a bad network. */
async function storm(seed: number) {
  const random = new SeededRandom(seed)
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  const lossRate = random.pick([0, 0.1, 0.3])
  network.fate = () => (random.next() < lossRate ? [] : [random.between(1, 400)])
  const later = (act: () => void) => clock.setTimer(clock.nowMs() + random.between(0, 3_000), act)
  const decide = (call: IncomingSipCall) => {
    later(() => call.ring())
    const kind = random.between(0, 3)
    if (kind === 0) later(() => call.reject(486, 'Busy Here'))
    else later(() => call.answer(sdpOf(5_000)))
    if (kind === 1) later(() => call.hangup())
    clock.setTimer(clock.nowMs() + 20_000, () => call.hangup())
  }
  const callee = await openPhone(network, clock, 'callee.test', decide)
  const caller = await openPhone(network, clock, 'caller.test')
  const events: SipCallEvent[] = []
  const call: SipCall = caller.agent.invite(inviteTo('callee.test'), (event) => events.push(event))
  if (random.next() < 0.5) later(() => call.hangup())
  await clock.advance(300_000)
  return {
    types: events.map((event) => event.type),
    ends: events.filter(isTerminal).length,
    afterEnd: events.findIndex(isTerminal) === events.length - 1,
    remoteEnds: callee.events.filter(isTerminal).length,
    live: [caller.agent.counters.live, callee.agent.counters.live],
    pendingTimers: clock.pendingTimers,
  }
}

test(`${runs} stormy calls each end exactly once on either side and leave nothing behind`, async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= runs; seed += 1) {
    const { remoteEnds, types, ...result } = await storm(seed)
    const expected = { ends: 1, afterEnd: true, live: [0, 0], pendingTimers: 0 }
    expect(result, `seed ${seed}`).toEqual(expected)
    // A call the callee refused by itself has no event.
    expect(remoteEnds, `seed ${seed}`).toBeLessThanOrEqual(1)
    seen.add(types.join(' '))
  }
  // The storm reaches the cases it is for.
  for (const story of ['trying ringing answered bye', 'trying answered bye', 'trying ringing rejected', 'rejected']) {
    expect(seen).toContain(story)
  }
})
