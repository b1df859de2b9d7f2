import type { ApplicationId, DoNotCallEntry, DoNotCallList } from '@parley/core'
import { sql } from 'kysely'
import { phoneKey } from '../calls/phone-key.ts'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText } from '../database/json-text.ts'

/** `application_id` of the list that holds for every application. */
export const everybody = 0

interface Row extends DoNotCallEntry {
  readonly key: string
}

/** The do-not-call lists in the database. */
export class StoredDoNotCall implements DoNotCallList {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async add(
    applicationId: ApplicationId,
    entries: readonly { readonly number: string; readonly note?: string }[],
  ): Promise<number> {
    const rows = entries.map(({ number, note = '' }) => ({ number, key: phoneKey(number), note }))
    const { rows: written } = await guarded(() =>
      sql<{ isNew: boolean }>`
        insert into do_not_call (application_id, number_key, number, note)
        select distinct on (e.key) ${applicationId}::bigint, e.key, e.number, e.note
        from jsonb_to_recordset(${jsonText(rows)}::jsonb) as e(key text, number text, note text)
        where e.key <> ''
        on conflict (application_id, number_key) do update set note = excluded.note
        returning xmax = 0 as "isNew"`.execute(this.db),
    )
    return written.filter(({ isNew }) => isNew).length
  }

  async remove(applicationId: ApplicationId, number: string): Promise<'removed' | 'declared' | undefined> {
    const own = sql`application_id = ${applicationId} and number_key = ${phoneKey(number)}`
    return guarded(async () => {
      const { rows } = await sql`delete from do_not_call where ${own} and not declared returning 1`.execute(this.db)
      if (rows.length > 0) return 'removed'
      const left = await sql`select 1 from do_not_call where ${own}`.execute(this.db)
      return left.rows.length > 0 ? 'declared' : undefined
    })
  }

  async list(applicationId: ApplicationId, { limit, after = '' }: { readonly limit: number; readonly after?: string }) {
    const { rows } = await guarded(() =>
      sql<Row>`
        select number_key as key, number, note, declared, (extract(epoch from added_at) * 1000)::bigint as "addedAtMs"
        from do_not_call where application_id = ${applicationId} and number_key > ${after}
        order by number_key limit ${limit + 1}`.execute(this.db),
    )
    const entries = rows.slice(0, limit)
    const last = rows.length > limit ? entries.at(-1) : undefined
    return { entries: entries.map(({ key: _, ...entry }) => entry), ...(last && { next: last.key }) }
  }

  async check(applicationId: ApplicationId, number: string): Promise<'application' | 'everybody' | undefined> {
    const { rows } = await guarded(() =>
      sql<{ list: number }>`
        select max(application_id) as list from do_not_call
        where number_key = ${phoneKey(number)} and application_id in (${everybody}, ${applicationId})`.execute(this.db),
    )
    const list = rows[0]?.list ?? undefined
    if (list === undefined) return undefined
    return list === everybody ? 'everybody' : 'application'
  }
}
