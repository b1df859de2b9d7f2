import type { CallEvent } from '@parley/core'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { enqueueAfterCall } from '../after-call/enqueue-after-call.ts'
import { phoneKey } from '../calls/phone-key.ts'
import { announceCampaignCalls } from '../campaigns/announce-campaign-calls.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { fillOutbox, type Happening, happenings } from '../pushes/outbox-rows.ts'
import { enqueueRecordings } from '../recordings/recording-jobs.ts'
import { selectEvents } from './event-rows.ts'
import { type CallProjection, project } from './projection.ts'

/** Engine start that a call belongs to. */
export interface OwnerIdentity {
  readonly owner: string
  readonly incarnation: number
}

/** Makes rows for calls that came in, owned by `owner`. Returns the ids of those that had none. */
export async function createIncoming(
  trx: Transaction<Tables>,
  events: readonly CallEvent[],
  owner: OwnerIdentity | undefined,
): Promise<readonly string[]> {
  const created: string[] = []
  for (const { callId, wallMs, body } of events) {
    if (body.type !== 'call.incoming') continue
    const row = await trx
      .insertInto('calls')
      .values({
        call_id: callId,
        application_id: body.applicationId,
        direction: body.direction,
        stage: 'sent',
        accepted: true,
        caller: plainText(body.caller),
        caller_key: phoneKey(plainText(body.caller)),
        callee: plainText(body.callee),
        callee_key: phoneKey(plainText(body.callee)),
        trunk: body.trunk,
        candidates: '[]',
        owner: owner?.owner ?? null,
        incarnation: owner?.incarnation ?? null,
        state: 'created',
        created_at_ms: Math.round(wallMs),
        keys: '[]',
        agents: jsonText(body.agent ? [{ seq: -1, ...body.agent }] : []),
      })
      .onConflict((conflict) => conflict.column('call_id').doNothing())
      .returning('call_id')
      .executeTakeFirst()
    if (row) created.push(row.call_id)
  }
  return created
}

/** What `projectCalls` found. */
export interface Projected {
  readonly ended: readonly string[]
  /** Calls with events but without a row. */
  readonly unknown: readonly string[]
}

/**
 * Brings the rows of calls up to date with `fresh` events; rows in `whole` with all events that are stored, and puts what
 * receivers want to know of it into the outbox. Rows are locked in order of their ids.
 */
export async function projectCalls(
  trx: Transaction<Tables>,
  fresh: readonly CallEvent[],
  whole: readonly string[],
): Promise<Projected> {
  const ids = [...new Set(fresh.map(({ callId }) => callId.toLowerCase()))]
  const rows = await trx
    .selectFrom('calls')
    .selectAll()
    .where('call_id', 'in', ids)
    .orderBy('call_id')
    .forUpdate()
    .execute()
  const events = whole.length > 0 ? await selectEvents(trx, whole) : []
  const ended: string[] = []
  const news: Happening[] = []
  for (const row of rows) {
    const own = (whole.includes(row.call_id) ? events : fresh).filter(
      (event) => event.callId.toLowerCase() === row.call_id,
    )
    const before = projectionOf(row)
    const after = own.reduce(project, before)
    if (after === before) continue
    await writeProjection(trx, row.call_id, after)
    if (after.outcome && !before.outcome) ended.push(row.call_id)
    news.push(...happenings(row.call_id, before, after))
  }
  if (ended.length > 0) {
    await trx.deleteFrom('call_candidates').where('call_id', 'in', ended).execute()
    await announceCampaignCalls(trx, ended)
  }
  const encoded = await enqueueRecordings(
    trx,
    news.flatMap(({ callId, event }) => (event === 'recording.ready' ? [callId] : [])),
  )
  await fillOutbox(
    trx,
    news.filter(({ callId, event }) => event !== 'recording.ready' || !encoded.has(callId)),
  )
  const known = new Set(rows.map((row) => row.call_id))
  return { ended, unknown: ids.filter((id) => !known.has(id)) }
}

/** A slot of a trunk became free. Sent when the transaction commits. */
export async function announceFreeSlot(db: Kysely<Tables>): Promise<void> {
  await sql`select pg_notify('parley_queue', '')`.execute(db)
}

function projectionOf(row: Selectable<Tables['calls']>): CallProjection {
  return {
    state: row.state,
    ringingAtMs: row.ringing_at_ms,
    answeredAtMs: row.answered_at_ms,
    endedAtMs: row.ended_at_ms,
    outcome: row.outcome,
    recording: row.recording,
    recordingPath: row.recording_path,
    quality: row.quality,
    keys: row.keys,
    transfers: row.transfers,
    agents: row.agents,
  }
}

async function writeProjection(trx: Transaction<Tables>, id: string, p: CallProjection): Promise<void> {
  if (p.outcome && p.answeredAtMs !== null) await enqueueAfterCall(trx, id)
  const closed = p.outcome ? { stage: 'closed' as const, sealed: null } : {}
  await trx
    .updateTable('calls')
    .set({
      state: p.state,
      ringing_at_ms: p.ringingAtMs,
      answered_at_ms: p.answeredAtMs,
      ended_at_ms: p.endedAtMs,
      outcome: p.outcome && jsonText(p.outcome),
      recording: p.recording && jsonText(p.recording),
      recording_path: p.recordingPath,
      quality: p.quality && jsonText(p.quality),
      keys: jsonText(p.keys),
      transfers: jsonText(p.transfers),
      agents: jsonText(p.agents),
      ...closed,
    })
    .where('call_id', '=', id)
    .execute()
}
