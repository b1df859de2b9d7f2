import { type ApplicationId, type AuditEntry, type AuditLog, applicationId } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'

/** Who changed what. An entry changes once, when its outcome is known, and goes by the rules of retention alone. */
export class StoredAuditLog implements AuditLog {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async begin({ applicationId: owner, details, ...entry }: Parameters<AuditLog['begin']>[0]): Promise<string> {
    const row = { ...entry, application_id: owner ?? null, details: jsonText(details), outcome: 'begun' } as const
    const { id } = await guarded(() =>
      this.db.insertInto('audit_log').values(row).returning('id').executeTakeFirstOrThrow(),
    )
    return id
  }

  async settle(...[id, outcome, target]: Parameters<AuditLog['settle']>): Promise<void> {
    await guarded(() =>
      this.db
        .updateTable('audit_log')
        .set({ outcome, ...(target !== undefined && { target }) })
        .where('id', '=', id)
        .execute(),
    )
  }

  async list(
    of: ReadonlySet<ApplicationId> | 'all',
    place: Pick<AuditEntry, 'id' | 'atUs'> | undefined,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    const at = sql<Date>`timestamptz 'epoch' + ${place?.atUs ?? 0}::bigint * interval '1 microsecond'`
    const atUs = sql<number>`(extract(epoch from at) * 1000000)::bigint`
    let wanted = this.db.selectFrom('audit_log').selectAll().select(atUs.as('atUs'))
    if (place) wanted = wanted.where(sql<boolean>`(at, id) < (${at}, ${place.id}::uuid)`)
    if (of !== 'all') wanted = wanted.where('application_id', '=', sql<number>`any(${[...of]}::bigint[])`)
    const rows = await guarded(() => wanted.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute())
    return rows.map(({ at: _at, application_id: owner, ...entry }) => ({
      ...entry,
      ...(owner !== null && { applicationId: applicationId(owner) }),
    }))
  }
}
