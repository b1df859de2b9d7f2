import { readFileSync } from 'node:fs'
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, createServer, type TLSSocket } from 'node:tls'
import { GuardedListener } from './guarded-listener.ts'
import type { StreamSockets } from './stream-transport.ts'
import { type ClientCertificate, type Peer, plainAddress, type SourceGate } from './transport.ts'

/** Files are PEM and are read at start. */
export interface TlsBind {
  /** 0: any free port. */
  readonly port: number
  readonly certFile: string
  readonly keyFile: string
  /** Who may sign client certificates. Empty: the CAs that Node.js trusts. */
  readonly clientCaFiles: readonly string[]
  /** Peers are asked for a certificate. Whether they need one is the gate's decision. */
  readonly asksCertificate: boolean
}

const handshakeTimeoutMs = 4_000

/**
 * TLS 1.2 or newer. Without `bind` nobody can call in by TLS, but we can call out.
 * @throws the bind error, or what is wrong with a file
 */
export async function openTlsSockets(
  host: string,
  bind: TlsBind | undefined,
  gate: SourceGate,
  accept: (socket: Socket) => void,
): Promise<StreamSockets> {
  const listener = bind ? await listen(host, bind, gate, accept) : undefined
  return {
    transport: 'tls',
    port: listener?.port,
    readyEvent: 'secureConnect',
    connect: (to) => connect(tlsOptions(to)),
    [Symbol.asyncDispose]: async () => listener?.[Symbol.asyncDispose](),
  }
}

async function listen(host: string, bind: TlsBind, gate: SourceGate, accept: (socket: Socket) => void) {
  const server = createServer({
    cert: readFileSync(bind.certFile),
    key: readFileSync(bind.keyFile),
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: bind.asksCertificate,
    rejectUnauthorized: false, // decided below, by trunk
    ...(bind.clientCaFiles.length > 0 && { ca: bind.clientCaFiles.map((file) => readFileSync(file)) }),
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('secureConnection', (socket) => {
    if (gate.acceptsCertificate(plainAddress(socket.remoteAddress ?? ''), certificateOf(socket))) accept(socket)
    else socket.destroy()
  })
  // The TLS server itself never listens: it gets the sockets whose address is known.
  return GuardedListener.open(
    host,
    bind.port,
    (address) => gate.knowsSource(address, 'tls'),
    (socket) => server.emit('connection', socket),
  )
}

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const certificate = socket.getPeerCertificate()
  if (!certificate.raw) return undefined
  return { isFor: (name) => checkServerIdentity(name, certificate) === undefined }
}

/**
 * How to reach a gateway: whom to expect there and who we are.
 * @throws when a file of the trunk cannot be read
 */
function tlsOptions(to: Peer): ConnectionOptions {
  const tls = to.profile?.tls ?? {}
  const expected = tls.serverName ?? to.serverName ?? to.host
  return {
    host: to.host,
    port: to.port,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.verify ?? true,
    // The name in the configuration counts, whatever DNS made of it. @see RFC 5922 section 7.1
    checkServerIdentity: (_host, certificate) => checkServerIdentity(expected, certificate),
    ...(isIP(expected) === 0 && { servername: expected }),
    ...(tls.caFile && { ca: readFileSync(tls.caFile) }),
    ...(tls.certFile && { cert: readFileSync(tls.certFile) }),
    ...(tls.keyFile && { key: readFileSync(tls.keyFile) }),
  }
}
