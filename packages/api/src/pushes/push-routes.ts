import type { DeadPush } from '@parley/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { basicCredential } from '../auth/basic.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { problem, unauthorized } from '../management/problem.ts'
import { causeText } from '../request-log.ts'

/** As names of receivers may be; no other is looked for. */
const nameForm = /^[A-Za-z0-9._-]{1,64}$/
const limitQuery = z.coerce.number().int().min(1).max(1_000).default(100)
const replayBody = z.strictObject({ ids: z.array(z.uuid()).max(1_000).optional() })

/**
 * `GET /v1/webhooks/dead`: pushes that are not tried any more. `POST /v1/webhooks/{name}/replay`, with or without
 * `{"ids":[...]}`: tries them again. HTTP Basic with SecretId and SecretKey; receivers of other applications are not there.
 */
export function addPushRoutes(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { pushes, logger } = options
  if (!pushes) return
  const unavailable = (reply: FastifyReply, error: unknown) => {
    logger.error('outbox could not be reached', { 'pii.cause': causeText(error, []) })
    return problem(reply, 503, 'the outbox cannot be reached now')
  }
  server.get<{ Querystring: { limit?: string } }>('/v1/webhooks/dead', async (request, reply) => {
    const credential = basicCredential(request.headers.authorization, keys)
    if (!credential) return unauthorized(reply)
    const limit = limitQuery.safeParse(request.query.limit)
    if (!limit.success) return problem(reply, 400, 'limit must be 1 to 1000')
    try {
      return reply.send({ pushes: (await pushes.dead([...credential.applications], limit.data)).map(shown) })
    } catch (error) {
      return unavailable(reply, error)
    }
  })
  server.post<{ Params: { name: string } }>('/v1/webhooks/:name/replay', async (request, reply) => {
    const credential = basicCredential(request.headers.authorization, keys)
    if (!credential) return unauthorized(reply)
    if (!nameForm.test(request.params.name)) return problem(reply, 404, 'no such webhook')
    const body = replayBody.safeParse(jsonOf(request.body))
    if (!body.success) return problem(reply, 400, 'the body must be empty or {"ids":[...]} with at most 1000 ids')
    try {
      const replayed = await pushes.replay(request.params.name, [...credential.applications], body.data.ids)
      return replayed === undefined ? problem(reply, 404, 'no such webhook') : reply.send({ replayed })
    } catch (error) {
      return unavailable(reply, error)
    }
  })
}

const shown = ({ id, webhook, event, applicationId, callId, occurredAtMs, tries, reason, diedAtMs }: DeadPush) => ({
  id,
  webhook,
  event,
  sdkAppId: applicationId,
  callId,
  occurredAt: new Date(occurredAtMs).toISOString(),
  tries,
  reason,
  diedAt: new Date(diedAtMs).toISOString(),
})

/** Bodies arrive as bytes. Undefined: no JSON. */
function jsonOf(body: unknown): unknown {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8').trim() : ''
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    return undefined
  }
}
