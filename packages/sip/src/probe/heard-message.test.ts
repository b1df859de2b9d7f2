import { expect, test } from 'vitest'
import { heardResponseOf, sentRequestOf } from './heard-message.ts'

const bytesOf = (...lines: readonly string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
const common = ['From: <sip:a@us>;tag=1', 'To: <sip:b@them>;tag=2', 'Call-ID: c', 'CSeq: 1 REGISTER']
const via = 'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport=40000;received=192.0.2.7'
const response = (status: string, ...more: readonly string[]) =>
  heardResponseOf(bytesOf(`SIP/2.0 ${status}`, via, ...common, ...more, 'Content-Length: 0'))

test('a response tells how we are seen and who speaks', () => {
  expect(response('200 OK', 'User-Agent: pbx 2', 'Allow: INVITE, ACK')).toMatchObject({
    method: 'REGISTER',
    status: 200,
    seenFrom: '192.0.2.7:40000',
    software: 'pbx 2',
    allow: ['INVITE', 'ACK'],
  })
})

test('challenges are told as written, those nobody can answer too', () => {
  const heard = response(
    '401 Unauthorized',
    'WWW-Authenticate: Digest realm="pbx, main", nonce="x", algorithm=SHA-512-256',
    'Proxy-Authenticate: Digest realm="edge", nonce="y"',
    'WWW-Authenticate: Bearer realm="cloud"',
  )
  expect(heard?.challenges).toEqual([
    { scheme: 'Digest', realm: 'pbx, main', algorithm: 'SHA-512-256' },
    { scheme: 'Bearer', realm: 'cloud', algorithm: 'MD5' },
    { scheme: 'Digest', realm: 'edge', algorithm: 'MD5' },
  ])
})

test('what was granted stands with the binding, else in Expires', () => {
  expect(response('200 OK', 'Contact: <sip:a@x>;expires=60', 'Expires: 300')?.expiresS).toBe(60)
  expect(response('200 OK', 'Contact: <sip:a@x>', 'Expires: 300')?.expiresS).toBe(300)
  expect(response('423 Interval Too Brief', 'Min-Expires: 3600')?.minExpiresS).toBe(3600)
  expect(response('503 Busy', 'Retry-After: 7 (soon)')?.retryAfterS).toBe(7)
})

test('requests of ours are told without their credentials', () => {
  const sent = sentRequestOf(
    bytesOf('REGISTER sip:them SIP/2.0', via, ...common, 'Authorization: Digest response="0123"', 'Content-Length: 0'),
  )
  expect(sent).toEqual({ method: 'REGISTER', uri: 'sip:them', from: '<sip:a@us>;tag=1', isAuthorized: true })
})

test('noise is neither', () => {
  expect(heardResponseOf(Buffer.from('\u0015\u0003\u0001'))).toBeUndefined()
  expect(sentRequestOf(Buffer.from('\r\n\r\n'))).toBeUndefined()
})
