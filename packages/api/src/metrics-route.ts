import type { Secret } from '@parley/core'
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from './api-options.ts'
import { equalInConstantTime } from './auth/constant-time.ts'

/** Where `/metrics` gets its text, and who may have it. */
export interface MetricsAccess {
  readonly contentType: string
  readonly render: () => Promise<string>
  /** `open`: everybody. A secret: who shows it as a bearer token. `closed`: nobody, until the operator chose a token. */
  readonly access: 'open' | 'closed' | Secret
}

/** `GET /metrics`: the metrics of this process in the text format of Prometheus. */
export function addMetricsRoute(
  server: FastifyInstance,
  { metrics, logger }: Pick<ApiOptions, 'metrics' | 'logger'>,
): void {
  if (!metrics) return
  const { access, contentType, render } = metrics
  server.get('/metrics', async (request, reply) => {
    reply.header('content-type', 'text/plain; charset=utf-8')
    if (access === 'closed') return reply.code(403).send('the API is not bound to loopback: set PARLEY_METRICS_TOKEN\n')
    if (access !== 'open') {
      const token = /^bearer +(\S{1,1000})$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
      if (!equalInConstantTime(token, access.reveal())) {
        return reply.code(401).header('www-authenticate', 'Bearer realm="Parley"').send('a token is needed\n')
      }
    }
    try {
      return reply.header('content-type', contentType).send(await render())
    } catch (error) {
      logger.error('metrics could not be rendered', { error })
      return reply.code(500).header('content-type', 'text/plain; charset=utf-8').send('metrics could not be rendered\n')
    }
  })
}
