import { type Logger, waitUntil } from '@parley/core'
import type pg from 'pg'
import { type LaunchContext, launch, stopServer } from './launch-server.ts'
import { tryConnect } from './server-connection.ts'
import { takeOwnership } from './server-owner.ts'

const firstPauseMs = 200
const lastPauseMs = 10_000

/**
 * Holds the owner's connection as long as the engine lives, and starts the server again when it dies (killed, out of
 * memory). Who uses the database meets errors meanwhile and connects again by himself.
 */
export class ServerKeeper {
  private readonly context: LaunchContext
  private readonly logger: Logger
  private readonly stopping = new AbortController()
  private owner: pg.Client
  private restoring: Promise<void> = Promise.resolve()
  private stopped: Promise<void> | undefined

  constructor(context: LaunchContext, owner: pg.Client, logger: Logger) {
    this.context = context
    this.logger = logger
    this.owner = owner
    this.watch(owner)
  }

  /** Stops the server. The owner's lock is held until it is down, so nobody adopts a server that is being stopped. */
  stop(): Promise<void> {
    this.stopped ??= this.end()
    return this.stopped
  }

  private async end(): Promise<void> {
    this.stopping.abort()
    await this.restoring
    await stopServer(this.context).finally(() => this.owner.end().catch(() => {}))
  }

  private watch(owner: pg.Client): void {
    this.owner = owner
    owner.once('end', () => {
      if (!this.stopping.signal.aborted) this.restoring = this.restore()
    })
  }

  /** Tries until there is a server of ours again, or the engine stops. */
  private async restore(): Promise<void> {
    const { context, logger } = this
    const { clock, paths } = context
    const { signal } = this.stopping
    const lostAtMs = clock.nowMs()
    logger.error('embedded database was lost, starting it again', { log: paths.log })
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, lastPauseMs)) {
      await waitUntil(clock, clock.nowMs() + pauseMs, signal).catch(() => {})
      if (signal.aborted) return
      let owner: pg.Client | undefined
      try {
        owner = (await tryConnect(paths)) ?? (await launch(context))
        await takeOwnership(owner, context)
        this.watch(owner)
        logger.warn('embedded database is back', { tookMs: Math.round(clock.nowMs() - lostAtMs) })
        return
      } catch (error) {
        await owner?.end().catch(() => {})
        logger.error('embedded database cannot be started again', { error: String(error) })
      }
    }
  }
}
