import { equalInConstantTime } from './constant-time.ts'
import type { Credential, KeyRing } from './key-ring.ts'

/** The key pair of an `Authorization: Basic` header. Temporary keys, which need their token, are not accepted. @see RFC 7617 */
export function basicCredential(header: string | undefined, keys: KeyRing): Credential | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [secretId = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const credential = keys.find(secretId)
  const isGenuine = equalInConstantTime(rest.join(':'), credential?.secretKey.reveal() ?? '')
  return credential && isGenuine && credential.token === undefined ? credential : undefined
}
