import {
  type AfterCallJob,
  type AfterCallJobs,
  type AfterCallResult,
  applicationId,
  callId,
  type Logger,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { openSpec } from '../calls/spec-codec.ts'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import { fillOutbox } from '../pushes/outbox-rows.ts'

/** Longer than any attempt may take. Taste. */
const leaseSeconds = 120
/** Also counts attempts that ended with their process. Taste. */
const maxAttempts = 6

interface Claimed {
  readonly callId: string
  readonly applicationId: number
  readonly attempt: number
  readonly sealed: Buffer
  readonly spec: unknown
}

/** The queue of after-call work in PostgreSQL. Leases run by the database's clock. */
export class StoredAfterCallJobs implements AfterCallJobs {
  private readonly db: Database
  private readonly box: SecretBox
  private readonly logger: Logger

  constructor(db: Database, box: SecretBox, logger: Logger) {
    this.db = db
    this.box = box
    this.logger = logger
  }

  async claim(): Promise<AfterCallJob | undefined> {
    return guarded(async () => {
      await this.giveUpOld()
      for (;;) {
        const claimed = await this.take()
        if (!claimed) return undefined
        const job = this.opened(claimed)
        if (job) return job
        await this.settle(claimed, { state: 'failed', failure: 'CONFIG_INVALID' })
      }
    })
  }

  async finish(job: AfterCallJob, result: AfterCallResult): Promise<void> {
    await guarded(() => this.settle(job, { state: 'done', result: jsonText(result) }))
  }

  async giveBack(job: AfterCallJob, { code, afterMs }: { code: string; afterMs?: number }): Promise<void> {
    await guarded(async () => {
      if (afterMs === undefined || job.attempt >= maxAttempts) {
        return this.settle(job, { state: 'failed', failure: code })
      }
      await sql`
        update call_jobs set failure = ${code},
          due_at = clock_timestamp() + make_interval(secs => ${afterMs / 1000}::float8)
        where call_id = ${job.callId} and attempt = ${job.attempt} and state = 'pending'`.execute(this.db)
    })
  }

  private async take(): Promise<Claimed | undefined> {
    const { rows } = await sql<Claimed>`
      update call_jobs j
      set attempt = j.attempt + 1, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      from calls c
      where c.call_id = j.call_id and j.call_id = (
        select call_id from call_jobs where state = 'pending' and due_at <= clock_timestamp()
        order by due_at
        for update skip locked
        limit 1
      )
      returning j.call_id as "callId", j.application_id as "applicationId", j.attempt, j.sealed, c.spec`.execute(
      this.db,
    )
    return rows[0]
  }

  /** Undefined: the secrets do not open with this master key. */
  private opened({ spec, sealed, attempt, ...owner }: Claimed): AfterCallJob | undefined {
    try {
      const { assistant } = openSpec(this.box, owner, spec, sealed)
      const { model, afterCall: plan = { extract: [], analyse: false } } = assistant
      return {
        callId: callId(owner.callId),
        applicationId: applicationId(owner.applicationId),
        plan,
        model,
        attempt,
      }
    } catch (error) {
      this.logger.error('work on a call that is over cannot be opened', { callId: owner.callId, error: String(error) })
      return undefined
    }
  }

  /** Ends a job, secrets and all, and lets receivers know. */
  private async settle(
    { callId, attempt }: Pick<Claimed, 'callId' | 'attempt'>,
    change: { readonly state: 'done' | 'failed'; readonly result?: string; readonly failure?: string },
  ): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const settled = await trx
        .updateTable('call_jobs')
        .set({ ...change, sealed: null })
        .where('call_id', '=', callId)
        .where('attempt', '=', attempt)
        .where('state', '=', 'pending')
        .returning(sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`.as('atMs'))
        .executeTakeFirst()
      if (settled) await fillOutbox(trx, [{ callId, event: 'call.analysed', atMs: settled.atMs }])
    })
  }

  /** Jobs that took their process with them as often as they may. */
  private async giveUpOld(): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ callId: string; atMs: number }>`
        update call_jobs set state = 'failed', sealed = null, failure = coalesce(failure, 'ENGINE_LOST')
        where state = 'pending' and due_at <= clock_timestamp() and attempt >= ${maxAttempts}
        returning call_id as "callId", (extract(epoch from clock_timestamp()) * 1000)::bigint as "atMs"`.execute(trx)
      await fillOutbox(
        trx,
        rows.map((row) => ({ ...row, event: 'call.analysed' })),
      )
    })
  }
}
