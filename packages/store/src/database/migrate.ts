import { VoiceError } from '@parley/core'
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { calls } from './migrations/0001-calls.ts'
import { transfers } from './migrations/0002-transfers.ts'
import { callQuality } from './migrations/0003-call-quality.ts'
import { numberLimits } from './migrations/0004-number-limits.ts'
import { pushes } from './migrations/0005-pushes.ts'
import { callJobs } from './migrations/0006-call-jobs.ts'
import { idempotency } from './migrations/0007-idempotency.ts'
import { agents } from './migrations/0008-agents.ts'
import { campaigns } from './migrations/0009-campaigns.ts'
import { management } from './migrations/0010-management.ts'
import { numberOwners } from './migrations/0011-number-owners.ts'
import { trunkRegistry } from './migrations/0011-trunk-registry.ts'
import { recordings } from './migrations/0012-recordings.ts'
import { fairDispatch } from './migrations/0013-fair-dispatch.ts'
import { recordPages } from './migrations/0013-record-pages.ts'
import { webhooks } from './migrations/0014-webhooks.ts'
import { extensions } from './migrations/0015-extensions.ts'
import { erasedRequests } from './migrations/0016-erased-requests.ts'
import { auditOutcome } from './migrations/0017-audit-outcome.ts'
import { callIn } from './migrations/0018-call-in.ts'
import { auditRetention } from './migrations/0020-audit-retention.ts'

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
  '0009-campaigns': campaigns,
  '0010-management': management,
  '0011-number-owners': numberOwners,
  '0011-trunk-registry': trunkRegistry,
  '0012-recordings': recordings,
  '0013-fair-dispatch': fairDispatch,
  '0013-record-pages': recordPages,
  '0014-webhooks': webhooks,
  '0015-extensions': extensions,
  '0016-erased-requests': erasedRequests,
  '0017-audit-outcome': auditOutcome,
  '0018-call-in': callIn,
  '0020-audit-retention': auditRetention,
}

/** All of them, in order. */
export const schemaSteps: readonly string[] = Object.keys(migrations)

/**
 * Brings the schema up to date, or up to the step `until`. Safe when several processes start at once: the migrator holds a
 * database lock. Returns the steps that were applied.
 * @throws VoiceError CONFIG_INVALID: a newer version has already changed the schema
 * @throws VoiceError STORE_FAILED naming the step that failed; its changes are rolled back
 */
export async function migrate<T>(db: Kysely<T>, until?: string): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  await refuseNewer(db)
  const { error, results = [] } = await (until === undefined ? migrator.migrateToLatest() : migrator.migrateTo(until))
  if (error !== undefined) {
    // Another process, of a newer version, may have been faster.
    await refuseNewer(db)
    const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'none'
    throw new VoiceError('STORE_FAILED', { detail: `migration failed at ${failed}`, cause: error })
  }
  return results.map((result) => result.migrationName)
}

async function refuseNewer<T>(db: Kysely<T>): Promise<void> {
  const { rows: found } = await sql`select 1 where to_regclass('kysely_migration') is not null`.execute(db)
  if (found.length === 0) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const newer = rows.map(({ name }) => name).filter((name) => !(name in migrations))
  if (newer.length === 0) return
  throw new VoiceError('CONFIG_INVALID', {
    detail: `the database was made for a newer version of Parley (schema step ${newer.join(', ')}); start that version, or restore a backup of before the upgrade`,
  })
}
