import {
  type AfterCallReport,
  type ApplicationId,
  applicationId,
  type CallEvent,
  type CallId,
  type CallPageQuery,
  type CallQuery,
  type CallRecord,
  type CallRecords,
  type CallTag,
  callId,
  type TalkMinutes,
  type TranscriptLine,
  type TransferAttempt,
} from '@parley/core'
import { type Selectable, sql } from 'kysely'
import { selectReport } from '../after-call/after-call-report.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { StoredAttempt, Tables } from '../database/tables.ts'
import { lockJournals, selectEvents } from '../journal/event-rows.ts'
import { doomRecording } from '../recordings/doomed-files.ts'
import type { TieredRecordingStore } from '../recordings/tiered-recording-store.ts'
import { countEach, countSpan, startOfPage, type TimeSpan } from './call-hours.ts'
import { isCallId } from './call-id-form.ts'
import { phoneKey } from './phone-key.ts'

/** Call records from the database. Calls that were refused have none. */
export class StoredRecords implements CallRecords {
  private readonly db: Database
  private readonly recordings: TieredRecordingStore

  constructor(db: Database, recordings: TieredRecordingStore) {
    this.db = db
    this.recordings = recordings
  }

  async find(owner: ApplicationId, id: CallId): Promise<CallRecord | undefined> {
    if (!isCallId(id)) return undefined
    const row = await guarded(() =>
      this.own(owner).selectAll().select(tags).where('call_id', '=', id).executeTakeFirst(),
    )
    return row && toRecord(row)
  }

  async list(query: CallQuery): Promise<{ readonly total: number; readonly calls: readonly CallRecord[] }> {
    const ids = query.callIds?.filter(isCallId)
    const phones = query.phones?.map(phoneKey)
    if (ids?.length === 0 || phones?.length === 0) return { total: 0, calls: [] }
    const span = { fromMs: Math.floor(query.fromMs), toMs: Math.ceil(query.toMs) }
    if (!ids && !phones && !query.live) return guarded(() => this.listSpan(query, span))
    let matching = this.own(query.applicationId)
      .where('created_at_ms', '>=', span.fromMs)
      .where('created_at_ms', '<=', span.toMs)
    // Written out, not as parameters: only so does a prepared statement find the index of calls in progress.
    if (query.live) matching = matching.where(sql<boolean>`stage in ('claimed', 'sent')`)
    if (ids) matching = matching.where('call_id', 'in', ids)
    if (phones)
      matching = matching.where((is) => is.or([is('caller_key', 'in', phones), is('callee_key', 'in', phones)]))
    return guarded(async () => {
      const counted = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const rows = await matching
        .selectAll()
        .select(tags)
        .orderBy('created_at_ms', 'desc')
        .orderBy('call_id')
        .limit(query.limit)
        .offset(query.offset)
        .execute()
      return { total: counted.total, calls: rows.map(toRecord) }
    })
  }

  /** All calls of a span: neither the count nor a deep page looks at every one of them. */
  private async listSpan({ applicationId, limit, offset }: CallQuery, span: TimeSpan) {
    const counted = await countSpan(this.db, applicationId, span)
    const total = counted
      ? counted.newer.calls + counted.hours.calls + counted.older.calls
      : await countEach(this.db, applicationId, span)
    if (offset >= total) return { total, calls: [] }
    const start = counted
      ? await startOfPage(this.db, applicationId, counted, offset)
      : { toMs: span.toMs, skip: offset }
    // What is skipped is read from the index alone.
    const { rows } = await sql<Parameters<typeof toRecord>[0]>`
      select calls.*, ${tags} from (
        select call_id from calls
        where application_id = ${applicationId} and stage <> 'refused' and created_at_ms between ${span.fromMs} and ${start.toMs}
        order by created_at_ms desc, call_id limit ${limit} offset ${start.skip}
      ) as page join calls on calls.call_id = page.call_id
      order by calls.created_at_ms desc, calls.call_id`.execute(this.db)
    return { total, calls: rows.map(toRecord) }
  }

  async page({ applicationId, fromMs, toMs, limit, after }: CallPageQuery): Promise<readonly CallRecord[]> {
    let matching = this.own(applicationId)
      .where('created_at_ms', '>=', Math.floor(fromMs))
      .where('created_at_ms', '<=', Math.ceil(Math.min(toMs, after?.createdAtMs ?? toMs)))
    if (after)
      matching = matching.where((is) =>
        is.or([is('created_at_ms', '<', after.createdAtMs), is('call_id', '>', after.callId)]),
      )
    const rows = await guarded(() =>
      matching.selectAll().select(tags).orderBy('created_at_ms', 'desc').orderBy('call_id').limit(limit).execute(),
    )
    return rows.map(toRecord)
  }

