import type { AuditEntry, AuditLog } from '@parley/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import { causeText } from '../request-log.ts'
import { type Access, mayAct } from './access.ts'
import { auditEntry } from './audited.ts'
import { Problem, sendProblem } from './problem.ts'
import { readRequest } from './read-request.ts'
import type { Route, RouteAnswer } from './route.ts'

/** Who an `Authorization` header stands for. Undefined: nobody. */
export type Authenticate = (authorization: string | undefined) => Access | undefined

/**
 * Adds the routes to the server: credentials (401), role (403), request (400, 404, 428), handler, answer. What a handler
 * throws that is no `Problem` becomes 503, and a line in the log. What is to change
 * something is noted in the audit log, before and after. What is under `/v1` and no route is 404 or 405.
 */
export function serveRoutes(
  server: FastifyInstance,
  routes: readonly Route[],
  authenticate: Authenticate,
  { logger, management }: Pick<ApiOptions, 'logger' | 'management'>,
): void {
  for (const route of routes) {
    server.route({
      method: route.method,
      url: addressOf(route),
      handler: async (request, reply) => {
        try {
          return answered(route, await handled(route, request), reply)
        } catch (error) {
          if (error instanceof Problem) return sendProblem(reply, error)
          logger.error('management request failed', { route: route.path, 'pii.cause': causeText(error, []) })
          return sendProblem(reply, new Problem(503, 'the records cannot be read now'))
        }
      },
    })
  }

  async function handled(route: Route, request: FastifyRequest): Promise<RouteAnswer> {
    const access = permitted(route, authenticate(request.headers.authorization))
    const call = { ...readRequest(route, request), access }
    const handle = () => route.handle(call as never)
    return route.method === 'GET' ? handle() : audited(management.audit, auditEntry(route, call), handle)
  }

  /** Nothing is changed that the log does not know of: the entry comes first. */
  async function audited(
    log: AuditLog,
    entry: Parameters<AuditLog['begin']>[0],
    handle: () => Promise<RouteAnswer>,
  ): Promise<RouteAnswer> {
    const id = await log.begin(entry)
    const settle = (outcome: Exclude<AuditEntry['outcome'], 'begun'>, target?: string) =>
      log.settle(id, outcome, target).catch((error) =>
        // What was done is done; the entry stays as one that began.
        logger.error('audit entry was not settled', {
          entry: id,
          outcome,
          'pii.cause': causeText(error, []),
        }),
      )
    try {
      const answer = await handle()
      await settle('done', answer.kind === 'json' ? answer.location : undefined)
      return answer
    } catch (error) {
      await settle(error instanceof Problem ? 'refused' : 'failed')
      throw error
    }
  }

  for (const [url, allowed] of methodsByAddress(routes)) {
    const refusal = new Problem(405, 'no such method here', { headers: { allow: allowed.join(', ') } })
    const method = methods.filter((name) => !allowed.includes(name))
    server.route({ method, url, handler: async (_request, reply) => sendProblem(reply, refusal) })
  }
  const nothing = new Problem(404, 'no such address')
  server.route({ method: [...methods], url: '/v1/*', handler: async (_request, reply) => sendProblem(reply, nothing) })
}

const methods: readonly Route['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** As Fastify writes it. */
const addressOf = ({ path }: Route): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

function methodsByAddress(routes: readonly Route[]): ReadonlyMap<string, readonly Route['method'][]> {
  const found = new Map<string, Route['method'][]>()
  for (const route of routes) found.set(addressOf(route), [...(found.get(addressOf(route)) ?? []), route.method])
  return found
}

/** @throws Problem 401, 403 */
function permitted(route: Route, access: Access | undefined): Access {
  if (route.role === 'anyone') return access ?? nobody
  if (!access) throw unauthorized
  if (route.isInstallation && !access.isInstallation) throw new Problem(403, 'the token of the installation is needed')
  if (!mayAct(access.role, route.role)) throw new Problem(403, `the role ${route.role} is needed`)
  return access
}

const nobody: Access = { role: 'viewer', applications: new Set(), isInstallation: false, actor: 'nobody' }

const unauthorized = new Problem(401, 'a key pair or a token is needed', {
  headers: { 'www-authenticate': 'Basic realm="Parley", Bearer realm="Parley"' },
})

function answered({ answer }: Route, given: RouteAnswer, reply: FastifyReply): FastifyReply {
  switch (given.kind) {
    case 'json':
      if (given.version !== undefined) reply.header('etag', `"${given.version}"`)
      if (given.location !== undefined) reply.header('location', given.location)
      return reply.code(answer.status).send(given.value)
    case 'text':
      return reply.code(answer.status).header('content-type', `${given.type}; charset=utf-8`).send(given.text)
    case 'empty':
      return reply.code(204).send()
    case 'stream':
      reply.hijack()
      given.open(reply)
      return reply
    default:
      return given satisfies never
  }
}
