import { z } from 'zod'
import { type SecretSources, secretFrom } from './trunk-settings/secret-source.ts'

/** Waits before the repetitions of a push: about 16 hours in all. @see Standard Webhooks, "Deliverability and reliability" */
const standardRetryDelaysMs = [5_000, 30_000, 120_000, 600_000, 3_600_000, 18_000_000, 36_000_000]
/** The data push of the public API is repeated three times at most. */
const cccRetryDelaysMs = [5_000, 60_000, 600_000]

const pushEvents = ['call.answered', 'call.ended', 'recording.ready', 'call.analysed'] as const
/** Actions of the data push, and the events behind them. */
const cccActions = { cdr: 'call.ended', record: 'recording.ready' } as const

const minKeyBytes = 24
const maxKeyBytes = 64

/** `whsec_` and base64, as receivers' libraries take it; the text of the secret stays as it is. */
const signingKey = (sources: SecretSources) =>
  secretFrom(sources).refine((secret) => {
    const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal())?.[1] ?? ''
    const bytes = Buffer.from(encoded, 'base64').length
    return bytes >= minKeyBytes && bytes <= maxKeyBytes
  }, `must be whsec_ and ${minKeyBytes} to ${maxKeyBytes} bytes in base64`)

const address = z.string('must be an address').refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
}, 'must be an http or https address without user, password and fragment')

const common = {
  name: z.string('must be a text').regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, . _ -'),
  sdkAppId: z.int('must be a whole number').positive('must be above 0'),
  url: address,
  timeoutMs: z.int('must be a whole number').min(1_000).max(30_000).default(10_000),
}

const basicAuth = (sources: SecretSources) =>
  z.strictObject({
    kind: z.literal('basic'),
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, 'must not hold a colon'),
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
    events: listOf(pushEvents),
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
          ? { ...webhook, events: webhook.events.map((action) => cccActions[action]), retryDelaysMs: cccRetryDelaysMs }
          : { ...webhook, retryDelaysMs: standardRetryDelaysMs },
      ),
  )
