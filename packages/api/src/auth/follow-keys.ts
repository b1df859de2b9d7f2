import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import type { LiveKeyRing } from './live-key-ring.ts'

/** Keeps the ring as the database is, from before the first request until `signal` aborts. */
export function followKeys(
  server: FastifyInstance,
  { management, logger }: Pick<ApiOptions, 'management' | 'logger'>,
  ring: LiveKeyRing,
  signal: AbortSignal,
): void {
  let following: Promise<void> = Promise.resolve()
  server.addHook('onReady', async () => {
    await ring.refresh().catch((error) => logger.warn('keys cannot be read', { error: String(error) }))
    following = management.keys.follow(() => ring.refresh(), signal)
  })
  server.addHook('onClose', () => following)
}
