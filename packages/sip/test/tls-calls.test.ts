import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { type IncomingInvite, type InviteHandler, legId } from '@parley/core'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { SipSignalling, TrunkConfig, TrunkTls } from '../src/index.ts'
import { exchange, replyOf } from './support/raw-tcp.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'
import { TestCertificates } from './support/test-certificates.ts'

const certificates = new TestCertificates()
const authority = certificates.authority('Test CA')
const stranger = certificates.authority('Other CA')
const ours = certificates.issue(authority, 'DNS:us.test,IP:127.0.0.1')
const theirs = certificates.issue(authority, 'DNS:carrier.test,IP:127.0.0.1')
const forged = certificates.issue(stranger, 'DNS:us.test')
afterAll(() => certificates[Symbol.dispose]())

const open: SipSignalling[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((signalling) => signalling[Symbol.asyncDispose]()))
})

async function side(
  files: typeof ours,
  trunks: readonly TrunkConfig[],
  onInvite?: InviteHandler,
): Promise<SipSignalling> {
  const signalling = await openSignalling(trunks, onInvite, { tls: { port: 0, ...files } })
  open.push(signalling)
  return signalling
}

const client: TrunkTls = { serverName: 'carrier.test', caFile: authority.certFile, ...ours }
const strict: TrunkTls = { caFile: authority.certFile, clientCertificate: 'required', clientName: 'us.test', ...theirs }

/** A gateway that answers those who show the certificate it wants. */
async function carrier(tls: TrunkTls = strict) {
  const invites: IncomingInvite[] = []
  const signalling = await side(theirs, [trunkTo(1, { numbers: ['13012345678'], tls })], async (invite) => {
    invites.push(invite)
    return { kind: 'answer', sdp: sdpOf(50_000) }
  })
  return { signalling, invites, port: signalling.localPorts.tls ?? 0 }
}

const dial = (signalling: SipSignalling) => {
  const request = dialRequest()
  return { request, leg: new LegReader(signalling.dial(request, new AbortController().signal)) }
}

test('a call over TLS with client certificates is answered and ended by either side', async () => {
  const { signalling, invites, port } = await carrier()
  const caller = await side(ours, [trunkTo(port, { tls: client }, 'tls')])
  const first = dial(caller)
  expect((await first.leg.until('answered')).sdp).toBe(sdpOf(50_000))
  await caller.command(first.request.leg, { type: 'hangup' })
  await first.leg.end()
  const second = dial(caller)
  await second.leg.until('answered')
  await signalling.command(invites[1]?.leg ?? legId(''), { type: 'hangup' })
  expect((await second.leg.end()).at(-1)).toEqual({ type: 'bye' })
})

test.each([
  ['none', { serverName: 'carrier.test', caFile: authority.certFile }],
  ['one of another CA', { ...client, ...forged }],
  ['one for another name', { ...client, ...theirs }],
] as const)('a caller that has to show a certificate and shows %s is not let in', async (_what, tls) => {
  const { invites, port } = await carrier()
  const caller = await side(ours, [trunkTo(port, { tls }, 'tls')])
  expect((await dial(caller).leg.end()).at(-1)).toMatchObject({ type: 'failed', cause: 'transport' })
  expect(invites).toEqual([])
})

test('a trunk that requires certificates takes no calls over UDP or TCP from the same address', async () => {
  const { signalling, invites } = await carrier()
  const caller = await side(ours, [trunkTo(signalling.localPort, {}, 'tcp')])
  expect((await dial(caller).leg.end()).at(-1)).toMatchObject({ type: 'failed' })
  expect(invites).toEqual([])
})

test('a stranger is disconnected before the TLS handshake', async () => {
  const gateways = [{ host: '192.0.2.1', port: 5061, transport: 'tls' as const }]
  const signalling = await side(ours, [trunkTo(1, { gateways })])
  expect(await exchange(signalling.localPorts.tls ?? 0, 'anything', () => true)).toBe('')
})

