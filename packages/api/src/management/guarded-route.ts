import type { Logger } from '@parley/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { basicCredential } from '../auth/basic.ts'
import type { Credential, KeyRing } from '../auth/key-ring.ts'
import { causeText } from '../request-log.ts'
import { problem, unauthorized } from './problem.ts'

type Handler = (request: FastifyRequest, reply: FastifyReply, credential: Credential) => Promise<FastifyReply>

/** A route of `/v1` for whoever shows a key pair (HTTP Basic). What the handler throws becomes 503, and a line in the log. */
export function guardedRoute(keys: KeyRing, logger: Logger, handle: Handler) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const credential = basicCredential(request.headers.authorization, keys)
    if (!credential) return unauthorized(reply)
    try {
      return await handle(request, reply, credential)
    } catch (error) {
      logger.error('management request failed', { route: request.routeOptions.url, 'pii.cause': causeText(error, []) })
      return problem(reply, 503, 'the records cannot be read now')
    }
  }
}
