import { createHmac } from 'node:crypto'
import type { Secret } from '@parley/core'

/** Parameters of a request as they are signed, before they are escaped. */
export type QueryParameters = Readonly<Record<string, string | number>>

/** What the service takes for its own name in signatures, wherever the request comes in. */
const signedName = 'tts.cloud.tencent.com/stream_ws'

/**
 * `address` with the parameters and their signature: HMAC-SHA1, in base64, over `GET`, the name of the service, `?` and the
 * unescaped parameters in the order of their names. Source: Tencent Cloud, real-time speech synthesis (1073/37933).
 */
export function signedAddress(address: URL, parameters: QueryParameters, secretKey: Secret): URL {
  const sorted = Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1))
  const plain = sorted.map(([name, value]) => `${name}=${value}`).join('&')
  const signature = createHmac('sha1', secretKey.reveal()).update(`GET${signedName}?${plain}`).digest('base64')
  const query = [...sorted, ['Signature', signature] as const].map(([name, value]) => `${name}=${escaped(value)}`)
  return new URL(`${address.origin}${address.pathname}?${query.join('&')}`)
}

/** A half of a surrogate pair, which has no UTF-8, becomes U+FFFD, as it does under the signature. */
const escaped = (value: string | number) => encodeURIComponent(Buffer.from(String(value)).toString())
