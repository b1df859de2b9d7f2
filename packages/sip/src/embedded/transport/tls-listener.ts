import { readFileSync, statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { checkServerIdentity, createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls'
import { GuardedListener } from './guarded-listener.ts'
import { type ClientCertificate, plainAddress, type SourceGate } from './transport.ts'

/** Files are PEM; a certificate that was renewed serves from the next connection on. */
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
 * Listens for TLS 1.2 or newer and gives the sockets whose address and certificate the gate accepts.
 * @throws the bind error, or what is wrong with a file
 */
export async function openTlsListener(
  host: string,
  bind: TlsBind,
  gate: SourceGate,
  accept: (socket: Socket) => void,
): Promise<GuardedListener> {
  const server = createServer({
    ...readFiles(bind),
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: bind.asksCertificate,
    rejectUnauthorized: false, // decided below, by trunk
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.on('secureConnection', (socket) => {
    if (gate.acceptsCertificate(plainAddress(socket.remoteAddress ?? ''), certificateOf(socket))) accept(socket)
    else socket.destroy()
  })
  let version = versionOf(bind)
  // The TLS server itself never listens: it gets the sockets whose address is known.
  return GuardedListener.open(
    host,
    bind.port,
    (address) => gate.knowsSource(address, 'tls'),
    (socket) => {
      version = renew(server, bind, version)
      server.emit('connection', socket)
    },
  )
}

function readFiles({ certFile, keyFile, clientCaFiles }: TlsBind): SecureContextOptions {
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
    ...(clientCaFiles.length > 0 && { ca: clientCaFiles.map((file) => readFileSync(file)) }),
  }
}

/** Gives the version now in force. While the files are being replaced that is the old one. */
function renew(server: Server, bind: TlsBind, version: string): string {
  try {
    const found = versionOf(bind)
    if (found !== version) server.setSecureContext(readFiles(bind))
    return found
  } catch {
    return version
  }
}

const versionOf = ({ certFile, keyFile }: TlsBind): string =>
  [certFile, keyFile].map((file) => String(statSync(file).mtimeMs)).join()

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const certificate = socket.getPeerCertificate()
  if (!certificate.raw) return undefined
  return { isFor: (name) => checkServerIdentity(name, certificate) === undefined }
}
