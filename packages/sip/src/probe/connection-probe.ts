import { createSocket } from 'node:dgram'
import { connect as connectTcp, isIPv6, type Socket } from 'node:net'
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { Clock } from '@parley/core'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import { tlsOptions } from '../embedded/transport/tls-sockets.ts'
import type { SipHop } from '../sip-stack.ts'

/** Who a gateway says it is. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** Names it is valid for. */
  readonly names: string
  readonly validFrom: string
  readonly validTo: string
}

/** What a connection to one address of a gateway met. */
export interface ConnectionFacts {
  /** `sent`: UDP, where only a refusal can be seen. */
  readonly outcome: 'open' | 'sent' | 'failed'
  /** Of Node.js or OpenSSL; `TIMEOUT`: silence. */
  readonly code?: string
  readonly detail?: string
  /** TCP itself came about. */
  readonly tcpOpened?: boolean
  readonly tlsVersion?: string
  /** Name the certificate has to be for. */
  readonly expectedName?: string
  readonly certificate?: CertificateFacts
}

/** Until a connection is up. The same as in calls. */
const connectMs = 4_000
/** How long a refusal may follow the handshake: TLS 1.3 servers ask for a client certificate that late. Taste. */
const afterwardsMs = 500

/** Opens a connection as a call does, looks, and closes it. Nothing but the handshake, or one empty datagram, is sent. */
export function probeConnection(hop: SipHop, clock: Clock): Promise<ConnectionFacts> {
  switch (hop.transport) {
    case 'udp':
      return probeDatagrams(hop, clock)
    case 'tcp':
      return probeTcp(hop, clock)
    case 'tls':
      return probeTls(hop, clock)
    default:
      return hop.transport satisfies never
  }
}

/** A closed port answers by ICMP, which only a connected socket is told. */
async function probeDatagrams(hop: SipHop, clock: Clock): Promise<ConnectionFacts> {
  const timers = new TimerSet<'quiet'>(clock)
  const socket = createSocket(isIPv6(hop.host) ? 'udp6' : 'udp4')
  const facts = await new Promise<ConnectionFacts>((resolve) => {
    socket.on('error', (error) => resolve(failedBy(error)))
    socket.connect(hop.port, hop.host, () => {
      socket.send('\r\n\r\n', (error) => error && resolve(failedBy(error)))
      timers.set('quiet', afterwardsMs, () => resolve({ outcome: 'sent' }))
    })
  })
  timers.clear()
  socket.close()
  return facts
}

async function probeTcp(hop: SipHop, clock: Clock): Promise<ConnectionFacts> {
  const socket = connectTcp({ host: hop.host, port: hop.port })
  return watch(socket, clock, 'connect', () => ({ outcome: 'open' }))
}

async function probeTls(hop: SipHop, clock: Clock): Promise<ConnectionFacts> {
  const expectedName = hop.profile?.tls?.serverName ?? hop.serverName ?? hop.host
  let socket: TLSSocket
  try {
    // Looks at a bad certificate too, instead of hanging up.
    socket = connectTls({ ...tlsOptions(hop), rejectUnauthorized: false })
  } catch (error) {
    return { ...failedBy(error), expectedName }
  }
  let tcpOpened = false
  socket.once('connect', () => {
    tcpOpened = true
  })
  let shown: Partial<ConnectionFacts> = {}
  socket.once('secureConnect', () => {
    const certificate = certificateOf(socket.getPeerCertificate())
    shown = { tlsVersion: socket.getProtocol() ?? '', ...(certificate && { certificate }) }
  })
  const facts = await watch(socket, clock, 'secureConnect', () => {
    const verify = hop.profile?.tls?.verify ?? true
    const code = socket.authorized || !verify ? undefined : String(socket.authorizationError ?? 'unknown')
    return code === undefined ? { outcome: 'open' } : { outcome: 'failed', code }
  })
  return { ...shown, ...facts, tcpOpened, expectedName }
}

function watch(
  socket: Socket,
  clock: Clock,
  readyEvent: 'connect' | 'secureConnect',
  judge: () => ConnectionFacts,
): Promise<ConnectionFacts> {
  const timers = new TimerSet<'deadline'>(clock)
  return new Promise<ConnectionFacts>((resolve) => {
    timers.set('deadline', connectMs, () => resolve({ outcome: 'failed', code: 'TIMEOUT' }))
    socket.on('error', (error) => resolve(failedBy(error)))
    socket.on('close', () => resolve({ outcome: 'failed', code: 'ECONNRESET' }))
    socket.once(readyEvent, () => timers.set('deadline', afterwardsMs, () => resolve(judge())))
    socket.resume()
  }).finally(() => {
    timers.clear()
    socket.destroy()
  })
}

function failedBy(error: unknown): ConnectionFacts {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return { outcome: 'failed', code, detail: error instanceof Error ? error.message : String(error) }
}

function certificateOf(certificate: PeerCertificate): CertificateFacts | undefined {
  // A peer without a certificate gives an empty object.
  if (!certificate.valid_to) return undefined
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: certificate.subjectaltname ?? '',
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
  }
}

/** `CN=x, O=y` */
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ')
}