test('a registration goes over TLS, with our certificate', async () => {
  const { port } = await carrier({ caFile: authority.certFile, clientCertificate: 'required', ...theirs })
  const auth = { kind: 'register', username: 'acct', password: 'p' } as const
  const caller = await side(ours, [trunkTo(port, { tls: client, auth }, 'tls')])
  // The gateway of this test is no registrar, but it can only say so over the connection it let in.
  const deadlineMs = performance.now() + 3_000
  while (caller.gatewayStates().length === 0 && performance.now() < deadlineMs) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(caller.gatewayStates()).toMatchObject([{ transport: 'tls', isUp: true, answers: 1 }])
})

test('a caller that takes no TLS calls is hung up on by the connection it opened', async () => {
  const { signalling, invites, port } = await carrier()
  const caller = await openSignalling([trunkTo(port, { tls: client }, 'tls')])
  open.push(caller)
  const { leg } = dial(caller)
  await leg.until('answered')
  await signalling.command(invites[0]?.leg ?? legId(''), { type: 'hangup' })
  expect((await leg.end()).at(-1)).toEqual({ type: 'bye' })
})

test('a caller of a sips URI gets a sips contact', async () => {
  const { port } = await carrier({ caFile: authority.certFile })
  const lines = [
    'INVITE sips:13012345678@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK-raw',
    'Max-Forwards: 70',
    'From: <sips:y@127.0.0.1>;tag=1',
    'To: <sips:13012345678@127.0.0.1>',
    'Contact: <sips:y@127.0.0.1:9>',
    'Call-ID: raw',
    'CSeq: 1 INVITE',
    'Content-Length: 0',
  ]
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  const text = await replyOf(socket, `${lines.join('\r\n')}\r\n\r\n`, (reply) => reply.includes('180 Ringing'))
  expect(text).toContain(`Contact: <sips:13012345678@127.0.0.1:${port};transport=tls>`)
})

test('two trunks to the same gateway do not share a connection', async () => {
  const { invites, port } = await carrier()
  const gateways = [{ host: '127.0.0.1', port, transport: 'tls' as const }]
  const { certFile: _cert, keyFile: _key, ...bare } = client
  const caller = await side(ours, [
    { name: 'carrier', gateways, auth: { kind: 'none' }, numbers: [], tls: client },
    { name: 'bare', gateways, auth: { kind: 'none' }, numbers: [], tls: bare },
  ])
  await dial(caller).leg.until('answered')
  const leg = new LegReader(caller.dial(dialRequest({ trunk: 'bare' }), new AbortController().signal))
  expect((await leg.end()).at(-1)).toMatchObject({ type: 'failed', cause: 'transport' })
  expect(invites).toHaveLength(1)
})

test('a renewed certificate of the listener serves from the next connection on', async () => {
  const files = certificates.issue(authority, 'DNS:carrier.test')
  const signalling = await side(files, [trunkTo(1)])
  const shown = async () => {
    const port = signalling.localPorts.tls ?? 0
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'carrier.test',
      ca: readFileSync(authority.certFile),
    })
    await once(socket, 'secureConnect')
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }
  const before = await shown()
  const renewed = certificates.issue(authority, 'DNS:carrier.test')
  copyFileSync(renewed.certFile, files.certFile)
  copyFileSync(renewed.keyFile, files.keyFile)
  expect(await shown()).not.toBe(before)
})

test('TLS below 1.2 is refused', async () => {
  const signalling = await side(ours, [trunkTo(1)])
  const socket = connect({
    ...{ port: signalling.localPorts.tls ?? 0, host: '127.0.0.1', rejectUnauthorized: false },
    ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  })
  const [error] = (await once(socket, 'error').catch((failure) => [failure])) as [Error]
  expect(error.message).toMatch(/alert protocol version|handshake failure/)
})

test('what is wrong with a certificate file is told at start', async () => {
  const tls = { caFile: authority.keyFile }
  await expect(openSignalling([trunkTo(1, { tls: { ...tls, certFile: ours.certFile } })])).rejects.toThrow(
    'go together',
  )
  await expect(openSignalling([trunkTo(1, { tls: { caFile: '/nowhere/ca.pem' } })])).rejects.toThrow(
    'trunk carrier: tls',
  )
})
