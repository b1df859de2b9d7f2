import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, afterEach, expect, test } from 'vitest'
import { TestCertificates } from '../../../packages/sip/test/support/test-certificates.ts'
import { isWrong } from '../src/check-trunk.ts'
import { type Account, guarded, openGateway, type Script, type ScriptedGateway } from './support/scripted-gateway.ts'
import { check, findingsOf, ourNumber, textOf, trunkTo, wrongsOf } from './support/trunk-under-test.ts'

const certificates = new TestCertificates()
const authority = certificates.authority('Carrier CA')
const right = certificates.issue(authority, 'DNS:sip.carrier.test,IP:127.0.0.1')
afterAll(() => certificates[Symbol.dispose]())

const open: ScriptedGateway[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway[Symbol.asyncDispose]()))
})

async function gateway(...args: Parameters<typeof openGateway>): Promise<ScriptedGateway> {
  const opened = await openGateway(...args)
  open.push(opened)
  return opened
}

const account: Account = { username: '1001', password: 's3cret', realm: 'pbx' }
const sdp = (port: number, profile = 'RTP/AVP', type = 8) =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} ${profile} ${type}\r\n`

/** Answers as a carrier in order does; `invite` says what becomes of calls. */
function carrier(invite: Script): Script {
  return (asked) => {
    switch (asked.method) {
      case 'OPTIONS':
        return [{ status: 200, reason: 'OK', headers: { Server: 'Carrier 1.0', Allow: 'INVITE, ACK, BYE, CANCEL' } }]
      case 'REGISTER':
        return [
          {
            status: 200,
            reason: 'OK',
            headers: { Contact: asked.header('Contact'), Expires: asked.header('Expires') },
          },
        ]
      case 'INVITE':
        return invite(asked)
      default:
        return [{ status: 200, reason: 'OK' }]
    }
  }
}

const refusing = (status: number, reason: string, headers: Record<string, string> = {}): Script =>
  carrier(() => [{ status, reason, headers }])

const callee = '+8613012345678'
const tls = { caFile: authority.certFile }

test('a trunk in order passes, and nobody is called unasked', async () => {
  const { port, asked } = await gateway(
    'udp',
    guarded(
      account,
      carrier(() => []),
    ),
  )
  const { username, password } = account
  const report = await check(trunkTo(port, { auth: { kind: 'register', username, password } }))
  expect(wrongsOf(report)).toEqual([])
  expect(isWrong(report)).toBe(false)
  expect(textOf(report, 'registered')).toContain('for 300 s, and removed again')
  expect(textOf(report, 'challenged')).toContain('realm "pbx" with MD5')
  expect(asked.filter(({ method }) => method === 'INVITE')).toEqual([])
  expect(asked.at(-1)?.header('Expires')).toBe('0')
})

test('a call in order tells codec and early media, and is cancelled when it rings', async () => {
  const ringing: Script = () => [
    { status: 183, reason: 'Session Progress', headers: { Contact: '<sip:c@127.0.0.1>' }, body: sdp(40_000) },
  ]
  const { port, asked } = await gateway('udp', carrier(ringing))
  const report = await check(trunkTo(port), { call: callee })
  expect(wrongsOf(report)).toEqual([])
  expect(textOf(report, 'codec')).toContain('PCMA, not encrypted')
  expect(textOf(report, 'early-media')).toContain('before the answer')
  expect(asked.map(({ method }) => method)).toContain('CANCEL')
})

test('a call that is answered at once is hung up', async () => {
  const answering: Script = ({ uri }) => {
    const [, port] = /:(\d+)(?:;|$)/.exec(uri) ?? []
    return [{ status: 200, reason: 'OK', headers: { Contact: `<sip:c@127.0.0.1:${port}>` }, body: sdp(40_000) }]
  }
  const { port, asked } = await gateway('udp', carrier(answering))
  const report = await check(trunkTo(port), { call: callee })
  expect(wrongsOf(report)).toEqual([])
  expect(asked.map(({ method }) => method).slice(-3)).toEqual(['INVITE', 'ACK', 'BYE'])
})

test('a name that does not resolve', async () => {
  const none = async () => ({ records: [], ttlS: 1 })
  const trunk = { ...trunkTo(1), gateways: [{ host: 'sip.carrier.test' }] }
  const report = await check(trunk, { dns: { naptr: none, srv: none, addresses: none } })
  expect(wrongsOf(report)).toEqual(['names no-such-name'])
})

test.each(['udp', 'tcp', 'tls'] as const)('a closed %s port', async (transport) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const report = await check(trunkTo(port, transport === 'udp' ? {} : { transport }))
  expect(wrongsOf(report)).toEqual(['connection port-closed'])
})

test('a peer that is silent', async () => {
  const { port } = await gateway('udp', () => [])
  const report = await check(trunkTo(port))
  expect(wrongsOf(report)).toEqual(['options silent'])
  expect(textOf(report, 'silent')).toContain('we call ourselves 127.0.0.1')
})

test('a carrier that ignores OPTIONS and takes calls is in order', async () => {
  const { port } = await gateway('udp', ({ method }) => {
    if (method === 'OPTIONS') return []
    return [{ status: method === 'INVITE' ? 180 : 200, headers: { Contact: '<sip:c@127.0.0.1>' } }]
  })
  const report = await check(trunkTo(port), { call: callee })
  expect(wrongsOf(report)).toEqual([])
  expect(textOf(report, 'options-ignored')).toContain('other requests do')
})

test('a registrar that ignores OPTIONS is in order', async () => {
  const script = carrier(() => [])
  const { port } = await gateway('udp', (asked) => (asked.method === 'OPTIONS' ? [] : script(asked)))
  const report = await check(trunkTo(port, { auth: { kind: 'register', username: '1001', password: 'x' } }))
  expect(findingsOf(report).map(({ cause }) => cause)).toEqual(['options-ignored', 'registered'])
})

test('nobody is called where nothing can be reached', async () => {
  const none = async () => ({ records: [], ttlS: 1 })
  const trunk = { ...trunkTo(1), gateways: [{ host: 'sip.carrier.test' }] }
  const report = await check(trunk, { call: callee, dns: { naptr: none, srv: none, addresses: none } })
  expect(report.call.map(({ cause }) => cause)).toEqual(['not-called'])
})

test('a TLS certificate that has expired', async () => {
  const expired = certificates.issue(authority, 'IP:127.0.0.1', 0)
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    expired,
  )
  const report = await check(trunkTo(port, { transport: 'tls', tls }))
  expect(wrongsOf(report)).toEqual(['connection certificate-expired'])
  expect(textOf(report, 'certificate-expired')).toMatch(/It is of CN=peer .*signed by CN=Carrier CA, valid from .* to /)
})

test('a TLS certificate for another name', async () => {
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    right,
  )
  const report = await check(trunkTo(port, { transport: 'tls', tls: { ...tls, serverName: 'sip.other.test' } }))
  expect(wrongsOf(report)).toEqual(['connection certificate-wrong-name'])
  expect(textOf(report, 'certificate-wrong-name')).toMatch(/not for sip\.other\.test.*DNS:sip\.carrier\.test/)
})

test('a TLS certificate of an unknown authority', async () => {
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    right,
  )
  expect(wrongsOf(await check(trunkTo(port, { transport: 'tls' })))).toEqual(['connection certificate-unknown-ca'])
})

test('a gateway that wants a certificate of ours', async () => {
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    { ...right, requestCert: true, rejectUnauthorized: true },
  )
  const report = await check(trunkTo(port, { transport: 'tls', tls }))
  expect(wrongsOf(report)).toEqual(['connection client-certificate-required'])
})

test('plain TCP where TLS is expected', async () => {
  const { port } = await gateway(
    'tcp',
    carrier(() => []),
  )
  expect(wrongsOf(await check(trunkTo(port, { transport: 'tls', tls })))).toEqual(['connection not-tls'])
})

test('TLS where plain TCP is expected', async () => {
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    right,
  )
  expect(wrongsOf(await check(trunkTo(port, { transport: 'tcp' })))).toEqual(['options tls-expected'])
})

test('a gateway whose TLS is too old', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    { ...right, ...old },
  )
  expect(wrongsOf(await check(trunkTo(port, { transport: 'tls', tls })))).toEqual(['connection tls-too-old'])
})

test('a TLS trunk in order passes', async () => {
  const { port } = await gateway(
    'tls',
    carrier(() => []),
    right,
  )
  const report = await check(trunkTo(port, { transport: 'tls', tls }))
  expect(wrongsOf(report)).toEqual([])
  expect(textOf(report, 'open')).toMatch(/TLS 1\.3, certificate of CN=peer, signed by CN=Carrier CA/)
})

test('a wrong password', async () => {
  const { port } = await gateway(
    'udp',
    guarded(
      account,
      carrier(() => []),
    ),
  )
  const report = await check(trunkTo(port, { auth: { kind: 'digest', username: '1001', password: 'guess' } }))
  expect(wrongsOf(report)).toEqual(['options wrong-password'])
  expect(JSON.stringify(report)).not.toContain('guess')
})

test('a realm that is not the configured one', async () => {
  const { port } = await gateway(
    'udp',
    guarded(
      account,
      carrier(() => []),
    ),
  )
  const auth = { kind: 'digest', username: '1001', password: 's3cret', realm: 'other' } as const
  expect(wrongsOf(await check(trunkTo(port, { auth })))).toEqual(['options realm-mismatch'])
})

test('an address that the carrier does not allow', async () => {
  const { port } = await gateway('udp', () => [{ status: 403, reason: 'Forbidden' }])
  const report = await check(trunkTo(port))
  expect(wrongsOf(report)).toEqual(['options not-allowed'])
  expect(textOf(report, 'not-allowed')).toMatch(/sees us as 127\.0\.0\.1:\d+/)
})

test('an account that the registrar does not know', async () => {
  const script = carrier(() => [])
  const { port } = await gateway('udp', (asked) =>
    asked.method === 'REGISTER' ? [{ status: 404, reason: 'Not Found' }] : script(asked),
  )
  const report = await check(trunkTo(port, { auth: { kind: 'register', username: '1002', password: 'x' } }))
  expect(wrongsOf(report)).toEqual(['registration unknown-account'])
  expect(textOf(report, 'unknown-account')).toContain('1002@127.0.0.1')
})

test('codecs that are refused', async () => {
  const { port } = await gateway(
    'udp',
    refusing(488, 'Not Acceptable Here', { Warning: '305 carrier "Incompatible media format: G729 only"' }),
  )
  const report = await check(trunkTo(port), { call: callee })
  expect(wrongsOf(report)).toEqual(['call codecs-refused'])
  expect(textOf(report, 'codecs-refused')).toMatch(/G729 only.*PCMA, PCMU, not encrypted/)
})

test('a peer that wants SRTP', async () => {
  const { port } = await gateway('udp', refusing(488, 'SRTP required'))
  const report = await check(trunkTo(port), { call: callee })
  expect(wrongsOf(report)).toEqual(['call srtp-required'])
})

test('a peer that answers our encrypted offer in the clear', async () => {
  const ringing: Script = () => [{ status: 183, headers: { Contact: '<sip:c@127.0.0.1>' }, body: sdp(40_000) }]
  const { port } = await gateway('udp', carrier(ringing))
  const report = await check(trunkTo(port), { call: callee, srtp: 'required' })
  expect(wrongsOf(report)).toEqual(['codecs srtp-refused'])
})

test('a number in a form that the carrier does not know is shown as sent, its middle hidden', async () => {
  const { port } = await gateway('udp', refusing(404, `No route to ${callee}`))
  const report = await check(trunkTo(port, { prefix: '9' }), { call: callee })
  expect(wrongsOf(report)).toEqual(['call number-format'])
  expect(textOf(report, 'number-format')).toContain('called sip:9+861')
  expect(
    findingsOf(report)
      .map(({ text }) => text)
      .join(),
  ).not.toMatch(new RegExp(`${callee.slice(1)}|${ourNumber.slice(1)}`))
})
