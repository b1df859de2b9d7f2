import { createHmac } from 'node:crypto'
import type { Secret } from '@parley/core'

/**
 * Value of `webhook-signature`: for each secret `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64, with spaces
 * between them. A secret is `whsec_` and the key in base64.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md}
 */
export function standardSignature(secrets: readonly Secret[], id: string, timestampS: number, body: string): string {
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`
  })
  return signed.join(' ')
}
