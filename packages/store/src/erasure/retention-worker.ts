import { applicationId, type Clock, type ErasureKind, type Logger, type RetentionRules, waitUntil } from '@parley/core'
import { forgetErasedRequests } from '../calls/repeated-request.ts'
import type { StoredRecords } from '../calls/stored-records.ts'
import type { Database } from '../database/connect.ts'
import { anyOther } from '../recordings/configure-care.ts'
import { dueCalls } from './due-calls.ts'
import { eraseAudit } from './erase-audit.ts'
import { eraseJournals, eraseRefused, eraseTranscripts } from './erase-call.ts'
import type { StoredErasure } from './stored-erasure.ts'

export interface RetentionWorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly erasure: StoredErasure
  readonly records: StoredRecords
}

export interface RetentionOptions {
  readonly signal: AbortSignal
  /** Default: an hour. */
  readonly everyMs?: number
}

const hourMs = 3_600_000
/** Keeps transactions short. */
const callsAtOnce = 200
const entriesAtOnce = 1_000

/** What the rules erase: of calls, and entries of the audit log. */
type Counts = Record<ErasureKind | 'audit', number>

/**
 * Erases what the rules of retention want gone. Rules are read from the database each time; days are counted by its clock.
 * Several engines may do it at once: what one has erased the other does not find.
 */
export class RetentionWorker {
  private readonly options: RetentionWorkerOptions
  private readonly counts: Counts = { recordings: 0, transcripts: 0, journal: 0, records: 0, audit: 0 }

  constructor(options: RetentionWorkerOptions) {
    this.options = options
  }

  get erased(): Readonly<Counts> {
    return this.counts
  }

  async run({ signal, everyMs = hourMs }: RetentionOptions): Promise<void> {
    const { clock, logger } = this.options
    while (!signal.aborted) {
      try {
        await this.once(signal)
      } catch (error) {
        logger.warn('retention could not be enforced and is tried again', { error: String(error) })
      }
      await waitUntil(clock, clock.nowMs() + everyMs, signal).catch(() => {})
    }
  }

  private async once(signal: AbortSignal): Promise<void> {
    const { db, logger, erasure } = this.options
    await forgetErasedRequests(db)
    const before = { ...this.counts }
    const known = db.selectFrom('applications').select('application_id')
    const ruled = db.selectFrom('care_rules').select('application_id').where('application_id', '!=', anyOther)
    for (const { application_id } of await known.union(ruled).execute()) {
      const tenant = applicationId(application_id)
      const rules = await erasure.rules(tenant)
      // The whole record first: what goes with it needs no erasing of its own.
      await this.eraseKind(tenant, 'records', rules, signal)
      await this.eraseKind(tenant, 'recordings', rules, signal)
      await this.eraseKind(tenant, 'transcripts', rules, signal)
      await this.eraseKind(tenant, 'journal', rules, signal)
    }
    while (!signal.aborted) {
      const erased = await eraseAudit(db, entriesAtOnce)
      this.counts.audit += erased
      if (erased < entriesAtOnce) break
    }
    const erased = Object.entries(this.counts).map(([kind, count]) => [kind, count - before[kind as keyof Counts]])
    if (erased.some(([, count]) => Number(count) > 0)) {
      logger.info('erased by the rules of retention', Object.fromEntries(erased))
    }
  }

  private async eraseKind(
    tenant: ReturnType<typeof applicationId>,
    kind: ErasureKind,
    rules: RetentionRules,
    signal: AbortSignal,
  ): Promise<void> {
    const { db, erasure, records } = this.options
    const days = rules[`${kind}Days`]
    if (days === undefined) return
    while (!signal.aborted) {
      const due = (await dueCalls(db, tenant, kind, days, callsAtOnce)).map(({ callId }) => callId)
      let erased = due.length
      if (due.length > 0) {
        if (kind === 'records') {
          erased = 0
          for (const id of due) if ((await erasure.erase(tenant, id)) === 'erased') erased += 1
        } else if (kind === 'recordings') for (const id of due) await records.forgetRecording(tenant, id)
        else if (kind === 'transcripts') await eraseTranscripts(db, due)
        else await eraseJournals(db, due)
        this.counts[kind] += erased
      }
      // What something else still needs is erased another time.
      if (due.length < callsAtOnce || erased === 0) break
    }
    if (kind === 'records') while (!signal.aborted && (await eraseRefused(db, tenant, days, callsAtOnce)) > 0);
  }
}
