import type {
  ApplicationId,
  ExpectedVersion,
  ManagedTrunk,
  Registered,
  RegistryPage,
  RegistryRefusal,
  TrunkRegistry,
  TrunkSettings,
} from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { linesInUse } from '../dispatch/lines-in-use.ts'
import { changing } from '../management/changed-row.ts'
import { toTrunk, trunksOf } from './trunk-rows.ts'
import { openSettings, sealSettings } from './trunk-secrets.ts'

type TrunkPart = Pick<
  TrunkRegistry,
  'listTrunks' | 'findTrunk' | 'trunkSettings' | 'createTrunk' | 'replaceTrunk' | 'enableTrunk' | 'removeTrunk'
>

/** A trunk whose row is locked, and which may be changed. */
export interface OwnTrunk {
  readonly name: string
  readonly owner: number
  readonly version: number
}

/** Engines and dispatchers look again once the transaction is committed. */
export const announceTrunks = (trx: Transaction<Tables>) =>
  sql`select pg_notify('parley_trunks', ''), pg_notify('parley_queue', '')`.execute(trx)

/** Runs `work` in a transaction; when it did something, engines and dispatchers look again. */
export function changingTrunks<Value>(
  db: Database,
  work: (trx: Transaction<Tables>) => Promise<Registered<Value>>,
): Promise<Registered<Value>> {
  return changing<Value, RegistryRefusal>(db, work, announceTrunks)
}

/** Locks the trunk as a claim does, so that no call begins on it meanwhile. */
export async function lockOwnTrunk(
  trx: Transaction<Tables>,
  owners: readonly ApplicationId[],
  trunkId: number,
  expected: ExpectedVersion = '*',
): Promise<OwnTrunk | RegistryRefusal> {
  const { rows } = await sql<OwnTrunk & { readonly declared: boolean; readonly single: boolean }>`
    select name, application_ids[1] as owner, version, declared, coalesce(array_length(application_ids, 1) = 1, false) as single
    from trunks
    where trunk_id = ${trunkId} and (enabled or not declared)
      and (application_ids is null or application_ids && ${owners}::bigint[])
    for update`.execute(trx)
  const [row] = rows
  if (!row) return { kind: 'missing' }
  if (row.declared || !row.single) return { kind: 'declared' }
  if (expected !== '*' && expected !== row.version) return { kind: 'changed' }
  return row
}

export class StoredTrunks implements TrunkPart {
  private readonly db: Database
  private readonly box: SecretBox

  constructor(db: Database, box: SecretBox) {
    this.db = db
    this.box = box
  }

  async listTrunks({ applicationIds, after = 0, limit }: RegistryPage): Promise<readonly ManagedTrunk[]> {
    const { rows } = await guarded(() =>
      sql<Parameters<typeof toTrunk>[0]>`
        ${trunksOf(applicationIds)} and t.trunk_id > ${after} order by t.trunk_id limit ${limit}`.execute(this.db),
    )
    return rows.map((row) => toTrunk(row, applicationIds))
  }

  findTrunk(owners: readonly ApplicationId[], trunkId: number): Promise<ManagedTrunk | undefined> {
    return guarded(() => this.find(this.db, owners, trunkId))
  }

  async trunkSettings(owners: readonly ApplicationId[], trunkId: number): Promise<TrunkSettings | undefined> {
    const { rows } = await guarded(() =>
      sql<{ readonly name: string; readonly owner: number; readonly sealed: Buffer }>`
        select name, application_ids[1] as owner, sealed from trunks
        where trunk_id = ${trunkId} and not declared and application_ids && ${owners}::bigint[]`.execute(this.db),
    )
    return rows[0] && openSettings(this.box, rows[0].owner, rows[0].name, rows[0].sealed)
  }

