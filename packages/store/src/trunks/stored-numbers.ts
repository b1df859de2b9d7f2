import type {
  ApplicationId,
  ExpectedVersion,
  ManagedNumber,
  NewNumber,
  NumberSettings,
  Registered,
  RegistryPage,
  RegistryRefusal,
  TrunkRegistry,
} from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { phoneKey } from '../calls/phone-key.ts'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { linesInUse } from '../dispatch/lines-in-use.ts'
import { openAddress, sealAddress } from './call-in-address.ts'
import { changingTrunks, lockOwnTrunk } from './stored-trunks.ts'
import { numbersOf, toNumber } from './trunk-rows.ts'
import { isAlone } from './usable-by.ts'

type NumberPart = Pick<
  TrunkRegistry,
  | 'listNumbers'
  | 'findNumber'
  | 'createNumbers'
  | 'replaceNumber'
  | 'removeNumber'
  | 'enableNumbers'
  | 'bindSkillGroups'
  | 'bindCallIn'
>
type Row = Parameters<typeof toNumber>[0]

export class StoredNumbers implements NumberPart {
  private readonly db: Database
  private readonly box: SecretBox

  constructor(db: Database, box: SecretBox) {
    this.db = db
    this.box = box
  }

  async listNumbers({ applicationIds, after = 0, limit }: RegistryPage): Promise<readonly ManagedNumber[]> {
    const { rows } = await guarded(() =>
      sql<Row>`${numbersOf(applicationIds)} and n.number_id > ${after} order by n.number_id, a.id limit ${limit}`.execute(
        this.db,
      ),
    )
    return rows.map((row) => this.shown(row))
  }

  findNumber(owners: readonly ApplicationId[], numberId: number): Promise<ManagedNumber | undefined> {
    return guarded(() => this.find(this.db, owners, numberId))
  }

  async createNumbers(
    owner: ApplicationId,
    trunkId: number,
    numbers: readonly NewNumber[],
  ): Promise<Registered<readonly ManagedNumber[]>> {
    const entries = numbers.map(({ number, settings }) => ({
      number,
      number_key: phoneKey(number),
      ...columns(settings),
    }))
    return changingTrunks(this.db, async (trx) => {
      const trunk = await lockOwnTrunk(trx, [owner], trunkId)
      if ('kind' in trunk) return trunk
      const { rows: known } = await sql`
        select 1 from numbers where trunk = ${trunk.name} and number_key = any(${entries.map((entry) => entry.number_key)}::text[])
        limit 1`.execute(trx)
      if (known.length > 0 || new Set(entries.map((entry) => entry.number_key)).size < entries.length)
        return { kind: 'exists' }
      const { rows } = await sql<{ readonly id: number }>`
        insert into numbers (trunk, number, number_key, max_concurrent, max_cps, call_in, call_out, assistant)
        select ${trunk.name}, number, number_key, max_concurrent, max_cps, call_in, call_out, assistant
        from jsonb_to_recordset(${jsonText(entries)}::jsonb)
          as n(number text, number_key text, max_concurrent integer, max_cps double precision, call_in boolean, call_out boolean,
            assistant text)
        returning number_id as id`.execute(trx)
      await this.touch(trx, trunk.name)
      const made = await Promise.all(rows.map(({ id }) => this.find(trx, [owner], id)))
      return { kind: 'done', value: made.filter((number) => number !== undefined) }
    })
  }

  async replaceNumber(
    owners: readonly ApplicationId[],
    numberId: number,
    expected: ExpectedVersion,
    settings: NumberSettings,
  ): Promise<Registered<ManagedNumber>> {
    const next = columns(settings)
    return changingTrunks(this.db, async (trx) => {
      const own = await this.lockOwn(trx, owners, numberId, expected)
      if ('kind' in own) return own
      await sql`
        update numbers set max_concurrent = ${next.max_concurrent}, max_cps = ${next.max_cps}, call_in = ${next.call_in},
          call_out = ${next.call_out}, assistant = ${next.assistant}, version = version + 1
        where number_id = ${numberId}`.execute(trx)
      await this.touch(trx, own.trunk)
      const value = await this.find(trx, owners, numberId)
      return value ? { kind: 'done', value } : { kind: 'missing' }
    })
  }

  async removeNumber(
    owners: readonly ApplicationId[],
    numberId: number,
    expected: ExpectedVersion,
  ): Promise<Registered<undefined>> {
    return changingTrunks(this.db, async (trx) => {
      const own = await this.lockOwn(trx, owners, numberId, expected)
      if ('kind' in own) return own
      const { rows } = await sql<{ readonly calls: number }>`
        select ${linesInUse(sql`${own.trunk}`, sql`${own.number}`)} as calls`.execute(trx)
      const { calls = 0 } = rows[0] ?? {}
      if (calls > 0) return { kind: 'inUse', by: `${calls} calls` }
      await sql`delete from numbers where number_id = ${numberId}`.execute(trx)
      await this.touch(trx, own.trunk)
      return { kind: 'done', value: undefined }
    })
  }

