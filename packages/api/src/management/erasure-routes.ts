import { type DueForErasure, erasureKinds, type RetentionRules } from '@parley/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import type { Credential, KeyRing } from '../auth/key-ring.ts'
import { guardedRoute } from './guarded-route.ts'
import { ownCall } from './own-call.ts'
import { applicationOf } from './page-query.ts'
import { problem } from './problem.ts'

const listedCalls = 100
const maxDays = 36_500

const erasureBody = z.strictObject({
  phone: z.string().regex(/^[+\d*#][\d*#\s().-]{2,31}$/, 'must be a telephone number'),
  sdkAppId: z.int().positive().optional(),
})

/**
 * Deletion of a call and of everything of one telephone number, and what the rules of retention would erase now. A call of
 * another application is not there.
 */
export function addErasureRoutes(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { logger, records, erasure } = options
  if (!erasure) return
  const guarded = (handle: Parameters<typeof guardedRoute>[2]) => guardedRoute(keys, logger, handle)

  const deleteCall = async (request: FastifyRequest, reply: FastifyReply, credential: Credential) => {
    const call = await ownCall(request, credential, records)
    const result = call ? await erasure.erase(call.applicationId, call.callId) : 'unknown'
    if (result === 'unknown') return problem(reply, 404, 'no such call')
    if (result === 'inProgress') return problem(reply, 409, 'the call is not over')
    logger.info('call erased', { callId: call?.callId })
    return reply.code(204).send()
  }

  const erasePhone = async (request: FastifyRequest, reply: FastifyReply, { applications }: Credential) => {
    const body = parsed(request.body)
    if (typeof body === 'string') return problem(reply, 400, body)
    const asked = body.sdkAppId === undefined ? {} : { sdkAppId: String(body.sdkAppId) }
    const application = applicationOf(asked, applications)
    if (typeof application !== 'number') return problem(reply, application.status, application.problem)
    const result = await erasure.erasePhone(application, body.phone)
    logger.info('calls of a number erased', { sdkAppId: application, ...result })
    return reply.send(result)
  }

  const retention = async (request: FastifyRequest, reply: FastifyReply, { applications }: Credential) => {
    const query = request.query as Readonly<Record<string, unknown>>
    const application = applicationOf(query, applications)
    if (typeof application !== 'number') return problem(reply, application.status, application.problem)
    const asked = askedRules(query)
    if (typeof asked === 'string') return problem(reply, 400, asked)
    const rules = { ...(await erasure.rules(application)), ...asked }
    const due = await erasure.due(application, rules, listedCalls)
    return reply.send({
      sdkAppId: application,
      rules,
      due: Object.fromEntries(erasureKinds.map((kind) => [kind, shown(due[kind])])),
    })
  }

  server.delete('/v1/calls/:id', guarded(deleteCall))
  server.post('/v1/erasures', guarded(erasePhone))
  server.get('/v1/retention', guarded(retention))
}

const shown = ({ count, calls }: DueForErasure) => ({
  count,
  calls: calls.map(({ callId, endedAtMs }) => ({ id: callId, endedAt: new Date(endedAtMs).toISOString() })),
})

/** Rules to try out, or what is wrong with them. */
function askedRules(query: Readonly<Record<string, unknown>>): RetentionRules | string {
  const rules: Record<string, number> = {}
  for (const kind of erasureKinds) {
    const name = `${kind}Days`
    const value = query[name]
    if (value === undefined) continue
    const days = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0
    if (days < 1 || days > maxDays) return `${name} must be a number from 1 to ${maxDays}`
    rules[name] = days
  }
  return rules
}

/** The body, or what is wrong with it. */
function parsed(body: unknown): z.output<typeof erasureBody> | string {
  try {
    const result = erasureBody.safeParse(JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : ''))
    if (result.success) return result.data
    return result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  } catch {
    return 'body: must be JSON'
  }
}
