import { VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import type { OutgoingInvite, SipCall, SipCallEvent } from '../src/sip-stack.ts'
import { ScriptedPeer } from './support/scripted-peer.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork, type VirtualPhone } from './support/virtual-network.ts'

const contact = { contact: '<sip:phone@peer.test>' }
const sdp = sdpOf(5_000)
let clock: VirtualClock
let network: VirtualNetwork
let peer: ScriptedPeer
let phone: VirtualPhone
let events: SipCallEvent[]

beforeEach(async () => {
  clock = new VirtualClock()
  network = new VirtualNetwork(clock)
  phone = await openPhone(network, clock, 'us.test')
  peer = new ScriptedPeer(network, 'peer.test', 'us.test')
  events = []
})

async function dial(more: Partial<OutgoingInvite> = {}): Promise<SipCall> {
  const call = phone.agent.invite(inviteTo('peer.test', more), (event) => events.push(event))
  await clock.advance(50)
  return call
}

async function answer(more: Readonly<Record<string, string>> = {}): Promise<void> {
  peer.respond(peer.request('INVITE'), 200, { sdp, headers: { ...contact, ...more } })
  await clock.advance(50)
}

test('of two forks that answer the slower one gets ACK and BYE', async () => {
  await dial()
  const invite = peer.request('INVITE')
  peer.respond(invite, 180, { tag: 'slow', headers: contact })
  peer.respond(invite, 200, { tag: 'fast', sdp, headers: contact })
  peer.respond(invite, 200, { tag: 'slow', sdp, headers: { contact: '<sip:slow@peer.test>' } })
  await clock.advance(50)
  expect(peer.labels).toEqual(['INVITE', 'ACK', 'ACK', 'BYE'])
  expect(peer.request('BYE').uri).toBe('sip:slow@peer.test')
  expect(peer.request('BYE').headers.get('to')).toContain('tag=slow')
  expect(events.map((event) => event.type)).toEqual(['trying', 'ringing', 'answered'])
})

test('each repeat of the 2xx gets an ACK', async () => {
  await dial()
  await answer()
  await answer()
  expect(peer.labels).toEqual(['INVITE', 'ACK', 'ACK'])
  expect(events.filter((event) => event.type === 'answered')).toHaveLength(1)
})

test('a 2xx without any description is ended as a protocol failure', async () => {
  await dial()
  peer.respond(peer.request('INVITE'), 200, { headers: contact })
  await clock.advance(50)
  expect(peer.labels).toEqual(['INVITE', 'ACK', 'BYE'])
  expect(events.at(-1)).toMatchObject({ type: 'failed', cause: 'protocol' })
})

test('a 2xx without a description takes that of the early dialog', async () => {
  await dial()
  const invite = peer.request('INVITE')
  peer.respond(invite, 183, { sdp, headers: contact })
  await clock.advance(20)
  peer.respond(invite, 200, { headers: contact })
  await clock.advance(20)
  expect(events.at(-1)).toEqual({ type: 'answered', sdp })
})

test('reliable responses are acknowledged once and in order', async () => {
  await dial()
  const invite = peer.request('INVITE')
  const reliable = (rseq: number) =>
    peer.respond(invite, 183, { sdp: sdpOf(rseq), headers: { ...contact, require: '100rel', rseq: String(rseq) } })
  for (const rseq of [10, 10, 12, 11]) {
    reliable(rseq)
    await clock.advance(20)
  }
  const racks = peer.received.map((message) => message.headers.get('rack')).filter((rack) => rack !== undefined)
  expect(racks).toEqual(['10 1 INVITE', '11 1 INVITE'])
})

test('a 422 is repeated with the interval the callee wants, at most three times and never with the same', async () => {
  await dial()
  for (const minSe of ['600', '900', '1200']) {
    peer.respond(peer.request('INVITE'), 422, { headers: { 'min-se': minSe } })
    await clock.advance(50)
    expect(peer.request('INVITE').headers.get('session-expires')).toBe(minSe)
    expect(peer.request('INVITE').headers.get('min-se')).toBe(minSe)
  }
  peer.respond(peer.request('INVITE'), 422, { headers: { 'min-se': '1500' } })
  await clock.advance(50)
  expect(events.at(-1)).toMatchObject({ type: 'rejected', status: 422 })
})

test.each(['1', '90', '99999999', 'soon', ''])('a 422 with Min-SE "%s" is a refusal', async (minSe) => {
  await dial()
  peer.respond(peer.request('INVITE'), 422, { headers: { 'min-se': minSe } })
  await clock.advance(50)
  expect(events.at(-1)).toMatchObject({ type: 'rejected', status: 422 })
})

test('the session is refreshed at half time when that is our part, by UPDATE where it is allowed', async () => {
  await dial()
  await answer({ 'session-expires': '200;refresher=uac', allow: 'INVITE, UPDATE' })
  await clock.advance(100_000)
  expect(peer.request('UPDATE').headers.get('session-expires')).toBe('200;refresher=uac')
  peer.respond(peer.request('UPDATE'), 200, { headers: { ...contact, 'session-expires': '200;refresher=uac' } })
  await clock.advance(100_100)
  expect(peer.labels.filter((label) => label === 'UPDATE').length).toBeGreaterThan(1)
})

test('a session without UPDATE is refreshed by the same offer, and a peer that offers meanwhile gets 491', async () => {
  await dial()
  await answer({ 'session-expires': '200;refresher=uac' })
  await clock.advance(100_000)
  const refresh = peer.request('INVITE')
  expect(refresh.body.toString()).toBe(sdpOf(4_000))
  sendInDialog('INVITE', 7)
  await clock.advance(50)
  expect(peer.response('INVITE').status).toBe(491)
  peer.respond(refresh, 200, { sdp, headers: { ...contact, 'session-expires': '200;refresher=uac' } })
  await clock.advance(50)
  expect(peer.labels.filter((label) => label === 'ACK')).toHaveLength(2)
})

test('a session that nobody refreshes is ended before it expires', async () => {
  await dial()
  await answer({ 'session-expires': '180;refresher=uas' })
  await clock.advance(147_000)
  expect(peer.labels).not.toContain('BYE')
  await clock.advance(2_000)
  expect(peer.labels).toContain('BYE')
  expect(events.at(-1)).toEqual({ type: 'failed', cause: 'timeout', detail: 'session expired' })
})

test('a second offer while the first is undecided gets 500 with Retry-After', async () => {
  const call = await dial()
  await answer()
  sendInDialog('INVITE', 1, sdp)
  await clock.advance(20)
  sendInDialog('INVITE', 2, sdp)
  await clock.advance(20)
  expect(peer.response('INVITE')).toMatchObject({ status: 500 })
  expect(Number(peer.response('INVITE').headers.get('retry-after'))).toBeLessThanOrEqual(10)
  call.reanswer(1, sdpOf(4_002))
  await clock.advance(20)
  expect(peer.response('INVITE')).toMatchObject({ status: 200 })
  expect(peer.response('INVITE').body.toString()).toBe(sdpOf(4_002))
  // Nor is the next one taken before the ACK of this one.
  sendInDialog('INVITE', 3, sdp)
  await clock.advance(20)
  expect(peer.response('INVITE').status).toBe(500)
})

test('an offer nobody decides on is refused after ten seconds', async () => {
  await dial()
  await answer()
  sendInDialog('INVITE', 1, sdp)
  await clock.advance(11_000)
  expect(peer.response('INVITE').status).toBe(500)
})

test('a request with an old CSeq gets 500, one of an unknown dialog 481', async () => {
  await dial()
  await answer()
  sendInDialog('OPTIONS', 5)
  await clock.advance(20)
  expect(peer.response('OPTIONS').status).toBe(200)
  sendInDialog('INFO', 5)
  await clock.advance(20)
  expect(peer.response('INFO').status).toBe(500)
  sendInDialog('OPTIONS', 4)
  await clock.advance(20)
  expect(peer.response('OPTIONS').status).toBe(500)
  sendInDialog('OPTIONS', 6, undefined, 'someone-else')
  await clock.advance(20)
  expect(peer.response('OPTIONS').status).toBe(481)
})

test('a challenged BYE is sent again with credentials', async () => {
  const call = await dial({ credentials: { username: 'u', password: 'p' } })
  await answer()
  call.hangup()
  await clock.advance(50)
  const first = peer.request('BYE')
  peer.respond(first, 407, { headers: { 'proxy-authenticate': 'Digest realm="r", nonce="n", qop="auth"' } })
  await clock.advance(50)
  const second = peer.request('BYE')
  expect(second.headers.get('proxy-authorization')).toContain('uri="sip:phone@peer.test"')
  expect(Number.parseInt(second.headers.get('cseq') ?? '', 10)).toBe(
    Number.parseInt(first.headers.get('cseq') ?? '', 10) + 1,
  )
})

test('the ACK carries the credentials of its INVITE', async () => {
  await dial({ credentials: { username: 'u', password: 'p' } })
  const challenge = { 'proxy-authenticate': 'Digest realm="r", nonce="n"' }
  peer.respond(peer.request('INVITE'), 407, { headers: challenge })
  await clock.advance(50)
  await answer()
  expect(peer.request('ACK').headers.get('proxy-authorization')).toBe(
    peer.request('INVITE').headers.get('proxy-authorization'),
  )
})

test('a response that is for somebody behind us is ignored', async () => {
  await dial()
  peer.respond(peer.request('INVITE'), 200, {
    sdp,
    headers: { ...contact, via: 'SIP/2.0/UDP behind.test;branch=z9hG4bK-behind' },
  })
  await clock.advance(50)
  expect(events).toEqual([])
})

test('an early request follows the early route, a later one that of the 2xx', async () => {
  const call = await dial()
  const early = { ...contact, require: '100rel', rseq: '1' }
  const routes = { 'record-route': '<sip:near@peer.test;lr>, <sip:far@peer.test;lr>' }
  peer.respond(peer.request('INVITE'), 183, { headers: { ...early, ...routes } })
  await clock.advance(50)
  expect(peer.request('PRACK').headers.all('route')).toEqual(['<sip:far@peer.test;lr>', '<sip:near@peer.test;lr>'])
  await answer({ 'record-route': '<sip:other@peer.test;lr>' })
  call.hangup()
  await clock.advance(50)
  expect(peer.request('BYE').headers.all('route')).toEqual(['<sip:other@peer.test;lr>'])
})

test('a re-INVITE moves the target of our requests', async () => {
  const call = await dial()
  await answer()
  sendInDialog('INVITE', 1, sdp, 'scripted', '<sip:moved@peer.test>')
  await clock.advance(20)
  call.reanswer(1, sdp)
  call.hangup()
  await clock.advance(50)
  expect(peer.request('BYE').uri).toBe('sip:moved@peer.test')
})

test('after the BYE was answered the dialog is gone', async () => {
  const call = await dial()
  await answer()
  call.hangup()
  await clock.advance(50)
  peer.respond(peer.request('BYE'), 200)
  await clock.advance(50)
  sendInDialog('BYE', 1)
  await clock.advance(50)
  expect(peer.response('BYE').status).toBe(481)
})

test('closing leaves no timer, not even for a call that was cancelled and never ended', async () => {
  const call = await dial()
  peer.respond(peer.request('INVITE'), 180, { headers: contact })
  await clock.advance(50)
  call.hangup()
  await clock.advance(50)
  const closed = phone.agent[Symbol.asyncDispose]()
  await clock.advance(2_000)
  await closed
  expect(clock.pendingTimers).toBe(0)
})

test.each([
  ['loose', '<sip:edge@peer.test;lr>', 'sip:phone@peer.test', ['<sip:edge@peer.test;lr>']],
  ['strict', '<sip:edge@peer.test>', 'sip:edge@peer.test', ['<sip:phone@peer.test>']],
])('requests follow a %s route', async (_kind, route, uri, routes) => {
  const call = await dial()
  await answer({ 'record-route': route })
  call.hangup()
  await clock.advance(50)
  expect(peer.request('BYE').uri).toBe(uri)
  expect(peer.request('BYE').headers.all('route')).toEqual(routes)
})

/** A request of the peer inside the dialog of the last INVITE we sent. */
function sendInDialog(
  method: string,
  cseq: number,
  body?: string,
  tag = 'scripted',
  from = '<sip:phone@peer.test>',
): void {
  const invite = peer.request('INVITE')
  const lines = [
    `${method} sip:200@us.test SIP/2.0`,
    `Via: SIP/2.0/UDP peer.test;branch=z9hG4bK${method}${cseq}${tag};rport`,
    `From: ${(invite.headers.get('to') ?? '').replace(/;tag=.*/, '')};tag=${tag}`,
    `To: ${invite.headers.get('from')}`,
    `Call-ID: ${invite.headers.get('call-id')}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: ${from}`,
  ]
  peer.sendLines(...lines, ...(body === undefined ? [] : ['Content-Type: application/sdp', '', body]))
}

test('no value of an invite can put a line of its own, or NUL, onto the wire', async () => {
  const evil = '\r\nX-Evil: 1\r\n\r\nv=0\0\u010D\u010AX-Evil: 2'
  await dial({
    requestUri: `sip:100${evil}@peer.test`,
    from: `"a${evil}" <sip:200@caller.test>`,
    to: `"b${evil}" <sip:100@peer.test>`,
    contactUser: `200${evil}`,
    headers: [
      ['x-token', evil],
      [`x-name${evil}`, 'value'],
    ],
    credentials: { username: `u${evil}`, password: `p${evil}` },
  })
  peer.respond(peer.request('INVITE'), 401, { headers: { 'www-authenticate': 'Digest realm="r", nonce="n"' } })
  await clock.advance(50)
  expect(peer.request('INVITE').headers.has('authorization')).toBe(true)
  for (const { bytes } of network.sent) {
    const head = bytes.toString('latin1').split('\r\n\r\n')[0] ?? ''
    expect(head).not.toMatch(/^X-Evil/im)
    expect(head.includes('\0')).toBe(false)
    expect(head.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  }
  expect(peer.request('INVITE').body.toString()).toBe(sdpOf(4_000))
})