  async enableNumbers(
    owners: readonly ApplicationId[],
    numbers: readonly string[],
    isEnabled: boolean,
  ): Promise<readonly string[]> {
    const result = await changingTrunks(this.db, async (trx) => {
      const { rows } = await sql<Row & { readonly key: string }>`
        select found.*, (select number_key from numbers k where k.number_id = found."numberId") as key
        from (${numbersOf(owners)}) found`.execute(trx)
      const wanted = new Set(numbers.map(phoneKey))
      const own = rows.filter(({ key }) => wanted.has(key))
      const unknown = numbers.filter((number) => !own.some(({ key }) => key === phoneKey(number)))
      if (unknown.length > 0) return { kind: 'done', value: unknown }
      const states = own.map(({ application, trunk, number }) => ({ application_id: application, trunk, number }))
      await sql`
        insert into number_states (application_id, trunk, number, disabled)
        select application_id, trunk, number, ${!isEnabled}
        from jsonb_to_recordset(${jsonText(states)}::jsonb) as s(application_id bigint, trunk text, number text)
        on conflict (application_id, trunk, number) do update set disabled = excluded.disabled`.execute(trx)
      return { kind: 'done', value: [] as readonly string[] }
    })
    return result.kind === 'done' ? result.value : numbers
  }

  async bindSkillGroups(
    owner: ApplicationId,
    number: string,
    skillGroupIds: readonly number[],
    isBound: boolean,
  ): Promise<boolean> {
    const result = await changingTrunks(this.db, async (trx) => {
      const { rows } = await sql<Row>`${numbersOf([owner])} and n.number_key = ${phoneKey(number)}`.execute(trx)
      for (const row of rows) {
        const kept = toNumber(row).skillGroupIds.filter((id) => !skillGroupIds.includes(id))
        const next = isBound ? [...kept, ...new Set(skillGroupIds)] : kept
        await sql`
          insert into number_states (application_id, trunk, number, skill_group_ids)
          values (${owner}, ${row.trunk}, ${row.number}, ${next}::bigint[])
          on conflict (application_id, trunk, number) do update set skill_group_ids = excluded.skill_group_ids`.execute(
          trx,
        )
      }
      return rows.length > 0 ? { kind: 'done', value: undefined } : { kind: 'missing' }
    })
    return result.kind === 'done'
  }

  async bindCallIn(owner: ApplicationId, number: string, url: string | undefined): Promise<boolean> {
    const result = await changingTrunks(this.db, async (trx) => {
      const { rows } = await sql<Row>`
        ${numbersOf([owner])} and n.number_key = ${phoneKey(number)} and ${isAlone(sql`a.id`)}`.execute(trx)
      for (const row of rows) {
        const address = url === undefined ? null : sealAddress(this.box, { ...row, owner }, url)
        await sql`
          insert into number_states (application_id, trunk, number, call_in_url)
          values (${owner}, ${row.trunk}, ${row.number}, ${address})
          on conflict (application_id, trunk, number) do update set call_in_url = excluded.call_in_url`.execute(trx)
      }
      return rows.length > 0 ? { kind: 'done', value: undefined } : { kind: 'missing' }
    })
    return result.kind === 'done'
  }

  /** The number, and its trunk locked. A shared one or one of the file is not to be changed. */
  private async lockOwn(
    trx: Transaction<Tables>,
    owners: readonly ApplicationId[],
    numberId: number,
    expected: ExpectedVersion,
  ): Promise<ManagedNumber | RegistryRefusal> {
    const seen = await this.find(trx, owners, numberId)
    if (!seen) return { kind: 'missing' }
    const trunk = await lockOwnTrunk(trx, owners, seen.trunkId)
    if ('kind' in trunk) return trunk
    const own = await this.find(trx, owners, numberId)
    if (!own) return { kind: 'missing' }
    return expected !== '*' && expected !== own.version ? { kind: 'changed' } : own
  }

  private async find(db: Database, owners: readonly ApplicationId[], id: number): Promise<ManagedNumber | undefined> {
    const { rows } = await sql<Row>`${numbersOf(owners)} and n.number_id = ${id} order by a.id limit 1`.execute(db)
    return rows[0] && this.shown(rows[0])
  }

  /** An address that does not open with this master key is asked by nobody. */
  private shown(row: Row): ManagedNumber {
    const number = toNumber(row)
    if (row.callInUrl === null) return number
    try {
      const address = openAddress(this.box, { ...row, owner: number.applicationId }, row.callInUrl)
      return { ...number, callInServer: new URL(address).origin }
    } catch {
      return number
    }
  }

  /** Engines know by its version that something about the trunk changed. */
  private async touch(trx: Transaction<Tables>, trunk: string): Promise<void> {
    await sql`update trunks set version = version + 1 where name = ${trunk}`.execute(trx)
  }
}

function columns({ maxConcurrent, maxCps, inbound, outbound, assistant }: NumberSettings) {
  return {
    max_concurrent: maxConcurrent ?? null,
    max_cps: maxCps ?? null,
    call_in: inbound,
    call_out: outbound,
    assistant: assistant ?? null,
  }
}
