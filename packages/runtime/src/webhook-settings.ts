import {
  basicUsernameForm,
  cccActions,
  isWebhookAddress,
  standardEvents,
  webhookRetryDelaysMs,
  webhookTimeoutMs,
} from '@parley/core'
import { z } from 'zod'
import { type SecretSources, secretFrom } from './trunk-settings/secret-source.ts'

const minKeyBytes = 24
const maxKeyBytes = 64

/** `whsec_` and base64, as receivers' libraries take it; the text of the secret stays as it is. */
const signingKey = (sources: SecretSources) =>
  secretFrom(sources).refine((secret) => {
    const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal())?.[1] ?? ''
    const bytes = Buffer.from(encoded, 'base64').length
    return bytes >= minKeyBytes && bytes <= maxKeyBytes
  }, `must be whsec_ and ${minKeyBytes} to ${maxKeyBytes} bytes in base64`)

const address = z
  .string('must be an address')
  .refine(isWebhookAddress, 'must be an http or https address without user, password and fragment')

const common = {
  name: z.string('must be a text').regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, . _ -'),
  sdkAppId: z.int('must be a whole number').positive('must be above 0'),
  url: address,
  timeoutMs: z
    .int('must be a whole number')
    .min(webhookTimeoutMs.min)
    .max(webhookTimeoutMs.max)
    .default(webhookTimeoutMs.default),
}

const basicAuth = (sources: SecretSources) =>
  z.strictObject({
    kind: z.literal('basic'),
    username: z.string().regex(basicUsernameForm, 'must be at least one character and no colon'),
    password: secretFrom(sources),
  })

const unique = <T extends string>(values: readonly T[]) => new Set(values).size === values.length

const listOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .array(z.enum(words, `must be one of ${words.join(', ')}`))
    .min(1, 'must have at least one entry')
    .refine(unique, 'must not name one twice')

const standard = (sources: SecretSources) =>
  z.strictObject({
    ...common,
    format: z.literal('standard').default('standard'),
    secret: signingKey(sources),
    events: listOf(standardEvents),
  })

const ccc = (sources: SecretSources) =>
  z.strictObject({
    ...common,
    format: z.literal('ccc'),
    auth: z
      .union(
        [z.strictObject({ kind: z.literal('none') }), basicAuth(sources)],
        'must be { kind: none } or { kind: basic, username, password }',
      )
      .default({ kind: 'none' }),
    events: listOf(['cdr', 'record']),
  })

/** Who is told of calls: by the Standard Webhooks scheme, or as the public API's data push. */
export const webhookSettings = (sources: SecretSources) =>
  z.array(
    z
      .discriminatedUnion('format', [standard(sources), ccc(sources)], 'format must be standard or ccc')
      .transform((webhook) =>
        webhook.format === 'ccc'
          ? {
              ...webhook,
              events: webhook.events.map((action) => cccActions[action]),
              retryDelaysMs: webhookRetryDelaysMs.ccc,
            }
          : { ...webhook, retryDelaysMs: webhookRetryDelaysMs.standard },
      ),
  )
