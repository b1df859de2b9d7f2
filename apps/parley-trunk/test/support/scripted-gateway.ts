import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export interface Asked {
  readonly method: string
  readonly uri: string
  readonly text: string
  /** First value of a header; empty when there is none. */
  header(name: string): string
}

export interface Reply {
  readonly status: number
  readonly reason?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Replies to one request; none: silence. */
export type Script = (asked: Asked) => readonly Reply[]

export interface ScriptedGateway extends AsyncDisposable {
  readonly port: number
  readonly asked: readonly Asked[]
}

/** A peer on a real socket of 127.0.0.1 that says what a test tells it to. */
export async function openGateway(
  transport: 'udp' | 'tcp' | 'tls',
  script: Script,
  tls?: { readonly certFile: string; readonly keyFile: string } & TlsOptions,
): Promise<ScriptedGateway> {
  const asked: Asked[] = []
  const hear = (text: string, port: number, send: (reply: string) => void) => {
    const request = askedOf(text)
    if (!request) return
    asked.push(request)
    if (request.method === 'ACK') return
    for (const reply of script(request)) send(written(request, reply, port))
    const cancelled = request.method === 'CANCEL' && asked.findLast(({ method }) => method === 'INVITE')
    if (cancelled) send(written(cancelled, { status: 487, reason: 'Request Terminated' }, port))
  }
  if (transport === 'udp') {
    const socket = createSocket('udp4')
    socket.on('message', (bytes, { port, address }) =>
      hear(bytes.toString(), port, (reply) => socket.send(reply, port, address)),
    )
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const close = async () => {
      socket.close()
    }
    return { port: socket.address().port, asked, [Symbol.asyncDispose]: close }
  }
  const sockets = new Set<Socket>()
  const accept = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => hear(bytes.toString(), socket.remotePort ?? 0, (reply) => socket.write(reply)))
  }
  const server: Server = tls
    ? createTlsServer({ ...tls, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, accept)
    : createServer(accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, asked, [Symbol.asyncDispose]: close }
}

function askedOf(text: string): Asked | undefined {
  const start = /^([A-Z]+) (\S+) SIP\/2\.0\r\n/.exec(text)
  if (!start) return undefined
  const [, method = '', uri = ''] = start
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(text)?.[1]?.trim() ?? ''
  return { method, uri, text, header }
}

function written(asked: Asked, { status, reason = 'Scripted', headers = {}, body = '' }: Reply, port: number): string {
  const tag = status > 100 && !asked.header('To').includes('tag=') ? ';tag=scripted' : ''
  const lines = [
    `SIP/2.0 ${status} ${reason}`,
    `Via: ${asked.header('Via').replace(';rport', `;rport=${port}`)};received=127.0.0.1`,
    `From: ${asked.header('From')}`,
    `To: ${asked.header('To')}${tag}`,
    `Call-ID: ${asked.header('Call-ID')}`,
    `CSeq: ${asked.header('CSeq')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

export interface Account {
  readonly username: string
  readonly password: string
  readonly realm: string
}

/** Asks for a password, and lets `granted` answer those who know it. */
export function guarded(account: Account, granted: Script): Script {
  return (asked) =>
    asked.method === 'CANCEL' || knows(asked, account)
      ? granted(asked)
      : [{ status: 401, headers: { 'WWW-Authenticate': `Digest realm="${account.realm}", nonce="n1", algorithm=MD5` } }]
}

/** @see RFC 2069: digest without qop */
function knows(asked: Asked, { username, password, realm }: Account): boolean {
  const response = /\bresponse="([0-9a-f]{32})"/.exec(asked.header('Authorization'))?.[1]
  const user = /\busername="([^"]*)"/.exec(asked.header('Authorization'))?.[1]
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const expected = md5(`${md5(`${username}:${realm}:${password}`)}:n1:${md5(`${asked.method}:${asked.uri}`)}`)
  return user === username && response === expected
}