  async forgetRecording(owner: ApplicationId, id: CallId): Promise<void> {
    if (!isCallId(id)) return
    await guarded(() =>
      this.db.transaction().execute(async (trx) => {
        await lockJournals(trx, [id])
        await doomRecording(trx, this.recordings, owner, id)
        const { numUpdatedRows } = await trx
          .updateTable('calls')
          .set({ recording: null, recording_path: null })
          .where('application_id', '=', owner)
          .where('call_id', '=', id)
          .where('stage', '=', 'closed')
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return
        await trx.deleteFrom('call_events').where('call_id', '=', id).where('type', '=', 'recording.started').execute()
        await sql`update call_events set body = body - 'recording' where call_id = ${id} and type = 'call.ended'`.execute(
          trx,
        )
      }),
    )
  }

  async transcript(owner: ApplicationId, id: CallId): Promise<readonly TranscriptLine[]> {
    const events = await this.events(owner, id, ['user.said', 'assistant.said'])
    return events.flatMap(({ body }) => toLine(body)).sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)
  }

  async events(
    owner: ApplicationId,
    id: CallId,
    types?: readonly CallEvent['body']['type'][],
  ): Promise<readonly CallEvent[]> {
    if (!isCallId(id)) return []
    return guarded(async () => {
      const known = await this.own(owner).select('call_id').where('call_id', '=', id).executeTakeFirst()
      return known ? selectEvents(this.db, [known.call_id], types) : []
    })
  }

  async afterCall(owner: ApplicationId, id: CallId): Promise<AfterCallReport | undefined> {
    return isCallId(id) ? guarded(() => selectReport(this.db, owner, id)) : undefined
  }

  async talkMinutes({
    applicationId,
    fromMs,
    toMs,
  }: Pick<CallQuery, 'applicationId' | 'fromMs' | 'toMs'>): Promise<TalkMinutes> {
    return guarded(async () => {
      const { rows } = await sql<{ direction: CallRecord['direction']; minutes: number }>`
        select direction, sum(ceil((ended_at_ms - answered_at_ms) / 60000.0))::bigint as minutes from calls
        where application_id = ${applicationId} and stage = 'closed' and answered_at_ms < ended_at_ms
          and created_at_ms between ${Math.floor(fromMs)} and ${Math.ceil(toMs)}
        group by direction`.execute(this.db)
      const of = (wanted: string) => rows.find(({ direction }) => direction === wanted)?.minutes ?? 0
      return { outbound: of('outbound'), inbound: of('inbound') }
    })
  }

  private own(owner: ApplicationId) {
    return this.db.selectFrom('calls').where('application_id', '=', owner).where('stage', '!=', 'refused')
  }
}

function toLine(body: CallEvent['body']): readonly TranscriptLine[] {
  if (body.type === 'user.said') return [{ role: 'user', text: body.text, fromMs: body.fromMs, toMs: body.toMs }]
  // What nobody heard is not part of the talk.
  if (body.type !== 'assistant.said' || body.heard === '') return []
  return [{ role: 'assistant', text: body.heard, fromMs: body.fromMs, toMs: body.toMs }]
}

/** Kept with the answers of the model, which come after the call. */
const tags = sql<readonly CallTag[] | null>`
  (select j.result -> 'tags' from call_jobs j where j.call_id = calls.call_id)`.as('tags')

function toRecord(row: Selectable<Tables['calls']> & { readonly tags: readonly CallTag[] | null }): CallRecord {
  return {
    callId: callId(row.call_id),
    applicationId: applicationId(row.application_id),
    direction: row.direction,
    caller: row.caller,
    callee: row.callee,
    trunk: row.trunk,
    state: row.state,
    createdAtMs: row.created_at_ms,
    ...(row.ringing_at_ms === null ? {} : { ringingAtMs: row.ringing_at_ms }),
    ...(row.answered_at_ms === null ? {} : { answeredAtMs: row.answered_at_ms }),
    ...(row.ended_at_ms === null ? {} : { endedAtMs: row.ended_at_ms }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.recording === null ? {} : { recording: row.recording }),
    ...(row.quality === null ? {} : { quality: row.quality }),
    keys: row.keys.map(({ key, atWallMs }) => ({ key, atWallMs })),
    transfers: row.transfers.map(({ line, ...attempt }) => attempt).filter(isWhole),
    ...(row.agents.length > 0
      ? { agents: row.agents.map(({ agentId, name, version }) => ({ agentId, name, version })) }
      : {}),
    ...(row.tags ? { tags: row.tags } : {}),
    ...(row.uui === null ? {} : { uui: row.uui }),
  }
}

/** The event that began the attempt is stored. */
function isWhole(attempt: Omit<StoredAttempt, 'line'>): attempt is TransferAttempt {
  return attempt.startedAtMs !== undefined
}
