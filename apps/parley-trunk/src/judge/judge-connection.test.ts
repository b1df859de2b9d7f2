import type { ConnectionFacts } from '@parley/sip'
import { expect, test } from 'vitest'
import { type ConnectionSubject, judgeConnection } from './judge-connection.ts'

const certificate = {
  subject: 'CN=sip.carrier.test',
  issuer: 'CN=CA',
  names: 'DNS:sip.carrier.test',
  validFrom: 'Jan  1 00:00:00 2026 GMT',
  validTo: 'Mar  1 00:00:00 2026 GMT',
}
const subject: ConnectionSubject = {
  transport: 'tls',
  port: 5061,
  ownCertificate: false,
  wallMs: Date.UTC(2026, 0, 10),
}
const judged = (facts: ConnectionFacts, more: Partial<ConnectionSubject> = {}) =>
  judgeConnection(facts, { ...subject, ...more })
const failed = (code: string, more: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  outcome: 'failed',
  code,
  ...more,
})

test.each([
  ['ECONNREFUSED', {}, 'port-closed'],
  ['TIMEOUT', {}, 'no-connection'],
  ['TIMEOUT', { tcpOpened: true }, 'not-tls'],
  ['EHOSTUNREACH', {}, 'no-route'],
  ['ECONNRESET', {}, 'tls-closed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', {}, 'not-tls'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', {}, 'tls-too-old'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', {}, 'client-certificate-required'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', {}, 'client-certificate-required'],
  ['CERT_HAS_EXPIRED', { certificate }, 'certificate-expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', { certificate, expectedName: 'other' }, 'certificate-wrong-name'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { certificate }, 'certificate-unknown-ca'],
  ['ENOENT', { detail: 'no such file, open ca.pem' }, 'certificate-file'],
  ['ESOMETHING', {}, 'connection-failed'],
] as const)('a TLS connection that meets %s with %j', (code, more, expected) => {
  expect(judged(failed(code, more)).map(({ verdict, cause }) => `${verdict} ${cause}`)).toEqual([`wrong ${expected}`])
})

test('a certificate that is refused is told with names and dates', () => {
  const [finding] = judged(failed('CERT_HAS_EXPIRED', { certificate }))
  for (const part of [certificate.subject, certificate.issuer, certificate.validFrom, certificate.validTo])
    expect(finding?.text).toContain(part)
})

test('a handshake that fails in spite of our certificate is about that', () => {
  const facts = failed('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE')
  expect(judged(facts, { ownCertificate: true })[0]?.cause).toBe('client-certificate-refused')
})

test('a certificate that ends within two weeks is noted', () => {
  const facts: ConnectionFacts = { outcome: 'open', tlsVersion: 'TLSv1.3', certificate }
  const causesAt = (wallMs: number) => judged(facts, { wallMs }).map(({ cause }) => cause)
  expect(causesAt(Date.UTC(2026, 0, 10))).toEqual(['open'])
  expect(causesAt(Date.UTC(2026, 1, 20))).toEqual(['open', 'certificate-ends-soon'])
})

test('an UDP port that refuses nothing proves nothing', () => {
  expect(judged({ outcome: 'sent' }, { transport: 'udp' })).toEqual([])
})
