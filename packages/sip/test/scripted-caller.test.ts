import { silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { UserAgent } from '../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../src/embedded/transaction/timer-values.ts'
import type { IncomingSipCall, RegistrationRequest, SipCallEvent } from '../src/sip-stack.ts'
import { ScriptedPeer } from './support/scripted-peer.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { VirtualNetwork } from './support/virtual-network.ts'

let clock: VirtualClock
let network: VirtualNetwork
let peer: ScriptedPeer
let agent: UserAgent
let calls: IncomingSipCall[]
let events: SipCallEvent[]
let draining: boolean

beforeEach(async () => {
  clock = new VirtualClock()
  network = new VirtualNetwork(clock)
  calls = []
  events = []
  draining = false
  agent = await UserAgent.open({
    owner: {
      knowsSource: (address) => address === 'peer.test',
      isDraining: () => draining,
      onInvite(call) {
        calls.push(call)
        call.listen((event) => events.push(event))
      },
    },
    clock,
    random: new SeededRandom(3),
    logger: silentLogger,
    timers: rfcTimers,
    userAgent: 'virtual',
    advertisedHost: 'us.test',
    openTransport: async (deliver) => network.attach('us.test', deliver),
  })
  peer = new ScriptedPeer(network, 'peer.test', 'us.test')
})

interface Fields {
  readonly uri?: string
  readonly branch?: string
  readonly via?: string
  readonly cseq?: number
  readonly to?: string
  readonly headers?: readonly string[]
}

async function send(method: string, fields: Fields = {}, from = peer): Promise<void> {
  const { uri = 'sip:100@us.test', branch = `z9hG4bK-${method}`, cseq = 1, to = '<sip:100@us.test>' } = fields
  from.sendLines(
    `${method} ${uri} SIP/2.0`,
    `Via: ${fields.via ?? `SIP/2.0/UDP peer.test:5060;branch=${branch}`}`,
    'From: <sip:200@peer.test>;tag=caller',
    `To: ${to}`,
    'Call-ID: scripted',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:200@peer.test>',
    ...(fields.headers ?? []),
  )
  await clock.advance(30)
}

const toTag = () => peer.response('INVITE').headers.get('to') ?? ''

test.each([
  ['an unknown URI scheme', 416, { uri: 'soap.beep://192.0.2.1' }],
  ['an extension we lack', 420, { headers: ['Require: teleport'] }],
  [
    'a call to replace that has to be replaced',
    420,
    { headers: ['Require: replaces', 'Replaces: a;to-tag=b;from-tag=c'] },
  ],
  ['a body that is no description', 415, { headers: ['Content-Type: text/plain', '', 'hello'] }],
  ['no hops left', 483, { headers: ['Max-Forwards: 0'] }],
  ['a session interval below the minimum', 422, { headers: ['Session-Expires: 60', 'Supported: timer'] }],
])('an INVITE with %s gets %i', async (_what, status, fields) => {
  await send('INVITE', fields)
  expect(peer.response('INVITE').status).toBe(status)
  expect(calls).toHaveLength(0)
})

test.each([
  ['REFER', 405],
  ['SUBSCRIBE', 405],
  ['FROBNICATE', 501],
  ['BYE', 481],
  ['INFO', 481],
])('%s outside a dialog gets %i', async (method, status) => {
  await send(method)
  expect(peer.response(method).status).toBe(status)
  if (status !== 481) expect(peer.response(method).headers.all('allow')).toContain('INVITE')
})

test('OPTIONS gets 200, and 503 with Retry-After while draining', async () => {
  await send('OPTIONS')
  expect(peer.response('OPTIONS').status).toBe(200)
  draining = true
  await send('OPTIONS', { branch: 'z9hG4bK-2', cseq: 2 })
  expect(peer.response('OPTIONS').status).toBe(503)
  expect(peer.response('OPTIONS').headers.get('retry-after')).toBe('30')
})

test('strangers and garbage get no answer at all', async () => {
  const stranger = new ScriptedPeer(network, 'stranger.test', 'us.test')
  await send('INVITE', {}, stranger)
  await send('OPTIONS', {}, stranger)
  for (const text of ['', '\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'INVITE sip:x SIP/2.0\r\n', '\0\0\0\0\0\0']) {
    stranger.sendBytes(Buffer.from(text))
    peer.sendBytes(Buffer.from(text))
  }
  await clock.advance(40_000)
  expect([stranger.received, peer.received]).toEqual([[], []])
  expect(calls).toHaveLength(0)
  expect(agent.counters.malformed).toBe(6)
  expect(agent.counters.dropped).toBe(2)
})

test('the same INVITE by another path is a loop', async () => {
  await send('INVITE')
  await send('INVITE', { branch: 'z9hG4bK-other' })
  expect(peer.response('INVITE').status).toBe(482)
  expect(calls).toHaveLength(1)
})

test('a Replaces that is no requirement is an ordinary call, whatever it says', async () => {
  for (const [at, value] of ['a;to-tag=b;from-tag=c', ';;;', 'a;to-tag=b;from-tag=c;early-only', ''].entries()) {
    await send('INVITE', { branch: `z9hG4bK-r${at}`, cseq: at + 1, headers: [`Replaces: ${value}`] })
    expect(peer.response('INVITE').status).toBe(100)
  }
  expect(calls).toHaveLength(4)
})

test('an INVITE that comes again after its answer is absorbed until the transaction is over', async () => {
  await send('INVITE')
  calls[0]?.answer(sdpOf(5_000))
  await clock.advance(30)
  await send('ACK', { branch: 'z9hG4bK-ack', to: toTag() })
  const before = peer.labels.length
  await clock.advance(31_000)
  await send('INVITE')
  expect(peer.labels).toHaveLength(before)
  expect(calls).toHaveLength(1)
})

test('a caller of RFC 2543 without branch is served: call, repeat, ACK, BYE', async () => {
  const invite: Fields = { branch: '1' }
  await send('INVITE', invite)
  calls[0]?.ring()
  await send('INVITE', invite)
  expect(calls).toHaveLength(1)
  calls[0]?.answer(sdpOf(5_000))
  await clock.advance(30)
  await send('ACK', { branch: '1', to: toTag() })
  const answers = () => peer.labels.filter((label) => label === '200 INVITE').length
  const before = answers()
  await clock.advance(10_000)
  expect(answers()).toBe(before)
  await send('BYE', { branch: '1', cseq: 2, to: toTag() })
  expect(peer.response('BYE').status).toBe(200)
  expect(events).toEqual([{ type: 'bye' }])
})

test('the caller gets the session timer it asks for, and is hung up on when it does not refresh', async () => {
  await send('INVITE', { headers: ['Session-Expires: 120;refresher=uac', 'Supported: timer'] })
  calls[0]?.answer(sdpOf(5_000))
  await clock.advance(30)
  expect(peer.response('INVITE').headers.get('session-expires')).toBe('120;refresher=uac')
  expect(peer.response('INVITE').headers.all('require')).toEqual(['timer'])
  await send('ACK', { branch: 'z9hG4bK-ack', to: toTag() })
  await clock.advance(60_000)
  await send('UPDATE', { cseq: 2, to: toTag(), headers: ['Session-Expires: 120;refresher=uac', 'Supported: timer'] })
  expect(peer.response('UPDATE').headers.get('session-expires')).toBe('120;refresher=uac')
  await clock.advance(80_000)
  expect(peer.labels).not.toContain('BYE')
  await clock.advance(9_000)
  expect(peer.labels).toContain('BYE')
})

test('a reliable 180 is repeated until its PRACK, and a caller that never sends one is refused', async () => {
  await send('INVITE', {
    headers: ['Require: 100rel', 'Content-Type: application/sdp', '', sdpOf(5_000)],
  })
  calls[0]?.ring()
  await clock.advance(8_000)
  expect(peer.labels.filter((label) => label === '180 INVITE')).toHaveLength(5)
  await clock.advance(6_000)
  expect(peer.labels.filter((label) => label === '180 INVITE')).toHaveLength(5)
  await send('PRACK', { cseq: 2, to: toTag(), headers: ['RAck: 1 1 INVITE'] })
  expect(peer.response('PRACK').status).toBe(481)
  await clock.advance(25_000)
  expect(peer.response('INVITE').status).toBe(504)
  expect(events).toEqual([{ type: 'failed', cause: 'timeout', detail: 'no PRACK' }])
})

test('an offer before the first one is answered has to wait, a bare UPDATE does not', async () => {
  await send('INVITE', { headers: ['Content-Type: application/sdp', '', sdpOf(5_000)] })
  calls[0]?.ring()
  await clock.advance(30)
  const to = toTag()
  await send('UPDATE', { cseq: 2, to, branch: 'z9hG4bK-u2' })
  expect(peer.response('UPDATE').status).toBe(200)
  const headers = ['Content-Type: application/sdp', '', sdpOf(5_002)]
  await send('UPDATE', { cseq: 3, to, branch: 'z9hG4bK-u3', headers })
  expect(peer.response('UPDATE').status).toBe(491)
  expect(events).toEqual([])
})

test('the answer goes to the port in the Via, or to the source when the peer asks for rport', async () => {
  await send('OPTIONS', { via: 'SIP/2.0/UDP peer.test:5077;branch=z9hG4bK-p1' })
  await send('OPTIONS', { via: 'SIP/2.0/UDP peer.test:5077;branch=z9hG4bK-p2;rport', cseq: 2 })
  expect(network.sent.filter((packet) => packet.to === 'peer.test').map((packet) => packet.toPort)).toEqual([
    5077, 5060,
  ])
  expect(peer.response('OPTIONS').headers.get('via')).toContain(';rport=5060')
})

test('requests whose branch is nothing but the cookie are told apart by their calls', async () => {
  await send('OPTIONS', { branch: 'z9hG4bK' })
  await send('OPTIONS', { branch: 'z9hG4bK', cseq: 2 })
  expect(peer.response('OPTIONS').headers.get('cseq')).toBe('2 OPTIONS')
})

test('a repeated INVITE brings the last provisional response again', async () => {
  await send('INVITE')
  calls[0]?.ring()
  await clock.advance(30)
  await send('INVITE')
  expect(peer.labels).toEqual(['100 INVITE', '180 INVITE', '180 INVITE'])
})

test('CANCEL of nothing gets 481, of a pending call 200 and the call 487', async () => {
  await send('CANCEL')
  expect(peer.response('CANCEL').status).toBe(481)
  await send('INVITE', { branch: 'z9hG4bK-c', cseq: 2 })
  await send('CANCEL', { branch: 'z9hG4bK-c', cseq: 2 })
  expect(peer.response('CANCEL').status).toBe(200)
  expect(peer.response('INVITE').status).toBe(487)
  expect(events).toEqual([{ type: 'bye' }])
})

test('a CANCEL after the answer changes nothing', async () => {
  await send('INVITE')
  calls[0]?.answer(sdpOf(5_000))
  await clock.advance(30)
  await send('CANCEL', { branch: 'z9hG4bK-INVITE' })
  expect(peer.response('CANCEL').status).toBe(200)
  expect(peer.response('INVITE').status).toBe(200)
  expect(events).toEqual([])
})

test('closing refuses pending calls and waits at most two seconds for answers', async () => {
  await send('INVITE')
  await send('INVITE', { branch: 'z9hG4bK-b', cseq: 2 })
  calls[1]?.answer(sdpOf(5_000))
  await clock.advance(30)
  const closed = agent[Symbol.asyncDispose]()
  await clock.advance(2_000)
  await closed
  expect(peer.labels).toContain('480 INVITE')
  expect(peer.labels).toContain('BYE')
  expect(clock.pendingTimers).toBe(0)
})

function registrationAt(...hosts: readonly string[]): RegistrationRequest {
  const gateways = hosts.map((host) => ({ host, port: 5060, transport: 'udp' as const }))
  const credentials = { username: 'u', password: 'p' }
  return { gateways, hops: () => gateways, onAttempt() {}, domain: 'peer.test', credentials, expiresS: 60 }
}

test('a registration answers its challenge, grows to Min-Expires, is refreshed at half time and removed', async () => {
  agent.register(registrationAt('peer.test'))
  await clock.advance(30)
  peer.respond(peer.request('REGISTER'), 401, { headers: { 'www-authenticate': 'Digest realm="r", nonce="n"' } })
  await clock.advance(30)
  expect(peer.request('REGISTER').headers.get('authorization')).toContain('username="u"')
  peer.respond(peer.request('REGISTER'), 423, { headers: { 'min-expires': '600' } })
  await clock.advance(30)
  expect(peer.request('REGISTER').headers.get('expires')).toBe('600')
  peer.respond(peer.request('REGISTER'), 200, { headers: { contact: '<sip:u@us.test>;expires=400' } })
  // Half of 400 s, up to a fifth of that earlier by lot.
  await clock.advance(159_000)
  const before = peer.labels.length
  for (let second = 0; second < 42 && peer.labels.length === before; second += 1) await clock.advance(1_000)
  expect(peer.labels[before]).toBe('REGISTER')
  peer.respond(peer.request('REGISTER'), 200, { headers: { contact: '<sip:u@us.test>;expires=400' } })
  await clock.advance(30)
  const closed = agent[Symbol.asyncDispose]()
  await clock.advance(30)
  expect(peer.request('REGISTER').headers.get('expires')).toBe('0')
  peer.respond(peer.request('REGISTER'), 200)
  await clock.advance(100)
  await closed
})

test('a registration with a wrong password waits a minute before it shows it again', async () => {
  agent.register(registrationAt('peer.test'))
  await clock.advance(30)
  for (const nonce of ['a', 'b']) {
    peer.respond(peer.request('REGISTER'), 401, {
      headers: { 'www-authenticate': `Digest realm="r", nonce="${nonce}"` },
    })
    await clock.advance(30)
  }
  expect(peer.labels).toEqual(['REGISTER', 'REGISTER'])
  await clock.advance(44_000)
  expect(peer.labels).toHaveLength(2)
  await clock.advance(32_000)
  expect(peer.labels.length).toBeGreaterThan(2)
})

test('a refused registration is tried again at the next gateway', async () => {
  const other = new ScriptedPeer(network, 'other.test', 'us.test')
  agent.register(registrationAt('peer.test', 'other.test'))
  await clock.advance(30)
  peer.respond(peer.request('REGISTER'), 503)
  await clock.advance(5_000)
  expect(other.request('REGISTER').uri).toBe('sip:peer.test')
})

test('a registration leaves a silent gateway after four seconds', async () => {
  const other = new ScriptedPeer(network, 'other.test', 'us.test')
  const attempts: unknown[] = []
  const request = registrationAt('peer.test', 'other.test')
  agent.register({ ...request, onAttempt: (hop, failure) => attempts.push([hop.host, failure]) })
  await clock.advance(8_000)
  expect(other.labels).toContain('REGISTER')
  other.respond(other.request('REGISTER'), 200)
  await clock.advance(30)
  expect(attempts).toEqual([
    ['peer.test', 'no response'],
    ['other.test', undefined],
  ])
})
