import { equalInConstantTime } from './constant-time.ts'
import type { Credential, KeyRing } from './key-ring.ts'

/** The key pair of an `Authorization: Basic` header. Temporary keys, which need their token, are not accepted. @see RFC 7617 */
export function basicCredential(header: string | undefined, keys: KeyRing): Credential | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(header ?? '')?.[1]
  return encoded === undefined ? undefined : pairCredential(encoded, keys)
}

/** Begins the bearer token of a key pair, so that scanners know one where it should not be. */
const tokenMark = 'parley_'

/** The key pair as one bearer token. */
export const bearerToken = (secretId: string, secretKey: string): string =>
  tokenMark + Buffer.from(`${secretId}:${secretKey}`).toString('base64url')

/** The key pair of such a token. */
export const tokenCredential = (token: string, keys: KeyRing): Credential | undefined =>
  token.startsWith(tokenMark) ? pairCredential(token.slice(tokenMark.length), keys) : undefined

/** `encoded`: SecretId, colon and SecretKey in base64 of either alphabet. */
function pairCredential(encoded: string, keys: KeyRing): Credential | undefined {
  const [secretId = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const credential = keys.find(secretId)
  const isGenuine = equalInConstantTime(rest.join(':'), credential?.secretKey.reveal() ?? '')
  return credential && isGenuine && credential.token === undefined ? credential : undefined
}
