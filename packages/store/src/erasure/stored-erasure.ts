import {
  type ApplicationId,
  type CallErasure,
  type CallId,
  callId,
  type DueForErasure,
  type ErasureKind,
  erasureKinds,
  type RetentionRules,
} from '@parley/core'
import { sql } from 'kysely'
import { isCallId } from '../calls/call-id-form.ts'
import { phoneKey } from '../calls/phone-key.ts'
import { type Database, guarded } from '../database/connect.ts'
import { anyOther } from '../recordings/configure-care.ts'
import type { TieredRecordingStore } from '../recordings/tiered-recording-store.ts'
import { countDue, dueCalls } from './due-calls.ts'
import { eraseCall } from './erase-call.ts'
import { eraseCallees } from './erase-callees.ts'

/** Calls of one number that are looked up at once. */
const callsAtOnce = 100

/** Erasure in the database; files go by the list of doomed ones. */
export class StoredErasure implements CallErasure {
  private readonly db: Database
  private readonly recordings: TieredRecordingStore

  constructor(db: Database, recordings: TieredRecordingStore) {
    this.db = db
    this.recordings = recordings
  }

  async rules(applicationId: ApplicationId): Promise<RetentionRules> {
    const row = await guarded(() =>
      this.db
        .selectFrom('care_rules')
        .selectAll()
        .where('application_id', 'in', [applicationId, anyOther])
        .orderBy('application_id', 'desc')
        .executeTakeFirst(),
    )
    return {
      ...(row?.recordings_days ? { recordingsDays: row.recordings_days } : {}),
      ...(row?.transcripts_days ? { transcriptsDays: row.transcripts_days } : {}),
      ...(row?.journal_days ? { journalDays: row.journal_days } : {}),
      ...(row?.records_days ? { recordsDays: row.records_days } : {}),
      ...(row ? { auditDays: row.audit_days } : {}),
    }
  }

  async due(applicationId: ApplicationId, rules: RetentionRules, limit: number) {
    const one = async (kind: ErasureKind): Promise<DueForErasure> => {
      const days = rules[`${kind}Days`]
      if (days === undefined) return { count: 0, calls: [] }
      const count = await countDue(this.db, applicationId, kind, days)
      return { count, calls: await dueCalls(this.db, applicationId, kind, days, limit) }
    }
    const [recordings, transcripts, journal, records] = await guarded(() => Promise.all(erasureKinds.map(one)))
    const none: DueForErasure = { count: 0, calls: [] }
    return {
      recordings: recordings ?? none,
      transcripts: transcripts ?? none,
      journal: journal ?? none,
      records: records ?? none,
    }
  }

  async erase(applicationId: ApplicationId, id: CallId): Promise<'erased' | 'inProgress' | 'unknown'> {
    if (!isCallId(id)) return 'unknown'
    return guarded(async () => {
      if (await eraseCall(this.db, this.recordings, applicationId, id)) return 'erased'
      const row = await this.db
        .selectFrom('calls')
        .select('call_id')
        .where('call_id', '=', id)
        .where('application_id', '=', applicationId)
        .executeTakeFirst()
      return row ? 'inProgress' : 'unknown'
    })
  }

  async erasePhone(applicationId: ApplicationId, phone: string) {
    const key = phoneKey(phone)
    if (key === '') return { erased: 0, inProgress: 0 }
    return guarded(async () => {
      await eraseCallees(this.db, applicationId, key)
      let erased = 0
      for (;;) {
        const before = erased
        const ids = await this.overCallsOf(applicationId, key)
        for (const id of ids) if (await eraseCall(this.db, this.recordings, applicationId, id)) erased += 1
        if (ids.length < callsAtOnce || erased === before) break
      }
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from (
          select call_id from calls
          where application_id = ${applicationId} and (caller_key = ${key} or callee_key = ${key})
          union select call_id from campaign_attempts
          where application_id = ${applicationId} and callee_key = ${key} and stage = 'live'
        ) as left_over`.execute(this.db)
      return { erased, inProgress: rows[0]?.count ?? 0 }
    })
  }

  private async overCallsOf(applicationId: ApplicationId, key: string): Promise<readonly CallId[]> {
    const { rows } = await sql<{ id: string }>`
      select call_id as id from calls
      where application_id = ${applicationId} and stage in ('closed', 'refused')
        and (caller_key = ${key} or callee_key = ${key})
      limit ${callsAtOnce}`.execute(this.db)
    return rows.map(({ id }) => callId(id))
  }
}
