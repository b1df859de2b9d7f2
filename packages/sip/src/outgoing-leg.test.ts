import { type LegEvent, legId, silentLogger } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import type { GatewayFailure } from './gateway-health.ts'
import { OutgoingLeg } from './outgoing-leg.ts'
import type { OutgoingInvite, SipCallListener, SipStack } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

interface Attempt {
  readonly invite: OutgoingInvite
  readonly listener: SipCallListener
  hungUp: boolean
}

/** A stack whose far end is the test. */
class ManualStack implements SipStack {
  readonly attempts: Attempt[] = []
  /** Fails the attempts to this host before `invite` returns. */
  failsAtOnce: string | undefined
  readonly counters = { received: 0, malformed: 0, dropped: 0, refused: 0, live: 0 }

  portOf(): undefined {}

  invite(invite: OutgoingInvite, listener: SipCallListener) {
    const attempt = { invite, listener, hungUp: false }
    this.attempts.push(attempt)
    if (invite.hop.host === this.failsAtOnce) listener({ type: 'failed', cause: 'transport', detail: 'x' })
    return {
      sipCallId: String(this.attempts.length),
      hangup: () => {
        attempt.hungUp = true
      },
      reanswer() {},
      refuse() {},
      reoffer() {},
      refer() {},
      replacesTarget: () => undefined,
      sendKey() {},
    }
  }

