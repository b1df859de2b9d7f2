import { readFileSync } from 'node:fs'
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect } from 'node:tls'
import type { StreamSockets } from './stream-transport.ts'
import { openTlsListener, type TlsBind } from './tls-listener.ts'
import type { Peer, SourceGate } from './transport.ts'

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
  const listener = bind ? await openTlsListener(host, bind, gate, accept) : undefined
  return {
    transport: 'tls',
    port: listener?.port,
    readyEvent: 'secureConnect',
    connect: (to) => connect(tlsOptions(to)),
    [Symbol.asyncDispose]: async () => listener?.[Symbol.asyncDispose](),
  }
}

/**
 * How to reach a gateway: whom to expect there and who we are.
 * @throws when a file of the trunk cannot be read
 */
export function tlsOptions(to: Peer): ConnectionOptions {
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
