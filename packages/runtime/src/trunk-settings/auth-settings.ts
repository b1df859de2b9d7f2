import { z } from 'zod'
import { wholeWithin } from '../number-ranges.ts'
import { type SecretSources, secretFrom } from './secret-source.ts'
import { headerText, userPart } from './sip-text.ts'

/** Keys of a trunk about who proves what to whom. */
export function authSettings(sources: SecretSources) {
  const credentials = {
    username: headerText.min(1),
    account: userPart.exactOptional(),
    password: secretFrom(sources),
    realm: headerText.exactOptional(),
  }
  return {
    auth: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('none') }),
        z.strictObject({ kind: z.literal('digest'), ...credentials }),
        z.strictObject({
          kind: z.literal('register'),
          ...credentials,
          expiresS: wholeWithin(30, 86_400).exactOptional(),
        }),
      ])
      .default({ kind: 'none' }),
    inboundAuth: z
      .strictObject({
        username: headerText.min(1),
        password: secretFrom(sources),
        algorithm: z.enum(['SHA-256', 'MD5']).exactOptional(),
      })
      .exactOptional(),
  }
}
