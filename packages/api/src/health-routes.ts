import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from './api-options.ts'

/** `/healthz`: the process answers. `/readyz`: it would take a call. */
export function addHealthRoutes(
  server: FastifyInstance,
  { ready, logger }: Pick<ApiOptions, 'ready' | 'logger'>,
): void {
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const isReady = await readiness()
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' })
  })

  async function readiness(): Promise<boolean> {
    try {
      return ready ? await ready() : true
    } catch {
      logger.warn('readiness check failed')
      return false
    }
  }
}
