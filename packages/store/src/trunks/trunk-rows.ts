import { type ApplicationId, applicationId, type ManagedNumber, type ManagedTrunk } from '@parley/core'
import { type RawBuilder, sql } from 'kysely'
import { isAlone } from './usable-by.ts'

/** Trunks as some applications see them. */
export interface TrunkRow {
  readonly trunkId: number
  readonly name: string
  readonly owner: number | null
  readonly declared: boolean
  readonly enabled: boolean
  readonly version: number
  readonly settings: Readonly<Record<string, unknown>>
  readonly callsNow: number
}

/** The applications as an array of the database. */
const arrayOf = (ids: readonly number[]): RawBuilder<number[]> => sql`${ids}::bigint[]`

/** Everything but the end of the statement: rows `t` these applications may use. A declared one that left the file is not there. */
export const trunksOf = (owners: readonly ApplicationId[]): RawBuilder<TrunkRow> => sql<TrunkRow>`
  select t.trunk_id as "trunkId", t.name, case when array_length(t.application_ids, 1) = 1 then t.application_ids[1] end as owner,
    t.declared, t.enabled, t.version, t.settings,
    (select count(*) from calls c where c.trunk = t.name and c.stage in ('claimed', 'sent')
      and c.application_id = any(${arrayOf(owners)})) as "callsNow"
  from trunks t
  where (t.enabled or not t.declared) and (t.application_ids is null or t.application_ids && ${arrayOf(owners)})`

export function toTrunk(row: TrunkRow, owners: readonly number[]): ManagedTrunk {
  const { owner, declared, enabled, settings, ...more } = row
  const isOwn = owner !== null && owners.includes(owner)
  return {
    ...more,
    ...(isOwn ? { applicationId: applicationId(owner) } : {}),
    isDeclared: declared,
    isEnabled: enabled,
    settings: isOwn ? settings : {},
  }
}

export interface NumberRow {
  readonly numberId: number
  readonly number: string
  readonly trunkId: number
  readonly trunk: string
  readonly application: number
  readonly declared: boolean
  readonly disabled: boolean
  readonly version: number
  readonly maxConcurrent: number | null
  readonly maxCps: number | null
  readonly inbound: boolean
  readonly outbound: boolean
  readonly assistant: string | null
  readonly skillGroupIds: readonly (string | number)[] | null
  /** Sealed address of the server that is asked about its calls, while the number is this application's alone. */
  readonly callInUrl: Buffer | null
  readonly callsNow: number
}

/** The same for numbers: one row for each application `a` that may use the number `n` of trunk `t`. */
export const numbersOf = (owners: readonly ApplicationId[]): RawBuilder<NumberRow> => sql<NumberRow>`
  select n.number_id as "numberId", n.number, t.trunk_id as "trunkId", t.name as trunk, a.id as application, t.declared,
    coalesce(s.disabled, false) as disabled, n.version, n.max_concurrent as "maxConcurrent", n.max_cps as "maxCps",
    n.call_in as inbound, n.call_out as outbound, n.assistant, s.skill_group_ids as "skillGroupIds",
    case when s.call_in_url is not null and ${isAlone(sql`a.id`)} then s.call_in_url end as "callInUrl",
    (select count(*) from calls c where c.trunk = n.trunk and c.stage in ('claimed', 'sent') and c.application_id = a.id
      and n.number = case c.direction when 'outbound' then c.caller else c.callee end) as "callsNow"
  from numbers n
  join trunks t on t.name = n.trunk
  join unnest(${arrayOf(owners)}) as a(id)
    on (t.application_ids is null or a.id = any(t.application_ids))
    and (n.application_ids is null or a.id = any(n.application_ids))
  left join number_states s on s.application_id = a.id and s.trunk = n.trunk and s.number = n.number
  where (t.enabled or not t.declared)`

/** Without what is sealed. */
export function toNumber(row: NumberRow): ManagedNumber {
  const { numberId, number, trunkId, trunk, version, callsNow, inbound, outbound, maxConcurrent, maxCps } = row
  return {
    ...{ numberId, number, trunkId, trunk, version, callsNow },
    applicationId: applicationId(row.application),
    isDeclared: row.declared,
    isEnabled: !row.disabled,
    settings: {
      inbound,
      outbound,
      ...(maxConcurrent === null ? {} : { maxConcurrent }),
      ...(maxCps === null ? {} : { maxCps }),
      ...(row.assistant === null ? {} : { assistant: row.assistant }),
    },
    skillGroupIds: (row.skillGroupIds ?? []).map(Number),
  }
}
