import { type InviteDecision, legId } from '@parley/core'
import { describe, expect, test } from 'vitest'
import type { TrunkConfig } from '../src/trunk-config.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { carrierHost, type InviteFields, openTrunkHouse } from './support/trunk-house.ts'

const ourNumber = '+8675512345678'
const trunk = (more: Partial<TrunkConfig> = {}): TrunkConfig => ({
  name: 'carrier',
  gateways: [{ host: carrierHost, port: 5060, transport: 'udp' }],
  auth: { kind: 'none' },
  numbers: [ourNumber],
  ...more,
})

const never = () => new Promise<InviteDecision>(() => {})
const house = (more: Partial<TrunkConfig> = {}, decide: () => Promise<InviteDecision> = never) =>
  openTrunkHouse([trunk(more)], decide)

test('a caller hears 180 at once however long the handler thinks', async () => {
  const { invite } = await house()
  expect(await invite()).toEqual([100, 180])
})

test('the events of a call that has its reader are not kept once it is over', async () => {
  const timersAfterCancel = async (read: boolean) => {
    const { invite, carrier, clock, offered, signalling } = await house()
    await invite()
    const leg = offered[0]?.leg
    if (read && leg) void signalling.events(leg)
    carrier.sendLines(
      'CANCEL sip:+8675512345678@us.test SIP/2.0',
      'Via: SIP/2.0/UDP peer.test:5060;branch=z9hG4bK-in-1',
      'From: <sip:+8613900000001@peer.test>;tag=in-1',
      'To: <sip:+8675512345678@us.test>',
      'Call-ID: in-1',
      'CSeq: 1 CANCEL',
    )
    await clock.advance(30)
    return clock.pendingTimers
  }
  expect(await timersAfterCancel(true)).toBe((await timersAfterCancel(false)) - 1)
})

const party = (uri: string): InviteFields => ({
  uri: 'sip:account@us.test',
  to: '<sip:account@us.test>',
  headers: [`P-Called-Party-ID: ${uri}`],
})

describe('the called number is found', () => {
  test.each<[string, InviteFields]>([
    ['in the Request-URI', { uri: 'sip:075512345678@us.test', to: '<sip:s@us.test>' }],
    ['in To', { uri: 'sip:s@us.test', to: '<sip:8675512345678@us.test>' }],
    ['in P-Called-Party-ID', party('<sip:+8675512345678@carrier.test;user=phone>')],
    ['in a tel URI', { uri: 'tel:+86-755-1234-5678', to: '<tel:+1>' }],
    ['in a tel URI of a local number', { uri: 'tel:75512345678;phone-context=+86', to: '<tel:+1>' }],
    ['in a user part with its context', { uri: 'sip:75512345678;phone-context=+86@us.test;user=phone' }],
    ['with an international prefix', { uri: 'sip:008675512345678@us.test' }],
  ])('%s', async (_where, fields) => {
    const { invite, offered } = await house()
    expect(await invite(fields)).toEqual([100, 180])
    expect(offered).toMatchObject([{ callee: ourNumber, trunk: 'carrier' }])
  })
})

describe('limits', () => {
  test('calls at once: the next one is refused until one has ended', async () => {
    const { invite, carrier, clock } = await house({ inbound: { maxConcurrent: 2 } })
    expect(await invite()).toEqual([100, 180])
    expect(await invite()).toEqual([100, 180])
    expect(await invite()).toEqual([100, 486])
    expect(carrier.response('INVITE').headers.get('retry-after')).toBe('5')
    carrier.sendLines(
      'CANCEL sip:+8675512345678@us.test SIP/2.0',
      'Via: SIP/2.0/UDP peer.test:5060;branch=z9hG4bK-in-1',
      'From: <sip:+8613900000001@peer.test>;tag=in-1',
      'To: <sip:+8675512345678@us.test>',
      'Call-ID: in-1',
      'CSeq: 1 CANCEL',
    )
    await clock.advance(30)
    expect(await invite()).toEqual([100, 180])
  })

  test('a call that the handler refuses leaves its place', async () => {
    const { invite } = await house({ inbound: { maxConcurrent: 1 } }, async () => ({
      kind: 'reject',
      status: 480,
      reason: '',
    }))
    expect(await invite()).toEqual([100, 180, 480])
    expect(await invite()).toEqual([100, 180, 480])
  })

  test('calls per second: a burst of that many, then the pace', async () => {
    const { invite, clock, carrier } = await house({ inbound: { maxCps: 2, retryAfterS: 9 } })
    expect([await invite(), await invite()]).toEqual([
      [100, 180],
      [100, 180],
    ])
    expect(await invite()).toEqual([100, 503])
    expect(carrier.response('INVITE').headers.get('retry-after')).toBe('9')
    await clock.advance(500)
    expect(await invite()).toEqual([100, 180])
    expect(await invite()).toEqual([100, 503])
  })

  test('a source that floods does not use up the pace of its trunk', async () => {
    const { invite, peer } = await house({
      allowedSources: ['192.0.2.2'],
      inbound: { maxCps: 3, maxCpsPerSource: 1, rejectStatus: { rate: 480 } },
    })
    const flood = peer('192.0.2.2')
    const answers = []
    for (let call = 0; call < 5; call += 1) answers.push(await invite({}, flood))
    expect(answers.map((statuses) => statuses.at(-1))).toEqual([180, 480, 480, 480, 480])
    expect(await invite()).toEqual([100, 180])
  })

  test('a number may have limits of its own', async () => {
    const numbers = [{ number: ourNumber, maxConcurrent: 1 }, { number: '+8675587654321' }]
    const { invite } = await house({ numbers })
    expect(await invite()).toEqual([100, 180])
    expect(await invite()).toEqual([100, 486])
    expect(await invite({ uri: 'sip:+8675587654321@us.test' })).toEqual([100, 180])
  })
})

