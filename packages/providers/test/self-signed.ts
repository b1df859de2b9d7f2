import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { onTestFinished } from 'vitest'

/** Debian package openssl. */
const binary = 'openssl'

/** A certificate for `name` that nobody has signed but itself; `trust` has this process believe it until the test ends. */
export function selfSigned(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const facts = ['-subj', '/CN=receiver', '-addext', `subjectAltName=DNS:${name}`]
  execFileSync(binary, [...kind, ...facts, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' })
  const cert = readFileSync(certFile, 'utf8')
  const trust = () => {
    const trusted = getCACertificates('default')
    setDefaultCACertificates([...trusted, cert])
    onTestFinished(() => setDefaultCACertificates(trusted))
  }
  return { key: readFileSync(keyFile, 'utf8'), cert, trust }
}
