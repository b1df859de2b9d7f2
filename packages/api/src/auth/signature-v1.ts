import { createHmac } from 'node:crypto'
import { equalInConstantTime } from './constant-time.ts'
import type { KeyRing } from './key-ring.ts'
import { type HostPolicy, hostCandidates, pathCandidates, type SignedRequest } from './signed-request.ts'
import { type AuthVerdict, refused, timestampInWindow, tokenMatches } from './verdict.ts'

/** A decoded query or form: names and values in the order of arrival. */
export type ParameterPairs = readonly (readonly [name: string, value: string])[]

const digests: Readonly<Record<string, string>> = { HmacSHA1: 'sha1', HmacSHA256: 'sha256' }

/**
 * Verifies a signature of version 1: base64 HMAC over method, host, path and all parameters but `Signature`, sorted by
 * the bytes of their names, values decoded.
 */
export function verifySignatureV1(
  request: SignedRequest,
  pairs: ParameterPairs,
  keys: KeyRing,
  nowS: number,
  policy: HostPolicy,
): AuthVerdict {
  const parameters = new Map(pairs)
  const signature = parameters.get('Signature')
  const secretId = parameters.get('SecretId')
  if (!signature || !secretId) return refused('InvalidAuthorization')
  if (timestampInWindow(parameters.get('Timestamp'), nowS) === undefined) return refused('SignatureExpire')
  if (!/^[1-9]\d*$/.test(parameters.get('Nonce') ?? '')) return refused('SignatureFailure')
  const digest = digests[parameters.get('SignatureMethod') ?? 'HmacSHA1']
  if (!digest) return refused('SignatureFailure')
  const credential = keys.find(secretId)
  if (!credential) return refused('SecretIdNotFound')
  if (!tokenMatches(credential, parameters.get('Token'))) return refused('TokenFailure')

  const secretKey = credential.secretKey.reveal()
  const list = sortedList(pairs)
  let matches = false
  for (const host of hostCandidates(request.headers, policy)) {
    for (const path of pathCandidates(request.path)) {
      const text = `${request.method}${host}${path}?${list}`
      const expected = createHmac(digest, secretKey).update(text).digest('base64')
      if (equalInConstantTime(expected, signature)) matches = true
    }
  }
  return matches ? { kind: 'valid', credential } : refused('SignatureFailure')
}

function sortedList(pairs: ParameterPairs): string {
  return pairs
    .filter(([name]) => name !== 'Signature')
    .map(([name, value]) => ({ key: Buffer.from(name), text: `${name}=${value}` }))
    .sort((left, right) => Buffer.compare(left.key, right.key))
    .map(({ text }) => text)
    .join('&')
}