  register() {
    return { isRegistered: false, lastFailure: undefined, close() {} }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

let clock: VirtualClock
let stack: ManualStack
let events: LegEvent[]
let faults: string[]
let failures: GatewayFailure[]
let answers: string[]

beforeEach(() => {
  clock = new VirtualClock()
  stack = new ManualStack()
  events = []
  faults = []
  failures = []
  answers = []
})

function start(callee = '100', more: Partial<TrunkConfig> = {}): OutgoingLeg {
  const gateways = ['a', 'b'].map((host) => ({ host, port: 5060, transport: 'udp' as const }))
  const leg = new OutgoingLeg({
    stack,
    clock,
    logger: silentLogger,
    trunk: { name: 't', gateways, auth: { kind: 'none' }, numbers: [], ...more },
    request: { leg: legId('l'), trunk: 't', caller: '200', callee, sdp: 'v=0' },
    targets: gateways.map((gateway) => ({ gateway, hop: gateway })),
    emit: (event) => events.push(event),
    onGatewayAnswer: (hop) => answers.push(hop.host),
    onGatewayFault: (hop, failure) => {
      faults.push(hop.host)
      failures.push(failure)
    },
  })
  leg.start()
  return leg
}

const tried = () => stack.attempts.map(({ invite }) => invite.hop.host)
const tell = (attempt: number, event: Parameters<SipCallListener>[0]) => stack.attempts[attempt]?.listener(event)
const rejected = (status: number) => ({ type: 'rejected', status, reason: 'x' }) as const

describe('failover', () => {
  test.each([408, 500, 502, 503, 504])('%i moves on', (status) => {
    start()
    tell(0, rejected(status))
    expect(tried()).toEqual(['a', 'b'])
    expect(faults).toEqual(['a'])
    tell(1, rejected(status))
    expect(events).toEqual([rejected(status)])
  })

  test.each([302, 403, 404, 480, 484, 486, 487, 501, 600, 603])('%i is the callee speaking', (status) => {
    start()
    tell(0, rejected(status))
    expect(tried()).toEqual(['a'])
    expect(events).toEqual([rejected(status)])
    expect(faults).toEqual([])
  })

  test.each(['timeout', 'transport'] as const)('a %s moves on', (cause) => {
    start()
    tell(0, { type: 'failed', cause, detail: '' })
    expect(tried()).toEqual(['a', 'b'])
  })

  test('refused credentials do not', () => {
    start()
    tell(0, { type: 'failed', cause: 'auth', detail: '' })
    expect(tried()).toEqual(['a'])
  })

  test('a phone that rang is never called again by another gateway', () => {
    start()
    tell(0, { type: 'ringing', status: 180 })
    tell(0, rejected(503))
    expect(tried()).toEqual(['a'])
    expect(events.at(-1)).toEqual(rejected(503))
  })

  test('a silent gateway is left after four seconds and its late events are ignored', async () => {
    start()
    await clock.advance(4_000)
    expect(tried()).toEqual(['a', 'b'])
    expect(stack.attempts[0]?.hungUp).toBe(true)
    tell(0, { type: 'answered', sdp: 'late' })
    tell(1, { type: 'trying' })
    await clock.advance(5_000)
    tell(1, { type: 'answered', sdp: 'good' })
    expect(events).toEqual([{ type: 'answered', sdp: 'good' }])
  })

  test('silence everywhere is a timeout', async () => {
    start()
    await clock.advance(8_000)
    expect(events).toMatchObject([{ type: 'failed', cause: 'timeout' }])
    expect(faults).toEqual(['a', 'b'])
    expect(clock.pendingTimers).toBe(0)
  })

  test('a gateway that fails at once does not take the place of the next one', () => {
    stack.failsAtOnce = 'a'
    const leg = start()
    expect(tried()).toEqual(['a', 'b'])
    leg.hangup()
    expect(stack.attempts.map(({ hungUp }) => hungUp)).toEqual([false, true])
  })

  test('the trunk says how long silence may last', async () => {
    start('100', { failover: { firstResponseMs: 500 } })
    await clock.advance(500)
    expect(tried()).toEqual(['a', 'b'])
  })

  test('the trunk says which answers move on', () => {
    start('100', { failover: { statuses: [480] } })
    tell(0, rejected(480))
    expect(tried()).toEqual(['a', 'b'])
    tell(1, rejected(503))
    expect(events).toEqual([rejected(503)])
  })

  test('the time a gateway asks for is passed on', () => {
    start()
    tell(0, { ...rejected(503), retryAfterS: 90 })
    expect(failures).toEqual([{ detail: '503 x', retryAfterS: 90 }])
  })

  test('any response proves a gateway, once', () => {
    start()
    tell(0, { type: 'trying' })
    tell(0, { type: 'ringing', status: 180 })
    tell(0, rejected(486))
    expect(answers).toEqual(['a'])
  })

  test('a call that was hung up is not tried again', () => {
    const leg = start()
    leg.hangup()
    tell(0, rejected(503))
    expect(tried()).toEqual(['a'])
  })
})

test('endless ringing ends at the set-up deadline', async () => {
  start('100', { setupTimeoutMs: 60_000 })
  tell(0, { type: 'ringing', status: 180 })
  await clock.advance(60_000)
  expect(events.at(-1)).toMatchObject({ type: 'rejected', status: 408 })
  expect(stack.attempts[0]?.hungUp).toBe(true)
})

test('a gateway that never gets beyond 100 ends as a failure', async () => {
  start('100', { setupTimeoutMs: 60_000 })
  tell(0, { type: 'trying' })
  await clock.advance(60_000)
  expect(events).toEqual([{ type: 'failed', cause: 'timeout', detail: 'set-up deadline' }])
  expect(stack.attempts[0]?.hungUp).toBe(true)
})

test('an answered call outlives the set-up deadline', async () => {
  start('100', { setupTimeoutMs: 60_000 })
  tell(0, { type: 'answered', sdp: 'x' })
  await clock.advance(100_000)
  expect(events).toEqual([{ type: 'answered', sdp: 'x' }])
  expect(clock.pendingTimers).toBe(0)
})

test('a number with line ends is never sent', () => {
  start('100\r\nX-Evil: 1')
  expect(tried()).toEqual([])
  expect(events).toMatchObject([{ type: 'failed', cause: 'protocol' }])
})

test('number rules and credentials of the trunk apply', () => {
  start('008613012345678', {
    calleeFormat: 'e164',
    prefix: '77',
    fromDomain: 'carrier.example',
    auth: { kind: 'digest', username: 'u', password: 'p' },
  })
  expect(stack.attempts[0]?.invite).toMatchObject({
    requestUri: 'sip:77+8613012345678@a',
    from: '<sip:200@carrier.example>',
    credentials: { username: 'u', password: 'p' },
  })
})
