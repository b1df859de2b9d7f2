import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CertificateFiles } from '../../../../packages/sip/test/support/test-certificates.ts'
import { type PeerProcess, startPeer } from './peer-process.ts'

export interface KamailioOptions {
  readonly namespace: string
  readonly directory: string
  readonly host: string
  /** Passwords by user. */
  readonly passwords: Readonly<Record<string, string>>
  /** User who is called by this number. */
  readonly numbers: Readonly<Record<string, string>>
  /** Certificate and key of the TLS port 5061, and the authority of the servers it connects to. */
  readonly tls?: CertificateFiles & { readonly caFile: string }
}

export const realm = 'parley.test'

/**
 * Kamailio 5.6 as registrar and proxy on port 5060. Its log tells `registered USER over PROTO`,
 * `authenticated INVITE of USER over PROTO` and, of requests in dialogs, `routed METHOD from USER over PROTO`.
 */
export async function startKamailio(options: KamailioOptions): Promise<PeerProcess> {
  const { namespace, host, passwords, numbers, tls } = options
  const directory = join(options.directory, 'kamailio')
  mkdirSync(directory, { recursive: true })
  const entries = [
    ...Object.entries(passwords).map(([user, password]) => `  $sht(passwords=>${user}) = "${password}";`),
    ...Object.entries(numbers).map(([number, user]) => `  $sht(users=>${number}) = "${user}";`),
  ]
  const tlsFile = join(directory, 'tls.cfg')
  if (tls) writeFileSync(tlsFile, tlsConfig(tls))
  const text = readFileSync(new URL('./kamailio.cfg', import.meta.url), 'utf8')
    .replaceAll('{{host}}', host)
    .replace('{{users}}', entries.join('\n'))
    .replace('{{listenTls}}', tls ? `enable_tls=yes\nlisten=tls:${host}:5061` : '')
    .replace('{{tls}}', tls ? `loadmodule "tls.so"\nmodparam("tls", "config", "${tlsFile}")` : '')
  const file = join(directory, 'kamailio.cfg')
  writeFileSync(file, text)
  await using building = new AsyncDisposableStack()
  const command = ['kamailio', '-DD', '-E', '-f', file, '-Y', directory, '-m', '32'] as const
  const peer = building.use(startPeer({ namespace, directory, command }))
  await peer.wrote(/ready to route/)
  building.move()
  return peer
}

/** It asks clients for no certificate, and takes only servers whose certificate is of the authority. */
function tlsConfig({ certFile, keyFile, caFile }: NonNullable<KamailioOptions['tls']>): string {
  const section = (name: string, verify: 'yes' | 'no') => [
    `[${name}:default]`,
    'method = TLSv1.2+',
    ...[`certificate = ${certFile}`, `private_key = ${keyFile}`, `ca_list = ${caFile}`],
    ...[`verify_certificate = ${verify}`, `require_certificate = ${verify}`],
  ]
  return [...section('server', 'no'), ...section('client', 'yes'), ''].join('\n')
}
