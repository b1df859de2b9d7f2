import { expect, test } from 'vitest'
import { Headers } from './headers.ts'
import { parseMessage } from './parse-message.ts'
import { noBody, q850Of, type SipRequest } from './sip-message.ts'
import { encodeUser, formatUri, parseUri } from './sip-uri.ts'
import { parseVia, viaWithSource } from './via.ts'
import { writeMessage } from './write-message.ts'

test('no value can start another header line', () => {
  const headers = new Headers()
    .add('via', 'SIP/2.0/UDP a;branch=z9hG4bK1')
    .add('from', '<sip:a@b>;tag=1')
    .add('to', '<sip:c@d>')
    .add('call-id', 'x')
    .add('cseq', '1 BYE')
    .add('subject', 'hello\r\nRoute: <sip:evil@example.com>\r\n\r\nbody')
  const request: SipRequest = { kind: 'request', method: 'BYE', uri: 'sip:c@d\r\nX: y', headers, body: noBody }
  const text = writeMessage(request).toString()
  expect(text.split('\r\n')).toHaveLength(10)
  expect(text).not.toMatch(/^(Route|X):/m)
})

test('NUL does not reach the wire, and text beyond latin1 is UTF-8 instead of whatever its low bytes are', () => {
  const headers = new Headers()
    .add('from', '"Jan\u010DA\u010ARoute: <sip:evil@example.com>" <sip:a@b>;tag=1')
    .add('subject', 'a\0b')
  const request: SipRequest = { kind: 'request', method: 'BYE', uri: 'sip:\u010Dc@d', headers, body: noBody }
  const bytes = writeMessage(request)
  expect(bytes.includes(0)).toBe(false)
  expect(bytes.toString().split('\r\n')).toHaveLength(6)
  expect(bytes.toString()).toContain('From: "Jan\u010DA\u010ARoute:')
  expect(bytes.toString()).toContain('BYE sip:\u010Dc@d SIP/2.0')
})

test.each(['Call-ID: \0\0', 'Subject: a\0b', 'Subject: \0'])('%j is no header line', (line) => {
  const text = `OPTIONS sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP a\r\nf: sip:a@b\r\nt: sip:a@b\r\nCSeq: 1 OPTIONS\r\n${line}\r\n\r\n`
  expect(parseMessage(Buffer.from(text, 'latin1'))).toEqual({ ok: false, reason: 'header line is invalid' })
})

test('user parts are escaped going out and never bring control characters in', () => {
  expect(encodeUser('a@b:c\r\n;#?')).toBe('a%40b%3Ac%0D%0A%3B%23%3F')
  expect(formatUri({ user: '+8613012345678', host: '2001:db8::1', port: 5070, transport: 'tcp' })).toBe(
    'sip:+8613012345678@[2001:db8::1]:5070;transport=tcp',
  )
  expect(parseUri('sip:%0D%0Aevil@example.com')?.user).toBe('%0D%0Aevil')
  expect(parseUri('sip:%2B86130@example.com')?.user).toBe('+86130')
})

test.each([
  ['sip:[2001:db8::9:1]:5062;lr', { host: '2001:db8::9:1', port: 5062 }],
  ['tel:+86-10-1234;phone-context=x', { scheme: 'tel', user: '+86-10-1234' }],
  ['sips:bob@example.com?Subject=x', { scheme: 'sips', user: 'bob', host: 'example.com' }],
])('%s is understood', (text, expected) => {
  expect(parseUri(text)).toMatchObject(expected)
})

test.each([
  'sip:',
  'sip:a b@c',
  'sip:a@',
  'sip:a@b:0',
  'sip:a@b:99999',
  'bob',
  'sip:a\0@b',
  'sip:a@b;\x7fx',
  '<sip:a@b>',
  'sip:a@[zz]',
])('%s is no URI', (text) => {
  expect(parseUri(text)).toBeUndefined()
})

test('the source of a request is written into its Via', () => {
  const text = 'SIP/2.0/UDP host.example;rport;branch=z9hG4bK1'
  const via = parseVia(text)
  expect(via && viaWithSource(text, via, '192.0.2.7', 1234)).toBe(
    'SIP/2.0/UDP host.example;rport=1234;branch=z9hG4bK1;received=192.0.2.7',
  )
  const plain = 'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1'
  const same = parseVia(plain)
  expect(same && viaWithSource(plain, same, '192.0.2.7', 5060)).toBe(plain)
})

test('the Q.850 cause is found among several reasons', () => {
  const text =
    'BYE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>;tag=2\r\ni: x\r\nCSeq: 1 BYE\r\n' +
    'Reason: SIP;cause=200;text="done"\r\nReason: Q.850 ;cause=17;text="User busy"\r\n\r\n'
  const result = parseMessage(Buffer.from(text))
  expect(result.ok && q850Of(result.message)).toBe(17)
})

test('a message with as many header fields as may be, and no length, is read again once it was written with one', () => {
  const withRoutes = (count: number) => {
    const head = [
      'SIP/2.0 183 Session Progress',
      'Via: SIP/2.0/UDP peer.test;branch=z9hG4bK1',
      'From: <sip:a@peer.test>;tag=1',
      'To: <sip:b@us.test>;tag=2',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      ...Array.from({ length: count }, () => 'Record-Route: <sip:p.test;lr>'),
    ]
    return parseMessage(Buffer.from(`${head.join('\r\n')}\r\n\r\n`))
  }
  const most = withRoutes(256 - 5)
  if (!most.ok) throw new Error(most.reason)
  expect(parseMessage(writeMessage(most.message))).toMatchObject({ ok: true })
  expect(withRoutes(256 - 4)).toMatchObject({ ok: false, reason: 'too many header fields' })
})
