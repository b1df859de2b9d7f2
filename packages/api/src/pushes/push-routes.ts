import type { DeadPush, PushOutbox } from '@parley/core'
import { z } from 'zod'
import { Problem } from '../management/problem.ts'
import { json, type Route, route } from '../management/route.ts'

const noWebhook = 'no such webhook'

const deadSchema = z.object({
  id: z.string(),
  webhook: z.string(),
  event: z.string(),
  sdkAppId: z.int(),
  callId: z.string().optional().describe('Absent: a test'),
  occurredAt: z.string(),
  tries: z.int(),
  reason: z.string(),
  diedAt: z.string(),
})

/** Pushes that are not tried any more, and another try for them. Receivers of other applications are not there. */
export const pushRoutes = (pushes: PushOutbox): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/webhooks/dead',
    tag: 'webhooks',
    summary: 'Pushes that are not tried any more, the latest first',
    role: 'viewer',
    query: z.object({ limit: z.int().min(1).max(1_000).default(100) }),
    answer: { status: 200, schema: z.object({ pushes: z.array(deadSchema) }) },
    handle: async ({ query, access }) =>
      json({ pushes: (await pushes.dead([...access.applications], query.limit)).map(shown) }),
  }),
  route({
    method: 'POST',
    path: '/v1/webhooks/{id}/replay',
    tag: 'webhooks',
    summary: 'Try dead pushes again: all, or those of `ids`',
    role: 'operator',
    // As names of receivers may be; no other is looked for.
    params: z.object({ id: z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/) }),
    missing: noWebhook,
    body: z.strictObject({ ids: z.array(z.uuid('must be a UUID')).max(1_000).optional() }),
    answer: { status: 200, schema: z.object({ replayed: z.int() }) },
    async handle({ params, body, access }) {
      const replayed = await pushes.replay(params.id, [...access.applications], body.ids)
      if (replayed === undefined) throw new Problem(404, noWebhook)
      return json({ replayed })
    },
  }),
]

const shown = ({ id, webhook, event, applicationId, callId, occurredAtMs, tries, reason, diedAtMs }: DeadPush) => ({
  id,
  webhook,
  event,
  sdkAppId: applicationId,
  ...(callId !== undefined && { callId }),
  occurredAt: new Date(occurredAtMs).toISOString(),
  tries,
  reason,
  diedAt: new Date(diedAtMs).toISOString(),
})
