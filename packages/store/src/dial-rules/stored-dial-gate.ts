import { type DialFacts, dayStartMs, dialRefusal } from '@parley/campaign'
import {
  type ApplicationId,
  type Calendar,
  type CallId,
  type DialGate,
  type DialRefusal,
  dialRefusalCodes,
  type OutboundRules,
} from '@parley/core'
import { sql } from 'kysely'
import { phoneKey } from '../calls/phone-key.ts'
import { type Database, guarded } from '../database/connect.ts'
import { everybody } from './stored-do-not-call.ts'

/** What the installation says about outgoing calls. */
export interface DialRules {
  /** By application; one that is not there has none. */
  readonly rules: ReadonlyMap<ApplicationId, OutboundRules>
  readonly calendar: Calendar
}

export const noDialRules: DialRules = {
  rules: new Map(),
  calendar: { holidays: new Set(), workingDays: new Set() },
}

/** Judges calls by the do-not-call lists and by the calls on record. All instants are the database's. */
export class StoredDialGate implements DialGate {
  private readonly db: Database
  private readonly dialRules: DialRules

  constructor(db: Database, dialRules: DialRules) {
    this.db = db
    this.dialRules = dialRules
  }

  async check(applicationId: ApplicationId, callee: string, callId?: CallId): Promise<DialRefusal | undefined> {
    const rules = this.dialRules.rules.get(applicationId)
    const key = phoneKey(callee)
    return guarded(async () => {
      const { rows } = await sql<Pick<DialFacts, 'nowMs' | 'isOnList'>>`
        select (extract(epoch from clock_timestamp()) * 1000)::bigint as "nowMs", exists (
          select 1 from do_not_call where number_key = ${key} and application_id in (${everybody}, ${applicationId})
        ) as "isOnList"`.execute(this.db)
      const { nowMs, isOnList } = rows[0] ?? { nowMs: 0, isOnList: true }
      const calls = rules && !isOnList ? await this.earlier(applicationId, key, rules, nowMs, callId) : noCalls
      return dialRefusal(rules, { nowMs, isOnList, ...calls }, this.dialRules.calendar)
    })
  }

  /** Calls that were started, or that another engine is about to start; those that a rule stopped do not count. */
  private async earlier(
    applicationId: ApplicationId,
    key: string,
    rules: OutboundRules,
    nowMs: number,
    callId: CallId | undefined,
  ): Promise<Pick<DialFacts, 'callsToday' | 'lastCallAtMs'>> {
    const { maxCallsPerCalleePerDay, minIntervalMs = 0 } = rules
    if (maxCallsPerCalleePerDay === undefined && minIntervalMs === 0) return noCalls
    const startMs = dayStartMs(rules, nowMs)
    const { rows } = await sql<{ today: number; last: number | null }>`
      select count(*) filter (where s.at >= to_timestamp(${startMs / 1_000}::float8)) as today,
        (extract(epoch from max(s.at)) * 1000)::bigint as last
      from (
        select coalesce(c.dial_sent_at, c.claimed_at) as at from calls c
        where c.application_id = ${applicationId} and c.callee_key = ${key} and c.direction = 'outbound'
          and c.created_at_ms >= ${Math.min(startMs, nowMs - minIntervalMs) - queueMs}
          and (c.dial_sent_at is not null or c.stage = 'claimed')
          and c.call_id is distinct from ${callId ?? null}::uuid
          and coalesce(c.outcome ->> 'code', '') <> all (${ruleCodes}::text[])
      ) s`.execute(this.db)
    const { today = 0, last = null } = rows[0] ?? {}
    return { callsToday: today, ...(last === null ? {} : { lastCallAtMs: last }) }
  }
}

const noCalls = { callsToday: 0 }
/** Longer than any call waits for its line. */
const queueMs = 3_600_000
const ruleCodes = [...new Set(Object.values(dialRefusalCodes))]
