import {
  type ApplicationId,
  type CallId,
  type CallIntake,
  type Clock,
  type DialGate,
  type IntakeAcceptance,
  type IntakeRefusal,
  type NewCall,
  VoiceError,
} from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import { retryWhileAway } from '../database/retry-while-away.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { closeCall } from '../journal/close-call.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { usableBy } from '../trunks/usable-by.ts'
import { isCallId } from './call-id-form.ts'
import type { CallWatchers } from './call-watchers.ts'
import { phoneKey } from './phone-key.ts'
import { erasedRequest, findEarlier } from './repeated-request.ts'
import type { SecretBox } from './secret-box.ts'
import { sealSpec } from './spec-codec.ts'

export interface IntakeOptions {
  readonly db: Database
  readonly clock: Clock
  readonly box: SecretBox
  readonly watchers: CallWatchers
  /** Asked before a call is queued. */
  readonly gate: DialGate
  /** The engine start that waits with the request: when it is gone the request is void. */
  readonly identity: () => OwnerIdentity | undefined
}

/** Time a dispatcher gets to look at a call that may not wait (`acquireMs` 0). */
const lookMs = 1_000
/** Slow look for what a lost notification did not tell. */
const pollMs = 500

/** Puts calls into the dial queue and waits for a dispatcher to take them. */
export class StoredIntake implements CallIntake {
  private readonly options: IntakeOptions

  constructor(options: IntakeOptions) {
    this.options = options
  }
  /**
   * A database that is away is waited for while the request may wait.
   *
   * @throws VoiceError STORE_FAILED; the call may then be dialled or not: look it up before trying again
   */
  async create(call: NewCall): Promise<IntakeAcceptance | IntakeRefusal> {
    const { db, clock, watchers } = this.options
    if (!isCallId(call.callId)) throw new VoiceError('INTERNAL', { detail: 'the call id is no UUID' })
    using watch = watchers.watch(call.callId)
    const news = { wakeUp: watch.wakeUp, ticket: watch.wakeUp.ticket }
    return await guarded(async () => {
      const deadlineMs = clock.nowMs() + Math.max(call.acquireMs, lookMs)
      const lasting = <T>(work: () => Promise<T>) => retryWhileAway(work, clock, deadlineMs)
      let earlier = await lasting(() => findEarlier(db, call))
      if (!earlier) {
        const refusal = await lasting(() => this.options.gate.check(call.applicationId, call.callee))
        if (refusal) return { kind: 'refused', reason: 'forbidden', refusal }
        const enqueued = await lasting(() => this.enqueue(call, Math.max(0, deadlineMs - clock.nowMs())))
        if (enqueued === 'noNumber') return { kind: 'refused', reason: 'noNumber' }
        if (enqueued === 'queued') return this.outcomeOf(call.callId, deadlineMs, news)
        // Another request under the same key was a moment faster, this very call was asked for twice, or the answer was lost.
        earlier = (await lasting(() => findEarlier(db, call))) ?? { callId: call.callId, isSame: true }
      }
      if (!earlier.isSame) return { kind: 'refused', reason: 'keyReused' }
      using other = watchers.watch(earlier.callId)
      const outcome = await this.outcomeOf(earlier.callId, deadlineMs, { wakeUp: other.wakeUp, ticket: undefined })
      return outcome.kind === 'accepted' ? { ...outcome, repeats: earlier.callId } : outcome
    })
  }

  /**
   * Waits until a dispatcher has the call; refuses it when the time is over. `ticket`: of before the call was queued; undefined:
   * something may have happened to it already.
   */
  private async outcomeOf(
    callId: CallId,
    deadlineMs: number,
    { wakeUp, ticket: since }: { readonly wakeUp: WakeUp; readonly ticket: number | undefined },
  ): Promise<IntakeAcceptance | IntakeRefusal> {
    const { clock } = this.options
    const sleep = (ticket: number) => wakeUp.sleep(ticket, clock, Math.min(deadlineMs, clock.nowMs() + pollMs))
    if (since !== undefined) await sleep(since)
    for (;;) {
      const ticket = wakeUp.ticket
      const taken = await retryWhileAway(() => this.look(callId), clock, deadlineMs)
      if (taken) return taken
      if (clock.nowMs() >= deadlineMs) return (await this.refuse(callId)) ?? { kind: 'accepted' }
      await sleep(ticket)
    }
  }

