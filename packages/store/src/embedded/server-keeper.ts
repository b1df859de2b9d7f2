import { type Logger, waitUntil } from '@parley/core'
import type pg from 'pg'
import { type LaunchContext, launch, stopServer } from './launch-server.ts'
import { takeOwnership } from './server-owner.ts'

/** The processes of a killed server need a moment to notice; until then a new one refuses to start. */
const relaunchMs = 500

/** Keeps the server up while the engine lives, and takes it down with the engine. */
export class ServerKeeper implements AsyncDisposable {
  private readonly context: LaunchContext
  private readonly logger: Logger
  private readonly stop = new AbortController()
  private readonly running: Promise<void>
  private owner: pg.Client
  private ended: Promise<void>
  private relaunching: Promise<void> = Promise.resolve()
  private stopped: Promise<void> | undefined

  /** `owner` holds the lock of the data; it is the keeper's from now on. */
  constructor(context: LaunchContext, owner: pg.Client, logger: Logger) {
    this.context = context
    this.logger = logger
    this.owner = owner
    this.ended = endOf(owner)
    this.running = this.keep()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.stopped ??= this.takeDown()
    return this.stopped
  }

  private async takeDown(): Promise<void> {
    this.stop.abort()
    await this.relaunching
    // The lock is held until the server is down, so nobody adopts a server that is being stopped.
    await stopServer(this.context).finally(() => this.owner.end().catch(() => {}))
    await this.running
  }

  private async keep(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.ended
      if (this.stop.signal.aborted) return
      this.logger.error('embedded database has ended and is started again')
      this.relaunching = this.relaunch()
      await this.relaunching
    }
  }

  private async relaunch(): Promise<void> {
    const { clock } = this.context
    const lostAtMs = clock.nowMs()
    while (!this.stop.signal.aborted) {
      let owner: pg.Client | undefined
      try {
        owner = await launch(this.context)
        await takeOwnership(owner, this.context)
        this.owner = owner
        this.ended = endOf(owner)
        this.logger.warn('embedded database is back', { tookMs: Math.round(clock.nowMs() - lostAtMs) })
        return
      } catch (error) {
        await owner?.end().catch(() => {})
        this.logger.warn('embedded database does not start again yet', { error: String(error) })
        await waitUntil(clock, clock.nowMs() + relaunchMs, this.stop.signal).catch(() => {})
      }
    }
  }
}

function endOf(client: pg.Client): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()))
}
