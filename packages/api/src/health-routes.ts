import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from './api-options.ts'
import { causeText } from './request-log.ts'

/** Whether the engine would take a call. */
export interface Readiness {
  /** Why not; empty: it would. Read by anybody who can reach the API. */
  readonly problems: readonly string[]
  /** What does not keep it from taking calls. */
  readonly warnings: readonly string[]
}

/** `/healthz`: the process answers. `/readyz`: it would take a call, or why not. */
export function addHealthRoutes(
  server: FastifyInstance,
  { readiness, logger }: Pick<ApiOptions, 'readiness' | 'logger'>,
): void {
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const { problems, warnings } = await asked()
    const isReady = problems.length === 0
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', problems, warnings })
  })

  async function asked(): Promise<Readiness> {
    try {
      return await readiness()
    } catch (error) {
      logger.warn('readiness check failed', { 'pii.cause': causeText(error, []) })
      return { problems: ['the check failed'], warnings: [] }
    }
  }
}
