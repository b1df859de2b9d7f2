import { VirtualClock } from '@parley/testkit'
import { rfc4475Cases } from '../support/rfc4475-table.ts'
import { ipv6Message, rfc5118Cases } from '../support/rfc5118-table.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { tortureMessage } from '../support/torture-messages.ts'
import { inviteTo, openPhone, VirtualNetwork } from '../support/virtual-network.ts'

const head = (first: string, cseq: string) => [
  first,
  'Via: SIP/2.0/UDP peer.test:5060;branch=z9hG4bKseed;rport',
  'From: "A" <sip:200@peer.test>;tag=1',
  'To: <sip:100@us.test>;tag=2',
  'Call-ID: seed@peer.test',
  `CSeq: ${cseq}`,
]
/** What no torture message has: challenges, reliability, transfer, session timers, keys. */
const written: readonly (readonly string[])[] = [
  [
    ...head('SIP/2.0 401 Unauthorized', '1 INVITE'),
    'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=SHA-256',
    'Proxy-Authenticate: Digest realm="p", nonce="m"',
  ],
  [
    ...head('SIP/2.0 183 Session Progress', '1 INVITE'),
    'Require: 100rel',
    'RSeq: 1',
    'Contact: <sip:100@peer.test>',
    'Record-Route: <sip:a.test;lr>, <sip:b.test>',
  ],
  [...head('PRACK sip:100@us.test SIP/2.0', '2 PRACK'), 'RAck: 1 1 INVITE'],
  [
    ...head('REFER sip:100@us.test SIP/2.0', '2 REFER'),
    'Refer-To: <sip:300@other.test?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>',
    'Contact: <sip:200@peer.test>',
  ],
  [
    ...head('NOTIFY sip:100@us.test SIP/2.0', '3 NOTIFY'),
    'Event: refer',
    'Subscription-State: terminated;reason=noresource',
    'Content-Type: message/sipfrag',
    '',
    'SIP/2.0 200 OK',
  ],
  [
    ...head('UPDATE sip:100@us.test SIP/2.0', '4 UPDATE'),
    'Session-Expires: 1800;refresher=uac',
    'Min-SE: 90',
    'Supported: timer, 100rel',
  ],
  [
    ...head('INFO sip:100@us.test SIP/2.0', '5 INFO'),
    'Content-Type: application/dtmf-relay',
    '',
    'Signal=5',
    'Duration=160',
  ],
  [...head('BYE sip:100@us.test SIP/2.0', '6 BYE'), 'Reason: Q.850;cause=16;text="x", SIP;cause=200'],
]

/** Messages that mutations start from: both torture RFCs, and those of the extensions. */
export const seedMessages: readonly Buffer[] = [
  ...rfc4475Cases.map(({ name }) => tortureMessage(name)),
  ...rfc5118Cases.map(({ name }) => ipv6Message(name)),
  ...written.map((lines) => Buffer.from(`${lines.join('\r\n')}\r\n${lines.includes('') ? '' : '\r\n'}`)),
]

/** Everything two phones said to each other in a call with a re-INVITE. */
export async function talkMessages(): Promise<readonly Buffer[]> {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  const callee = await openPhone(network, clock, 'callee.test', (call) => call.answer(sdpOf(5_000)))
  const caller = await openPhone(network, clock, 'caller.test')
  const call = caller.agent.invite(inviteTo('callee.test'), () => {})
  await clock.advance(1_000)
  call.reoffer(1, sdpOf(4_002))
  await clock.advance(1_000)
  call.hangup()
  await clock.advance(1_000)
  await Promise.all([close(caller.agent, clock), close(callee.agent, clock)])
  return network.sent.map(({ bytes }) => bytes)
}

/** Closes a user agent; its goodbyes take virtual time. */
export async function close(agent: AsyncDisposable, clock: VirtualClock): Promise<void> {
  const closed = agent[Symbol.asyncDispose]()
  await clock.advance(3_000)
  await closed
}
