import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian package openssl. */
const binary = 'openssl'

export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Certification authorities and certificates of one test file, made by the `openssl` command in a folder of its own. */
export class TestCertificates implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-certificates-'))
  private count = 0

  /** A CA; its `certFile` is what others trust. */
  authority(name: string): CertificateFiles {
    const files = this.files()
    this.run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', [
      ...['-keyout', files.keyFile, '-out', files.certFile, '-subj', `/CN=${name}`],
    ])
    return files
  }

  /** `names`: as in subjectAltName, e.g. `DNS:sip.test` or `IP:127.0.0.1`. `days` 0: expired already. */
  issue(authority: CertificateFiles, names: string, days = 2): CertificateFiles {
    const files = this.files()
    const request = `${files.certFile}.csr`
    const extensions = `${files.certFile}.ext`
    writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`)
    this.run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', [
      ...['-keyout', files.keyFile, '-out', request, '-subj', '/CN=peer'],
    ])
    this.run('x509', '-req', '-in', request, '-CA', authority.certFile, '-CAkey', authority.keyFile, [
      ...['-CAcreateserial', '-days', String(days), '-out', files.certFile, '-extfile', extensions],
    ])
    return files
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private files(): CertificateFiles {
    this.count += 1
    return { certFile: join(this.folder, `${this.count}.crt`), keyFile: join(this.folder, `${this.count}.key`) }
  }

  private run(...args: readonly (string | readonly string[])[]): void {
    execFileSync(binary, args.flat(), { stdio: 'pipe', timeout: 10_000 })
  }
}
