import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createPinnedPost } from '../src/push/pinned-post.ts'

/** A certificate for `receiver.example.com` that nobody has signed but itself. */
function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const facts = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=DNS:receiver.example.com']
  execFileSync('openssl', [...kind, ...facts, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' })
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
}

test('over TLS a receiver must prove the name it was looked up by', async () => {
  const { key, cert } = selfSigned()
  const names: (string | false | null)[] = []
  const server = createServer({ key, cert }, (request, response) => {
    names.push((request.socket as TLSSocket).servername)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const post = createPinnedPost({ clock: new VirtualClock(), allowPrivate: true, resolve: async () => ['127.0.0.1'] })
  const send = (host: string) => {
    const request = { url: `https://${host}:${port}/`, headers: {}, body: '{}', timeoutMs: 5_000, answerBytes: 0 }
    return post(request, new AbortController().signal)
  }
  const refused = { kind: 'failed', reason: 'no connection' }

  expect(await send('receiver.example.com')).toEqual(refused)
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, cert])
  onTestFinished(() => setDefaultCACertificates(trusted))
  expect(await send('receiver.example.com')).toMatchObject({ kind: 'answered', status: 200 })
  expect(await send('other.example.com')).toEqual(refused)
  expect(await send('127.0.0.1')).toEqual(refused)
  expect(names).toEqual(['receiver.example.com'])
})