  async createTrunk(
    owner: ApplicationId,
    plainName: string,
    settings: TrunkSettings,
  ): Promise<Registered<ManagedTrunk>> {
    const name = `${owner}/${plainText(plainName)}`
    const { open, sealed } = sealSettings(this.box, owner, name, settings)
    const { maxConcurrent, maxCps } = limitsOf(settings)
    return changingTrunks(this.db, async (trx) => {
      const { rows } = await sql<{ readonly id: number }>`
        insert into trunks (name, enabled, declared, application_ids, max_concurrent, max_cps, settings, sealed)
        values (${name}, true, false, array[${owner}::bigint], ${maxConcurrent}, ${maxCps}, ${open}::jsonb, ${sealed})
        on conflict (name) do nothing
        returning trunk_id as id`.execute(trx)
      return rows[0] ? this.done(trx, [owner], rows[0].id) : { kind: 'exists' }
    })
  }

  async replaceTrunk(
    owners: readonly ApplicationId[],
    trunkId: number,
    expected: ExpectedVersion,
    settings: TrunkSettings,
  ): Promise<Registered<ManagedTrunk>> {
    const { maxConcurrent, maxCps } = limitsOf(settings)
    return changingTrunks(this.db, async (trx) => {
      const trunk = await lockOwnTrunk(trx, owners, trunkId, expected)
      if ('kind' in trunk) return trunk
      const { open, sealed } = sealSettings(this.box, trunk.owner, trunk.name, settings)
      await sql`
        update trunks set settings = ${open}::jsonb, sealed = ${sealed}, max_concurrent = ${maxConcurrent},
          max_cps = ${maxCps}, version = version + 1
        where trunk_id = ${trunkId}`.execute(trx)
      return this.done(trx, owners, trunkId)
    })
  }

  async enableTrunk(
    owners: readonly ApplicationId[],
    trunkId: number,
    isEnabled: boolean,
  ): Promise<Registered<ManagedTrunk>> {
    return changingTrunks(this.db, async (trx) => {
      const trunk = await lockOwnTrunk(trx, owners, trunkId)
      if ('kind' in trunk) return trunk
      await sql`
        update trunks set enabled = ${isEnabled}, version = version + 1
        where trunk_id = ${trunkId} and enabled <> ${isEnabled}`.execute(trx)
      return this.done(trx, owners, trunkId)
    })
  }

  async removeTrunk(
    owners: readonly ApplicationId[],
    trunkId: number,
    expected: ExpectedVersion,
  ): Promise<Registered<undefined>> {
    return changingTrunks(this.db, async (trx) => {
      const trunk = await lockOwnTrunk(trx, owners, trunkId, expected)
      if ('kind' in trunk) return trunk
      const { rows } = await sql<{ readonly numbers: number; readonly calls: number }>`
        select (select count(*) from numbers where trunk = ${trunk.name}) as numbers,
          ${linesInUse(sql`${trunk.name}`)} as calls`.execute(trx)
      const { numbers = 0, calls = 0 } = rows[0] ?? {}
      if (numbers > 0) return { kind: 'inUse', by: `${numbers} numbers` }
      if (calls > 0) return { kind: 'inUse', by: `${calls} calls` }
      await sql`delete from trunks where trunk_id = ${trunkId}`.execute(trx)
      return { kind: 'done', value: undefined }
    })
  }

  private async done(
    trx: Transaction<Tables>,
    owners: readonly ApplicationId[],
    trunkId: number,
  ): Promise<Registered<ManagedTrunk>> {
    const value = await this.find(trx, owners, trunkId)
    return value ? { kind: 'done', value } : { kind: 'missing' }
  }

  private async find(db: Database, owners: readonly ApplicationId[], id: number): Promise<ManagedTrunk | undefined> {
    const { rows } = await sql<Parameters<typeof toTrunk>[0]>`${trunksOf(owners)} and t.trunk_id = ${id}`.execute(db)
    return rows[0] && toTrunk(rows[0], owners)
  }
}

/** Checked by whoever read them. */
function limitsOf({ limits }: TrunkSettings): { readonly maxConcurrent: number; readonly maxCps: number } {
  return limits as { readonly maxConcurrent: number; readonly maxCps: number }
}
