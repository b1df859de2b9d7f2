import { VoiceError } from '@parley/core'
import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { calls } from './migrations/0001-calls.ts'
import { transfers } from './migrations/0002-transfers.ts'
import { callQuality } from './migrations/0003-call-quality.ts'
import { numberLimits } from './migrations/0004-number-limits.ts'
import { pushes } from './migrations/0005-pushes.ts'
import { callJobs } from './migrations/0006-call-jobs.ts'
import { idempotency } from './migrations/0007-idempotency.ts'
import { agents } from './migrations/0008-agents.ts'
import { management } from './migrations/0010-management.ts'
import { numberOwners } from './migrations/0011-number-owners.ts'
import { recordings } from './migrations/0012-recordings.ts'

/** In order of their names. Forward only: a step that shipped is never changed, a mistake is mended by the next one. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-calls': calls,
  '0002-transfers': transfers,
  '0003-call-quality': callQuality,
  '0004-number-limits': numberLimits,
  '0005-pushes': pushes,
  '0006-call-jobs': callJobs,
  '0007-idempotency': idempotency,
  '0008-agents': agents,
  '0010-management': management,
  '0011-number-owners': numberOwners,
  '0012-recordings': recordings,
}

/**
 * Brings the schema up to date. Safe when several processes start at once: the migrator holds a database lock.
 * Returns the steps that were applied.
 * @throws VoiceError STORE_FAILED naming the step that failed; its changes are rolled back
 */
export async function migrate<T>(db: Kysely<T>): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'none'
    throw new VoiceError('STORE_FAILED', { detail: `migration failed at ${failed}`, cause: error })
  }
  return results.map((result) => result.migrationName)
}