  async withdraw(applicationId: ApplicationId, callId: CallId): Promise<boolean> {
    if (!isCallId(callId)) return false
    const condition = { stages: ['queued', 'claimed'] as const, applicationId }
    return guarded(() =>
      closeCall(this.options.db, callId, condition, () => ({ outcome: { kind: 'cancelled', rang: false } })),
    )
  }

  /**
   * One statement: number choice, row, candidates, notice; doing it again is harmless. `waitMs`: how long it may be claimed. `noNumber`: no trunk of the application has a usable number.
   * `known`: there is a call of this id or key.
   */
  private async enqueue(call: NewCall, waitMs: number): Promise<'queued' | 'known' | 'noNumber'> {
    const { db, box } = this.options
    const waiting = this.options.identity()
    const { open, sealed } = sealSpec(box, call, call)
    const callee = plainText(call.callee)
    const { agent } = call.assistant
    const { rows } = await sql<{ usable: number; queued: number }>`
      with usable as (
        select distinct on (n.trunk) n.trunk, n.number as caller
        from numbers n join trunks t on t.name = n.trunk
        where ${usableBy(sql`${call.applicationId}::bigint`)}
          and (${call.callers.length} = 0 or n.number_key = any(${call.callers.map(phoneKey)}::text[]))
        order by n.trunk, md5(n.number || ${call.callId})
      ), queued as (
        insert into calls (call_id, application_id, direction, stage, callee, callee_key, candidates, spec, sealed,
          expires_at, owner, incarnation, state, created_at_ms,
          idempotency_key, idempotency_digest, agents, uui)
        select ${call.callId}::uuid, ${call.applicationId}, 'outbound', 'queued', ${callee}, ${phoneKey(callee)},
          (select jsonb_agg(usable) from usable), ${open}::jsonb, ${sealed},
          clock_timestamp() + make_interval(secs => ${waitMs / 1_000}::float8),
          ${waiting?.owner ?? null}, ${waiting?.incarnation ?? null}, 'created', (extract(epoch from clock_timestamp()) * 1000)::bigint,
          ${call.idempotency?.key ?? null}, ${call.idempotency?.digest ?? null},
          ${jsonText(agent ? [{ seq: -1, ...agent }] : [])}::jsonb, ${call.uui === undefined ? null : plainText(call.uui)}
        where exists (select 1 from usable) and not exists (${erasedRequest(call)})
        on conflict do nothing
        returning call_id, queued_at
      ), offered as (
        insert into call_candidates (call_id, trunk, caller, queued_at, application_id)
        select q.call_id, u.trunk, u.caller, q.queued_at, ${call.applicationId}::bigint from queued q, usable u
      )
      select (select count(*) from usable) as usable, (select count(*) from queued) as queued,
        (select pg_notify('parley_queue', '') from queued)`.execute(db)
    const [counted] = rows
    if ((counted?.usable ?? 0) === 0) return 'noNumber'
    return (counted?.queued ?? 0) > 0 ? 'queued' : 'known'
  }

  /** Undefined: still queued. */
  private async look(callId: CallId): Promise<IntakeAcceptance | IntakeRefusal | undefined> {
    const row = await this.options.db
      .selectFrom('calls')
      .select(['stage', 'accepted'])
      .where('call_id', '=', callId)
      .executeTakeFirst()
    if (row?.stage === 'refused') return { kind: 'refused', reason: 'noCapacity' }
    // Accepted and queued: an engine had it and gave it back. It will end with a record, whatever happens.
    return row?.stage === 'queued' && !row.accepted ? undefined : { kind: 'accepted' }
  }

  /** Undefined: too late, a dispatcher has it. */
  private async refuse(callId: CallId): Promise<IntakeRefusal | undefined> {
    const { rows } = await sql`
      with refused as (
        update calls set stage = 'refused', spec = null, sealed = null
        where call_id = ${callId} and stage = 'queued' and not accepted
        returning call_id
      ), forgotten as (
        delete from call_candidates k using refused r where k.call_id = r.call_id
      )
      select 1 from refused`.execute(this.options.db)
    return rows.length > 0 ? { kind: 'refused', reason: 'noCapacity' } : undefined
  }
}
