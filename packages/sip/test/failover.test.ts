import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { IncomingInvite } from '@parley/core'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { parseMessage } from '../src/embedded/message/parse-message.ts'
import { responseTo } from '../src/embedded/message/sip-message.ts'
import { writeMessage } from '../src/embedded/message/write-message.ts'
import type { SipSignalling, TrunkConfig, TrunkGateway, TrunkTls } from '../src/index.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'
import { TableDns } from './support/table-dns.ts'
import { type CertificateFiles, TestCertificates } from './support/test-certificates.ts'

const certificates = new TestCertificates()
const authority = certificates.authority('Test CA')
const good = certificates.issue(authority, 'DNS:carrier.test')
afterAll(() => certificates[Symbol.dispose]())

const open: AsyncDisposable[] = []
const keep = <T extends AsyncDisposable>(opened: T): T => {
  open.push(opened)
  return opened
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened[Symbol.asyncDispose]()))
})

interface Carrier {
  readonly signalling: SipSignalling
  readonly invites: IncomingInvite[]
  gateway(transport?: 'udp' | 'tcp' | 'tls'): TrunkGateway
}

/** A gateway that answers. */
async function carrier(files: CertificateFiles = good): Promise<Carrier> {
  const invites: IncomingInvite[] = []
  const trunks = [trunkTo(1, { numbers: ['13012345678'] })]
  const decide = async (invite: IncomingInvite) => {
    invites.push(invite)
    return { kind: 'answer', sdp: sdpOf(50_000) } as const
  }
  const signalling = keep(await openSignalling(trunks, decide, { tls: { port: 0, ...files } }))
  const gateway = (transport: 'udp' | 'tcp' | 'tls' = 'udp') => ({
    host: '127.0.0.1',
    port: signalling.localPorts[transport] ?? 0,
    transport,
  })
  return { signalling, invites, gateway }
}

