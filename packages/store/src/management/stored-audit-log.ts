import { type ApplicationId, type AuditEntry, type AuditLog, applicationId } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'

/** Who changed what. Only ever grows. */
export class StoredAuditLog implements AuditLog {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async append({ applicationId: owner, details, ...entry }: Omit<AuditEntry, 'id' | 'atMs'>): Promise<void> {
    await guarded(() =>
      this.db
        .insertInto('audit_log')
        .values({ ...entry, application_id: owner ?? null, details: jsonText(details) })
        .execute(),
    )
  }

  async list(of: ReadonlySet<ApplicationId> | 'all', beforeId: number, limit: number): Promise<readonly AuditEntry[]> {
    let wanted = this.db.selectFrom('audit_log').selectAll().where('id', '<', beforeId)
    if (of !== 'all') wanted = wanted.where('application_id', '=', sql<number>`any(${[...of]}::bigint[])`)
    const rows = await guarded(() => wanted.orderBy('id', 'desc').limit(limit).execute())
    return rows.map(({ id, at, application_id: owner, ...entry }) => ({
      id,
      atMs: at.getTime(),
      ...entry,
      ...(owner !== null && { applicationId: applicationId(owner) }),
    }))
  }
}
