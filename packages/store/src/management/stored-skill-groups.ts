import {
  type ApplicationId,
  applicationId,
  type Change,
  type ExpectedVersion,
  type SkillGroupBook,
  type SkillGroupSettings,
  type StoredSkillGroup,
} from '@parley/core'
import { type Selectable, sql, type Transaction } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { changedRow, changing } from './changed-row.ts'

/** Skill groups in the database. Every change tells the other processes. */
export class StoredSkillGroups implements SkillGroupBook {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async all(): Promise<readonly StoredSkillGroup[]> {
    const wanted = this.db.selectFrom('skill_groups').selectAll().orderBy('skill_group_id')
    return (await guarded(() => wanted.execute())).map(toGroup)
  }

  async list(owner: ApplicationId): Promise<readonly StoredSkillGroup[]> {
    const wanted = this.db.selectFrom('skill_groups').selectAll().where('application_id', '=', owner)
    return (await guarded(() => wanted.orderBy('skill_group_id').execute())).map(toGroup)
  }

  async create(
    owner: ApplicationId,
    { name, ...settings }: SkillGroupSettings,
    takenIds: readonly number[],
  ): Promise<Change<StoredSkillGroup>> {
    return changing(this.db, async (trx) => {
      const { rows } = await sql<{ id: number }>`
        select n as id from (select nextval('skill_group_ids') as n from generate_series(1, 100)) as s
        where not n = any(${takenIds}::bigint[]) order by n limit 1`.execute(trx)
      const row = await trx
        .insertInto('skill_groups')
        .values({
          skill_group_id: rows[0]?.id ?? 0,
          application_id: owner,
          name: plainText(name),
          settings: jsonText(settings),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      return row ? { kind: 'done', value: toGroup(row) } : { kind: 'exists' }
    })
  }

  async change(
    owner: ApplicationId,
    id: number,
    version: ExpectedVersion,
    { name, ...to }: Partial<SkillGroupSettings>,
  ): Promise<Change<StoredSkillGroup>> {
    return changing(this.db, async (trx) => {
      const row = await this.locked(trx, owner, id)
      if (row && name !== undefined && name !== row.name && (await this.isTaken(trx, owner, name))) {
        return { kind: 'exists' }
      }
      return changedRow(row && { ...row, declared: false }, version, async (current) => {
        const changed = await trx
          .updateTable('skill_groups')
          .set({
            name: plainText(name ?? current.name),
            settings: jsonText({ ...current.settings, ...to }),
            version: current.version + 1,
            changed_at: sql<Date>`clock_timestamp()`,
          })
          .where('skill_group_id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        return toGroup(changed)
      })
    })
  }

  async remove(owner: ApplicationId, id: number): Promise<Change<undefined>> {
    return changing(this.db, async (trx) => {
      if (!(await this.locked(trx, owner, id))) return { kind: 'missing' }
      await trx.deleteFrom('skill_groups').where('skill_group_id', '=', id).execute()
      return { kind: 'done', value: undefined }
    })
  }

  private locked(trx: Transaction<Tables>, owner: ApplicationId, id: number) {
    return trx
      .selectFrom('skill_groups')
      .selectAll()
      .where('application_id', '=', owner)
      .where('skill_group_id', '=', id)
      .forUpdate()
      .executeTakeFirst()
  }

  private async isTaken(trx: Transaction<Tables>, owner: ApplicationId, name: string): Promise<boolean> {
    const same = trx.selectFrom('skill_groups').select('skill_group_id').where('application_id', '=', owner)
    return (await same.where('name', '=', plainText(name)).executeTakeFirst()) !== undefined
  }
}

const toGroup = (row: Selectable<Tables['skill_groups']>): StoredSkillGroup => ({
  ...row.settings,
  id: row.skill_group_id,
  applicationId: applicationId(row.application_id),
  name: row.name,
  version: row.version,
  changedAtMs: row.changed_at.getTime(),
})
