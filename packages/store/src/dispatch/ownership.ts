import { type Clock, type Logger, waitUntil } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'

const heartbeatMs = 1_000

/**
 * This engine start as an owner of calls: registered under its name with the next incarnation number, and kept alive by a
 * heartbeat. One row for the whole process, not one lease per call.
 */
export class Ownership implements AsyncDisposable {
  readonly identity: OwnerIdentity
  /** Aborted when a later start of the same name has registered: its calls are not ours any more. */
  readonly superseded: AbortSignal
  private readonly stop = new AbortController()
  private readonly lost = new AbortController()
  private readonly running: Promise<void>

  private constructor(db: Database, clock: Clock, logger: Logger, identity: OwnerIdentity) {
    this.identity = identity
    this.superseded = this.lost.signal
    this.running = this.beat(db, clock, logger)
  }

  static async register(db: Database, owner: string, clock: Clock, logger: Logger): Promise<Ownership> {
    return guarded(async () => {
      const incarnation = await db.transaction().execute(async (trx) => {
        await sql`lock table owners in share row exclusive mode`.execute(trx)
        const { rows } = await sql<{ incarnation: number }>`
          insert into owners (name, incarnation)
          select ${owner}, coalesce(max(incarnation), 0) + 1 from owners where name = ${owner}
          returning incarnation`.execute(trx)
        return rows[0]?.incarnation ?? 0
      })
      return new Ownership(db, clock, logger, { owner, incarnation })
    })
  }

  /** Ends the heartbeat; calls still owned are lost from then on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort()
    await this.running
  }

  private async beat(db: Database, clock: Clock, logger: Logger): Promise<void> {
    const { owner, incarnation } = this.identity
    for (let nextAtMs = clock.nowMs() + heartbeatMs; ; nextAtMs = Math.max(nextAtMs, clock.nowMs()) + heartbeatMs) {
      await waitUntil(clock, nextAtMs, this.stop.signal).catch(() => {})
      if (this.stop.signal.aborted) return
      try {
        const { rows } = await sql`
          update owners o set heartbeat_at = clock_timestamp() where name = ${owner} and incarnation = ${incarnation}
            and not exists (select 1 from owners n where n.name = o.name and n.incarnation > o.incarnation)
          returning 1`.execute(db)
        if (rows.length > 0) continue
        logger.error('another engine has started under the same owner name', { owner, incarnation })
        this.lost.abort()
        return
      } catch (error) {
        logger.warn('heartbeat failed', { owner, error: String(error) })
      }
    }
  }
}