/** A UDP gateway that refuses every INVITE at once, without ringing; without a status it says nothing at all. */
async function refuser(status?: number, headers: Readonly<Record<string, string>> = {}): Promise<TrunkGateway> {
  const socket = createSocket('udp4', (bytes, from) => {
    const result = parseMessage(bytes)
    if (status === undefined || !result.ok || result.message.kind !== 'request') return
    if (result.message.method !== 'INVITE') return
    const response = responseTo(result.message, status, 'Scripted', 'scripted')
    for (const [name, value] of Object.entries(headers)) response.headers.add(name, value)
    socket.send(writeMessage(response), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  keep({ [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(() => resolve())) })
  return { host: '127.0.0.1', port: socket.address().port, transport: 'udp' }
}

async function dial(gateways: readonly TrunkGateway[], more: Partial<TrunkConfig> = {}, dns = new TableDns()) {
  const signalling = keep(await openSignalling([trunkTo(1, { gateways, ...more })], undefined, { dns }))
  const startedAtMs = performance.now()
  const leg = new LegReader(signalling.dial(dialRequest(), new AbortController().signal))
  return { signalling, leg, elapsedMs: () => performance.now() - startedAtMs }
}

/** A TCP port that takes connections and answers with `greeting`. */
async function tcpPort(greeting: string): Promise<number> {
  const server = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end(greeting),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  keep({ [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) })
  return (server.address() as AddressInfo).port // a TCP server has no other kind of address
}

describe('the call goes out by the next gateway when the first one', () => {
  test('has nobody listening on UDP', async () => {
    const next = await carrier()
    const dead: TrunkGateway = { host: '127.0.0.1', port: 1, transport: 'udp' }
    const { leg, elapsedMs } = await dial([dead, next.gateway()], { failover: { firstResponseMs: 500 } })
    await leg.until('answered')
    expect(elapsedMs()).toBeLessThan(2_000)
  })

  test('refuses TCP connections', async () => {
    const next = await carrier()
    const { leg, elapsedMs } = await dial([{ host: '127.0.0.1', port: 1, transport: 'tcp' }, next.gateway('tcp')])
    await leg.until('answered')
    expect(elapsedMs()).toBeLessThan(1_000)
  })

  test('is silent', async () => {
    const next = await carrier()
    const { leg, signalling, elapsedMs } = await dial([await refuser(), next.gateway()], {
      failover: { firstResponseMs: 600 },
    })
    await leg.until('answered')
    expect(elapsedMs()).toBeGreaterThan(550)
    expect(elapsedMs()).toBeLessThan(2_500)
    expect(signalling.gatewayStates()).toMatchObject([
      { isUp: false, failures: 1, lastFailure: 'no response' },
      { isUp: true, answers: 1 },
    ])
  })

  test.each([408, 500, 502, 503, 504])('answers %i', async (status) => {
    const next = await carrier()
    const { leg, elapsedMs } = await dial([await refuser(status), next.gateway()])
    await leg.until('answered')
    expect(elapsedMs()).toBeLessThan(1_000)
  })

  test('is draining and answers 503 with Retry-After', async () => {
    const [busy, next] = [await carrier(), await carrier()]
    busy.signalling.drain()
    const { leg, signalling, elapsedMs } = await dial([busy.gateway(), next.gateway()])
    await leg.until('answered')
    expect(elapsedMs()).toBeLessThan(1_000)
    expect(busy.invites).toEqual([])
    expect(signalling.gatewayStates()[0]).toMatchObject({ isUp: false, lastFailure: '503 Service Unavailable' })
  })
})

describe('the call goes out by the next gateway when TLS to the first one fails, and the cause is told:', () => {
  const tls: TrunkTls = { serverName: 'carrier.test', caFile: authority.certFile }

  test.each([
    ['expired', () => certificates.issue(authority, 'DNS:carrier.test', 0), 'its certificate has expired'],
    ['for another name', () => certificates.issue(authority, 'DNS:other.test'), 'its certificate is for another name'],
    [
      'of an unknown CA',
      () => certificates.issue(certificates.authority('Other CA'), 'DNS:carrier.test'),
      'its certificate is signed by an unknown CA',
    ],
  ])('a certificate %s', async (_what, issue, cause) => {
    const [broken, next] = [await carrier(issue()), await carrier()]
    const { leg, signalling, elapsedMs } = await dial([broken.gateway('tls'), next.gateway('tls')], { tls })
    await leg.until('answered')
    expect(elapsedMs()).toBeLessThan(1_500)
    expect(broken.invites).toEqual([])
    expect(signalling.gatewayStates()[0]?.lastFailure).toContain(cause)
  })

  test('no TLS at all', async () => {
    const next = await carrier()
    const plain: TrunkGateway = { host: '127.0.0.1', port: await tcpPort('SIP/2.0 400 No\r\n\r\n'), transport: 'tls' }
    const { leg, signalling } = await dial([plain, next.gateway('tls')], { tls })
    await leg.until('answered')
    expect(signalling.gatewayStates()[0]?.lastFailure).toContain('does not speak TLS')
  })

  test('without verification a foreign certificate serves', async () => {
    const foreign = await carrier(certificates.issue(certificates.authority('Other CA'), 'DNS:other.test'))
    const { leg } = await dial([foreign.gateway('tls')], { tls: { verify: false } })
    await leg.until('answered')
  })
})

test.each([404, 484, 486, 487, 603])('%i is the callee speaking: no other gateway is asked', async (status) => {
  const next = await carrier()
  const { leg } = await dial([await refuser(status), next.gateway()])
  expect((await leg.end()).at(-1)).toMatchObject({ type: 'rejected', status })
  expect(next.invites).toEqual([])
})

test('when every gateway fails the last failure is told, within the set-up deadline', async () => {
  const gateways = [await refuser(), await refuser(), await refuser()]
  const { leg, elapsedMs } = await dial(gateways, { failover: { firstResponseMs: 700 }, setupTimeoutMs: 1_500 })
  expect(await leg.end()).toMatchObject([{ type: 'failed', cause: 'timeout', detail: 'set-up deadline' }])
  expect(elapsedMs()).toBeLessThan(2_500)
})

test('the servers of a name are tried in the order of their SRV records', async () => {
  const [dead, next] = [await carrier(), await carrier()]
  dead.signalling.drain()
  const record = (target: string, priority: number, { signalling }: Carrier) => ({
    ...{ target, priority, weight: 0, port: signalling.localPort },
  })
  const dns = new TableDns({
    srv: { '_sip._udp.carrier.test': [record('b.test', 20, next), record('a.test', 10, dead)] },
    addresses: { 'a.test': ['127.0.0.1'], 'b.test': ['127.0.0.1'] },
  })
  const { leg, signalling } = await dial([{ host: 'carrier.test' }], {}, dns)
  await leg.until('answered')
  expect(next.invites).toHaveLength(1)
  expect(signalling.gatewayStates().map(({ port, isUp }) => [port, isUp])).toEqual([
    [dead.signalling.localPort, false],
    [next.signalling.localPort, true],
  ])
})

test('a name that does not resolve is a failure at once', async () => {
  const { leg, elapsedMs } = await dial([{ host: 'nowhere.test' }])
  expect(await leg.end()).toMatchObject([{ type: 'failed', cause: 'transport' }])
  expect(elapsedMs()).toBeLessThan(1_000)
})
