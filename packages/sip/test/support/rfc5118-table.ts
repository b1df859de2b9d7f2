import { type TortureCase, torture } from './torture-expectation.ts'

interface Ipv6Message {
  readonly request: string
  readonly vias: readonly string[]
  readonly to?: string
  readonly toTag?: string
  readonly contact?: string
  readonly sdp?: readonly string[]
}

const via = 'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111'
const register = (uri: string): Ipv6Message => ({
  request: `REGISTER ${uri}`,
  vias: [via],
  contact: '"Caller" <sip:caller@[2001:db8::1]>',
})
const sdp = (origin: string, ...lines: readonly string[]) => ['v=0', `o=- 1 0 IN IP6 ${origin}`, 's=-', ...lines]

const messages: Readonly<Record<string, Ipv6Message>> = {
  'ipv6-good': register('sip:[2001:db8::10]'),
  'ipv6-bad': register('sip:2001:db8::10'),
  'port-ambiguous': register('sip:[2001:db8::10:5070]'),
  'port-unambiguous': register('sip:[2001:db8::10]:5070'),
  'via-received-param-with-delim': {
    request: 'BYE sip:[2001:db8::10]',
    vias: ['SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111'],
    toTag: 'bd76ya',
  },
  'via-received-param-no-delim': {
    request: 'OPTIONS sip:[2001:db8::10]',
    vias: ['SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3'],
  },
  'ipv6-in-sdp': {
    request: 'INVITE sip:user@[2001:db8::10]',
    vias: ['SIP/2.0/UDP [2001:db8::20];branch=z9hG4bKas3-111'],
    contact: '"Caller" <sip:caller@[2001:db8::20]>',
    sdp: sdp('2001:db8::20', 'c=IN IP6 2001:db8::20', 't=0 0', 'm=audio 6000 RTP/AVP 0'),
  },
  'mult-ip-in-header': {
    request: 'BYE sip:user@host.example.net',
    vias: [
      'SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111',
      'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144',
      'SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200',
    ],
    toTag: '79',
  },
  'mult-ip-in-sdp': {
    request: 'INVITE sip:user@[2001:db8::10]',
    vias: ['SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111'],
    contact: '"Caller" <sip:caller@[2001:db8::9:1]>',
    sdp: sdp(
      '2001:db8::20',
      't=0 0',
      'm=audio 6000 RTP/AVP 0',
      'c=IN IP4 192.0.2.1',
      'm=video 6024 RTP/AVP 107',
      'c=IN IP6 2001:db8::1',
    ),
  },
  'ipv4-mapped-ipv6': {
    request: 'INVITE sip:user@example.com',
    vias: [
      'SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19',
      'SIP/2.0/UDP [::ffff:192.0.2.2];branch=z9hG4bKas3-111',
    ],
    contact: '"Desk" <sip:desk@[::ffff:192.0.2.2]>',
    sdp: sdp('::ffff:192.0.2.2', 'c=IN IP6 ::ffff:192.0.2.2', 't=0 0', 'm=audio 6000 RTP/AVP 0'),
  },
  'ipv6-bug-abnf-3-colons': {
    request: 'OPTIONS sip:user@[2001:db8:::192.0.2.1]',
    to: 'sip:user@[2001:db8:::192.0.2.1]',
    vias: ['SIP/2.0/UDP lab1.east.example.com;branch=z9hG4bKas3-111'],
  },
  'ipv6-correct-abnf-2-colons': {
    request: 'OPTIONS sip:user@[2001:db8::192.0.2.1]',
    to: 'sip:user@[2001:db8::192.0.2.1]',
    vias: ['SIP/2.0/UDP lab1.east.example.com;branch=z9hG4bKas3-111'],
  },
}

const noRegistrar = 'accepted by the parser; REGISTER is not served here'
const offered = 'accepted, offered to the owner as a call'

/** The twelve messages of RFC 5118, in its order. */
export const rfc5118Cases: readonly TortureCase[] = [
  torture('ipv6-good', '4.1', 'valid: IPv6 in URI, Via and Contact', 405, noRegistrar),
  torture('ipv6-bad', '4.2', '400: IPv6 without brackets in the Request-URI', 400, 'refused'),
  torture('port-ambiguous', '4.3', 'valid: what looks like a port belongs to the address', 405, noRegistrar),
  torture('port-unambiguous', '4.4', 'valid: port after the bracket', 405, noRegistrar),
  torture(
    'via-received-param-with-delim',
    '4.5',
    'to be accepted: brackets around `received`',
    481,
    'accepted; there is no such dialog',
  ),
  torture('via-received-param-no-delim', '4.5', 'valid: `received` without brackets', 200, 'accepted, answered'),
  torture('ipv6-in-sdp', '4.6', 'valid: IPv6 in the session description', 180, offered),
  torture('mult-ip-in-header', '4.7', 'valid: both versions in the Vias', 481, 'accepted; there is no such dialog'),
  torture('mult-ip-in-sdp', '4.8', 'valid: both versions in the session description', 180, offered),
  torture('ipv4-mapped-ipv6', '4.9', 'valid: IPv4 as IPv6', 180, offered),
  torture(
    'ipv6-bug-abnf-3-colons',
    '4.10',
    'to be accepted: a colon too many before the IPv4 part',
    200,
    'accepted, answered',
  ),
  torture('ipv6-correct-abnf-2-colons', '4.10', 'valid: IPv4 as the end of IPv6', 200, 'accepted, answered'),
]

/** Built from the forms of the RFC. @throws Error for an unknown name */
export function ipv6Message(name: string): Buffer {
  const message = messages[name]
  if (!message) throw new Error(`RFC 5118 has no message ${name}`)
  const method = message.request.slice(0, message.request.indexOf(' '))
  const body = message.sdp ? `${message.sdp.join('\r\n')}\r\n` : ''
  const lines = [
    `${message.request} SIP/2.0`,
    ...message.vias.map((value) => `Via: ${value}`),
    `To: ${message.to ?? 'sip:user@example.com'}${message.toTag ? `;tag=${message.toTag}` : ''}`,
    'From: sip:user@example.com;tag=81x2',
    'Call-ID: ipv6@hlau_4100',
    `CSeq: 612 ${method}`,
    'Max-Forwards: 70',
    ...(message.contact ? [`Contact: ${message.contact}`] : []),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