describe('nobody dials out through us', () => {
  const foreign = { uri: 'sip:+12125550123@us.test', to: '<sip:+12125550123@us.test>' }

  test('a call to a number that is not ours is refused', async () => {
    const { invite } = await house()
    expect(await invite(foreign)).toEqual([100, 404])
  })

  test('with the status of the trunk', async () => {
    const { invite } = await house({ inbound: { rejectStatus: { unknownNumber: 604 } } })
    expect(await invite(foreign)).toEqual([100, 604])
  })

  test.each<[string, InviteFields]>([
    ['another host in the Request-URI', { uri: 'sip:+12125550123@sip.other.test' }],
    ['a Route through us', { ...foreign, headers: ['Route: <sip:us.test;lr>, <sip:sip.other.test;lr>'] }],
    ['an asserted identity of ours', { ...foreign, headers: [`P-Asserted-Identity: <sip:${ourNumber}@us.test>`] }],
    ['our number as caller', { ...foreign, from: `<sip:${ourNumber}@us.test>` }],
    ['a Diversion', { ...foreign, headers: [`Diversion: <sip:${ourNumber}@us.test>;reason=unconditional`] }],
    ['our number in the password of the URI', { uri: `sip:x:${ourNumber}@us.test`, to: '<sip:x@us.test>' }],
    ['our number in a header of the URI', { uri: `sip:x@us.test?to=${ourNumber}`, to: '<sip:x@us.test>' }],
  ])('%s changes nothing: no INVITE leaves', async (_trick, fields) => {
    const { invite, network, offered } = await house()
    const statuses = await invite({ to: '<sip:+12125550123@us.test>', ...fields })
    expect(statuses.at(-1)).toBeGreaterThanOrEqual(400)
    expect(offered).toEqual([])
    expect(network.sent.filter(({ from, label }) => from === 'us.test' && !label.endsWith(' INVITE'))).toEqual([])
  })

  test.each(['REFER', 'SUBSCRIBE', 'PUBLISH', 'MESSAGE', 'REGISTER'])(
    '%s outside a call starts nothing',
    async (method) => {
      const { carrier, clock, network } = await house()
      carrier.sendLines(
        `${method} sip:${ourNumber}@us.test SIP/2.0`,
        'Via: SIP/2.0/UDP peer.test:5060;branch=z9hG4bK-other',
        'From: <sip:a@peer.test>;tag=a',
        `To: <sip:${ourNumber}@us.test>`,
        'Call-ID: other',
        `CSeq: 1 ${method}`,
        'Contact: <sip:a@peer.test>',
        'Refer-To: <sip:+12125550123@sip.other.test>',
      )
      await clock.advance(1_000)
      const ours = network.sent.filter(({ from }) => from === 'us.test').map(({ label }) => label)
      expect(ours).toHaveLength(1)
      expect(ours[0]).toMatch(new RegExp(`^(403|405|501|603) ${method}$`))
    },
  )
})

test('a source of no trunk gets no answer, whatever it claims to be', async () => {
  const { invite, peer, network, offered } = await house()
  const stranger = peer('203.0.113.9')
  await invite(
    { headers: [`Via: SIP/2.0/UDP ${carrierHost};branch=z9hG4bK1`, 'P-Asserted-Identity: <tel:+1>'] },
    stranger,
  )
  await invite({ from: `<sip:x@${carrierHost}>` }, stranger)
  expect(network.sent.filter(({ from }) => from === 'us.test')).toEqual([])
  expect(offered).toEqual([])
})

test('an identity asserted by a caller is used only where From hides the number, and never sent on', async () => {
  const { invite, offered } = await house()
  await invite({ headers: ['P-Asserted-Identity: <sip:+8610000@peer.test>'] })
  await invite({
    from: '<sip:anonymous@anonymous.invalid>',
    headers: ['P-Asserted-Identity: <sip:+8610000@peer.test>'],
  })
  expect(offered.map(({ caller }) => caller)).toEqual(['+8613900000001', '+8610000'])
})

describe('loops', () => {
  test('a call of our own that comes back is refused, and the call itself goes on', async () => {
    const { signalling, carrier, invite, clock, offered } = await house()
    const request = {
      leg: legId('l'),
      trunk: 'carrier',
      caller: ourNumber,
      callee: '+8613012345678',
      sdp: sdpOf(4_000),
    }
    signalling.dial(request, new AbortController().signal)
    await clock.advance(30)
    const sipCallId = carrier.request('INVITE').headers.get('call-id') ?? ''
    expect(await invite({ sipCallId })).toEqual([482])
    expect(offered).toEqual([])
    expect(signalling.liveLegs).toBe(1)
  })

  test('a call without hops left is refused', async () => {
    const { invite } = await house()
    expect(await invite({ headers: ['Max-Forwards: 0'] })).toEqual([483])
  })
})

test('while the engine drains every call gets 503 and is told when to come back', async () => {
  const { signalling, invite, carrier } = await house()
  signalling.drain()
  expect(await invite()).toEqual([503])
  expect(carrier.response('INVITE').headers.get('retry-after')).toBe('30')
})

test('headers that a trunk names are handed on, others are not', async () => {
  const { invite, offered } = await house({ inbound: { variables: ['X-Customer', 'user-to-user'] } })
  await invite({ headers: ['x-customer: Zo\u00eb\t4711', 'X-Other: 1'] })
  expect(offered.at(-1)?.variables).toEqual({ 'X-Customer': 'Zo\u00eb 4711', 'user-to-user': '' })
  const plain = await house()
  await plain.invite({ headers: ['X-Customer: 1'] })
  expect(plain.offered.at(-1)).not.toHaveProperty('variables')
})
