import { createHash } from 'node:crypto'

type DigestAlgorithm = 'MD5' | 'SHA-256'

/** What the phone asks of callers. */
export interface DigestAccount {
  readonly username: string
  readonly password: string
  readonly realm: string
  readonly algorithm?: DigestAlgorithm
  /** Challenge as a proxy does (407) instead of 401. */
  readonly proxy?: boolean
}

export interface DigestCredentials {
  readonly username: string
  readonly password: string
}

/** Name-value pairs of a `Digest` header; undefined for another scheme. */
function parseDigest(value: string): ReadonlyMap<string, string> | undefined {
  if (!/^digest\s/i.test(value)) return undefined
  const fields = new Map<string, string>()
  for (const match of value.slice(7).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '')
  return fields
}

interface DigestInput {
  readonly username: string
  readonly realm: string
  readonly password: string
  readonly method: string
  readonly uri: string
  readonly nonce: string
  readonly qop: string | undefined
  readonly cnonce: string
  readonly nc: string
  readonly algorithm: string
}

/** @see RFC 7616 section 3.4.1 */
function computeResponse(input: DigestInput): string {
  const hash = (text: string) =>
    createHash(input.algorithm.toUpperCase() === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const secret = hash(`${input.username}:${input.realm}:${input.password}`)
  const request = hash(`${input.method}:${input.uri}`)
  if (input.qop === undefined) return hash(`${secret}:${input.nonce}:${request}`)
  return hash(`${secret}:${input.nonce}:${input.nc}:${input.cnonce}:${input.qop}:${request}`)
}

/** Value of WWW-Authenticate or Proxy-Authenticate. */
export function formatChallenge(account: DigestAccount, nonce: string): string {
  return `Digest realm="${account.realm}", nonce="${nonce}", algorithm=${account.algorithm ?? 'MD5'}, qop="auth"`
}

/** Whether an Authorization value proves the account's password for this request. */
export function isAuthorized(value: string, account: DigestAccount, method: string, nonce: string): boolean {
  const fields = parseDigest(value)
  if (fields === undefined || fields.get('nonce') !== nonce || fields.get('username') !== account.username) return false
  const expected = computeResponse({
    ...account,
    method,
    nonce,
    uri: fields.get('uri') ?? '',
    qop: fields.get('qop'),
    cnonce: fields.get('cnonce') ?? '',
    nc: fields.get('nc') ?? '',
    algorithm: account.algorithm ?? 'MD5',
  })
  return fields.get('response') === expected
}

/** Answers a challenge; undefined when it cannot be understood. */
export function answerChallenge(
  challenge: string,
  credentials: DigestCredentials,
  request: { readonly method: string; readonly uri: string; readonly cnonce: string },
): string | undefined {
  const fields = parseDigest(challenge)
  const realm = fields?.get('realm')
  const nonce = fields?.get('nonce')
  if (fields === undefined || realm === undefined || nonce === undefined) return undefined
  const algorithm = fields.get('algorithm') ?? 'MD5'
  const qop = fields
    .get('qop')
    ?.split(',')
    .map((word) => word.trim())
    .includes('auth')
    ? 'auth'
    : undefined
  const nc = '00000001'
  const response = computeResponse({ ...credentials, ...request, realm, nonce, qop, nc, algorithm })
  const opaque = fields.get('opaque')
  return [
    `Digest username="${credentials.username}", realm="${realm}", nonce="${nonce}", uri="${request.uri}"`,
    `response="${response}", algorithm=${algorithm}`,
    ...(qop === undefined ? [] : [`qop=${qop}, nc=${nc}, cnonce="${request.cnonce}"`]),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(', ')
}
