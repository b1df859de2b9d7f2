import type { Change, ExpectedVersion } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'

interface Row {
  readonly declared: boolean
  readonly version: number
}

/** Changes a locked row by `apply` if it is there, not the configuration's, and of the expected version. */
export async function changedRow<Found extends Row, Value>(
  row: Found | undefined,
  version: ExpectedVersion,
  apply: (row: Found) => Promise<Value>,
): Promise<Change<Value>> {
  if (!row) return { kind: 'missing' }
  if (row.declared) return { kind: 'declared' }
  if (version !== '*' && version !== row.version) return { kind: 'changed' }
  return { kind: 'done', value: await apply(row) }
}

const announceSettings = (trx: Transaction<Tables>) => sql`select pg_notify('parley_settings', '')`.execute(trx)

/** Runs `work` in a transaction; when it did something, every process is told (`announce`) once that is committed. */
export function changing<Value, Refusal extends { readonly kind: string } = never>(
  db: Database,
  work: (trx: Transaction<Tables>) => Promise<Change<Value> | Refusal>,
  announce: (trx: Transaction<Tables>) => Promise<unknown> = announceSettings,
): Promise<Change<Value> | Refusal> {
  return guarded(() =>
    db.transaction().execute(async (trx) => {
      const change = await work(trx)
      if (change.kind === 'done') await announce(trx)
      return change
    }),
  )
}
