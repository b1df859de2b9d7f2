import {
  type Application,
  type ApplicationId,
  type ApplicationRegistry,
  applicationId,
  type Change,
  type ExpectedVersion,
  type KeyFacts,
  type NewKey,
  type Random,
  type Role,
  Secret,
} from '@parley/core'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'
import { announceTrunks } from '../trunks/stored-trunks.ts'
import { changedRow, changing } from './changed-row.ts'
import { keyContext } from './key-context.ts'

/** Applications and keys in the database. Every change tells the other processes. */
export class StoredApplications implements ApplicationRegistry {
  private readonly db: Database
  private readonly box: SecretBox
  private readonly random: Random

  constructor(db: Database, box: SecretBox, random: Random) {
    this.db = db
    this.box = box
    this.random = random
  }

  async list(of: ReadonlySet<ApplicationId> | 'all', afterId: number, limit: number): Promise<readonly Application[]> {
    let wanted = this.db.selectFrom('applications').selectAll().where('application_id', '>', afterId)
    if (of !== 'all') wanted = wanted.where('application_id', '=', sql<number>`any(${[...of]}::bigint[])`)
    const rows = await guarded(() => wanted.orderBy('application_id').limit(limit).execute())
    return rows.map(toApplication)
  }

  async find(id: ApplicationId): Promise<Application | undefined> {
    const wanted = this.db.selectFrom('applications').selectAll().where('application_id', '=', id)
    const row = await guarded(() => wanted.executeTakeFirst())
    return row && toApplication(row)
  }

  async create(wanted: { applicationId?: ApplicationId; name: string }): Promise<Change<Application>> {
    return changing(this.db, async (trx) => {
      // Ids of the configuration may lie anywhere, also where the sequence comes to.
      const free = sql<number>`(
        select n from (select nextval('application_ids') as n from generate_series(1, 100)) as s
        where not exists (select 1 from applications a where a.application_id = n) order by n limit 1)`
      const row = await trx
        .insertInto('applications')
        .values({ application_id: wanted.applicationId ?? free, name: wanted.name })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      return row ? { kind: 'done', value: toApplication(row) } : { kind: 'exists' }
    })
  }

  async change(
    id: ApplicationId,
    version: ExpectedVersion,
    to: { readonly name?: string; readonly enabled?: boolean },
  ): Promise<Change<Application>> {
    return changing(this.db, async (trx) => {
      const row = await trx
        .selectFrom('applications')
        .selectAll()
        .where('application_id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      return changedRow(row, version, async (current) => {
        const changed = await trx
          .updateTable('applications')
          .set({ ...to, version: current.version + 1 })
          .where('application_id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await announceTrunks(trx)
        return toApplication(changed)
      })
    })
  }

  async keys(id: ApplicationId, afterId: string, limit: number): Promise<readonly KeyFacts[]> {
    const wanted = this.present(this.db, id).where('secret_id', '>', afterId).orderBy('secret_id').limit(limit)
    return (await guarded(() => wanted.execute())).map(toKey)
  }

  async key(id: ApplicationId, secretId: string): Promise<KeyFacts | undefined> {
    const row = await guarded(() => this.present(this.db, id).where('secret_id', '=', secretId).executeTakeFirst())
    return row && toKey(row)
  }

  async createKey(id: ApplicationId, wanted: Pick<KeyFacts, 'name' | 'role' | 'expiresAtMs'>): Promise<Change<NewKey>> {
    return changing(this.db, async (trx) => {
      const owner = await trx
        .selectFrom('applications')
        .select('application_id')
        .where('application_id', '=', id)
        .executeTakeFirst()
      return owner ? { kind: 'done', value: await this.insertKey(trx, id, wanted) } : { kind: 'missing' }
    })
  }

  async changeKey(
    id: ApplicationId,
    secretId: string,
    version: ExpectedVersion,
    to: { readonly name?: string; readonly role?: Role; readonly enabled?: boolean },
  ): Promise<Change<KeyFacts>> {
    return changing(this.db, async (trx) =>
      changedRow(await this.locked(trx, id, secretId), version, async (current) => {
        const changed = await trx
          .updateTable('api_keys')
          .set({ ...to, version: current.version + 1 })
          .where('secret_id', '=', secretId)
          .returningAll()
          .executeTakeFirstOrThrow()
        return toKey(changed)
      }),
    )
  }

  async rotateKey(id: ApplicationId, secretId: string, graceMs: number): Promise<Change<NewKey>> {
    return changing(this.db, async (trx) =>
      changedRow(await this.locked(trx, id, secretId), '*', async (current) => {
        const end = sql<Date>`least(expires_at, clock_timestamp() + make_interval(secs => ${graceMs / 1_000}::float8))`
        await trx
          .updateTable('api_keys')
          .set({ expires_at: end, version: current.version + 1 })
          .where('secret_id', '=', secretId)
          .execute()
        return this.insertKey(trx, id, current)
      }),
    )
  }

  async deleteKey(id: ApplicationId, secretId: string): Promise<Change<undefined>> {
    return changing(this.db, async (trx) =>
      changedRow(await this.locked(trx, id, secretId), '*', async () => {
        await trx.deleteFrom('api_keys').where('secret_id', '=', secretId).execute()
        return undefined
      }),
    )
  }

  /** One that has expired is not there any more. */
  private present(db: Database, id: ApplicationId) {
    return db
      .selectFrom('api_keys')
      .selectAll()
      .where('application_id', '=', id)
      .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', sql<Date>`clock_timestamp()`)]))
  }

  private locked(trx: Transaction<Tables>, id: ApplicationId, secretId: string) {
    return this.present(trx, id).where('secret_id', '=', secretId).forUpdate().executeTakeFirst()
  }

  private async insertKey(
    trx: Transaction<Tables>,
    id: ApplicationId,
    { name, role, expiresAtMs }: { readonly name: string; readonly role: Role; readonly expiresAtMs?: number },
  ): Promise<NewKey> {
    const secretId = `AKID${Buffer.from(this.random.bytes(16)).toString('hex')}`
    const secret = Buffer.from(this.random.bytes(24)).toString('base64url')
    const row = await trx
      .insertInto('api_keys')
      .values({
        secret_id: secretId,
        application_id: id,
        name,
        role,
        sealed: this.box.seal(secret, keyContext(id, secretId)),
        expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return { key: toKey(row), secretKey: new Secret(secret) }
  }
}

const toApplication = (row: Selectable<Tables['applications']>): Application => ({
  applicationId: applicationId(row.application_id),
  name: row.name,
  declared: row.declared,
  enabled: row.enabled,
  version: row.version,
  createdAtMs: row.created_at.getTime(),
})

const toKey = (row: Selectable<Tables['api_keys']>): KeyFacts => ({
  secretId: row.secret_id,
  applicationId: applicationId(row.application_id),
  name: row.name,
  role: row.role,
  declared: row.declared,
  enabled: row.enabled,
  version: row.version,
  createdAtMs: row.created_at.getTime(),
  ...(row.expires_at && { expiresAtMs: row.expires_at.getTime() }),
  ...(row.last_used_at && { lastUsedAtMs: row.last_used_at.getTime() }),
})
