import { cccActions, type Delivery, type PushEvent, standardEvents, type Webhook, webhookTimeoutMs } from '@parley/core'
import { z } from 'zod'
import { writeOnly } from '../management/audited.ts'
import { component } from '../management/openapi.ts'

type CccAction = keyof typeof cccActions
const actions = Object.keys(cccActions) as readonly CccAction[]
const events = z.enum([...standardEvents, ...actions])

/** What a webhook is told, in the words of its format. */
export type EventWord = z.output<typeof events>

/** Members of a webhook that a client gives. */
export const webhookMembers = {
  name: z.string().min(1).max(100).describe('For people'),
  url: z.string().max(2_000),
  events: z
    .array(events)
    .min(1)
    .max(standardEvents.length)
    .describe(`standard: ${standardEvents.join(', ')}; ccc: ${actions.join(', ')}`),
  timeoutMs: z.int().min(webhookTimeoutMs.min).max(webhookTimeoutMs.max).describe('Of one try'),
  auth: writeOnly(
    z.strictObject({ username: z.string().min(1).max(200), password: z.string().min(1).max(500) }),
  ).describe('HTTP Basic; ccc only'),
}

export const webhookSchema = component(
  'Webhook',
  z.object({
    id: z.string().describe('Of a declared one its name in parley.yaml'),
    sdkAppId: z.int(),
    name: z.string(),
    declared: z.boolean().describe('In parley.yaml, which alone changes it'),
    enabled: z.boolean(),
    url: z.string(),
    format: z.enum(['standard', 'ccc']),
    events: z.array(events),
    timeoutMs: z.int(),
    username: z.string().optional().describe('Of HTTP Basic'),
    createdAt: z.string(),
    oldSecretUntil: z.string().optional().describe('Until then the secret before the last rotation signs too'),
  }),
)

export const newWebhookSchema = component(
  'NewWebhook',
  webhookSchema.extend({ secret: z.string().optional().describe('Shown this once; standard only') }),
)

export const deliverySchema = component(
  'Delivery',
  z.object({
    id: z.string().describe('webhook-id, or X-TCCC-PUSH-UUID'),
    event: z.string(),
    callId: z.string().optional().describe('Absent: a test'),
    state: z.enum(['pending', 'delivered', 'dead']),
    tries: z.int(),
    occurredAt: z.string(),
    triedAt: z.string().optional().describe('Begin of the last try'),
    status: z.int().optional().describe('HTTP status of the last try, where it was answered'),
    reason: z.string().optional().describe('Why the last try failed'),
    nextTryAt: z.string().optional(),
  }),
)

/** The events behind the words; undefined: a word is not of this format. */
export function eventsOf(format: Webhook['format'], words: readonly EventWord[]): readonly PushEvent[] | undefined {
  const found = words.map((word): PushEvent | undefined => {
    if (isAction(word)) return format === 'ccc' ? cccActions[word] : undefined
    return format === 'standard' ? word : undefined
  })
  const known = found.filter((event) => event !== undefined)
  return known.length === words.length ? [...new Set(known)] : undefined
}

const isAction = (word: EventWord): word is CccAction => word in cccActions

const wordsOf = ({ format, events: known }: Webhook): readonly EventWord[] =>
  format === 'ccc' ? actions.filter((action) => known.includes(cccActions[action])) : (known as readonly EventWord[])

const iso = (ms: number) => new Date(ms).toISOString()

export const webhookJson = (webhook: Webhook) => {
  const { applicationId, version: _, createdAtMs, oldSecretUntilMs, ...rest } = webhook
  return {
    ...rest,
    sdkAppId: applicationId,
    events: wordsOf(webhook),
    createdAt: iso(createdAtMs),
    ...(oldSecretUntilMs !== undefined && { oldSecretUntil: iso(oldSecretUntilMs) }),
  }
}

export const deliveryJson = ({ occurredAtMs, triedAtMs, dueAtMs, ...rest }: Delivery) => ({
  ...rest,
  occurredAt: iso(occurredAtMs),
  ...(triedAtMs !== undefined && { triedAt: iso(triedAtMs) }),
  ...(dueAtMs !== undefined && { nextTryAt: iso(dueAtMs) }),
})
