import { createHash, createHmac } from 'node:crypto'
import { equalInConstantTime } from './constant-time.ts'
import type { KeyRing } from './key-ring.ts'
import { type HostPolicy, hostCandidates, pathCandidates, type SignedRequest } from './signed-request.ts'
import { type AuthVerdict, refused, timestampInWindow, tokenMatches } from './verdict.ts'

export interface Tc3Policy extends HostPolicy {
  readonly acceptUnsignedPayload: boolean
}

/** The parts of a `TC3-HMAC-SHA256` header. `service` is whatever the client took for it: the Node SDK sends `127`. */
interface Tc3Authorization {
  readonly secretId: string
  readonly date: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** How the client may have written header values into the canonical request. */
type HeaderCase = 'asSent' | 'lower' | 'actionLower'

const authorizationPattern =
  /^TC3-HMAC-SHA256\s+Credential=([^/\s]+)\/(\d{4}-\d{2}-\d{2})\/([^\s,]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
const headerCases: readonly HeaderCase[] = ['asSent', 'actionLower', 'lower']
const maxSignedHeaders = 32

/**
 * Verifies a TC3-HMAC-SHA256 request. The signature must match one of a small set of readings (host with or without
 * port, real path or `/`, header values as sent or lower-cased), because clients disagree on them.
 *
 * @see Tencent Cloud document "Signature v3"
 */
export function verifyTc3(request: SignedRequest, keys: KeyRing, nowS: number, policy: Tc3Policy): AuthVerdict {
  const authorization = parseAuthorization(request.headers.authorization)
  if (!authorization) return refused('InvalidAuthorization')
  const timestamp = timestampInWindow(request.headers['x-tc-timestamp'], nowS)
  if (timestamp === undefined) return refused('SignatureExpire')
  if (authorization.date !== utcDate(timestamp)) return refused('SignatureFailure')
  const credential = keys.find(authorization.secretId)
  if (!credential) return refused('SecretIdNotFound')
  if (!tokenMatches(credential, request.headers['x-tc-token'])) return refused('TokenFailure')
  if (!coversEnough(authorization.signedHeaders, request.method)) return refused('SignatureFailure')

  const key = signingKey(credential.secretKey.reveal(), authorization)
  let matches = false
  for (const canonical of canonicalRequests(request, authorization, policy)) {
    const scope = `${authorization.date}/${authorization.service}/tc3_request`
    const stringToSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256Hex(canonical)}`
    if (equalInConstantTime(hmac(key, stringToSign).toString('hex'), authorization.signature)) matches = true
  }
  return matches ? { kind: 'valid', credential } : refused('SignatureFailure')
}

function parseAuthorization(header: string | undefined): Tc3Authorization | undefined {
  const match = authorizationPattern.exec(header?.trim() ?? '')
  if (!match) return undefined
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match
  const signedHeaders = names.toLowerCase().split(';')
  return signedHeaders.length > maxSignedHeaders ? undefined : { secretId, date, service, signedHeaders, signature }
}

function coversEnough(signedHeaders: readonly string[], method: string): boolean {
  return signedHeaders.includes('host') && (method === 'GET' || signedHeaders.includes('content-type'))
}

function* canonicalRequests(
  request: SignedRequest,
  authorization: Tc3Authorization,
  policy: Tc3Policy,
): Generator<string> {
  const payloadHash = sha256Hex(signedPayload(request, policy))
  for (const host of hostCandidates(request.headers, policy)) {
    for (const path of pathCandidates(request.path)) {
      for (const headerCase of headerCases) {
        const headers = authorization.signedHeaders
          .map((name) => `${name}:${canonicalValue(request, name, host, headerCase)}\n`)
          .join('')
        yield `${request.method}\n${path}\n${request.query}\n${headers}\n${authorization.signedHeaders.join(';')}\n${payloadHash}`
      }
    }
  }
}

function canonicalValue(request: SignedRequest, name: string, host: string, headerCase: HeaderCase): string {
  const value = name === 'host' ? host : (request.headers[name]?.trim() ?? '')
  const lower = headerCase === 'lower' || (headerCase === 'actionLower' && name === 'x-tc-action')
  return lower ? value.toLowerCase() : value
}

function signedPayload(request: SignedRequest, policy: Tc3Policy): Uint8Array | string {
  const unsigned = request.headers['x-tc-content-sha256'] === 'UNSIGNED-PAYLOAD'
  if (unsigned && policy.acceptUnsignedPayload) return 'UNSIGNED-PAYLOAD'
  return request.method === 'GET' ? '' : request.body
}

function signingKey(secretKey: string, authorization: Tc3Authorization): Buffer {
  return hmac(hmac(hmac(`TC3${secretKey}`, authorization.date), authorization.service), 'tc3_request')
}

function utcDate(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 10)
}

function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
