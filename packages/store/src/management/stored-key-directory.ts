import {
  type ActingKey,
  type ApplicationId,
  applicationId,
  type Clock,
  type KeyDirectory,
  type Logger,
  Secret,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { keyContext } from './key-context.ts'

/** Keys expire without anybody saying so, and a notification may be lost. */
const lookEveryMs = 2_000
/** How exact `last_used_at` is. */
const useEveryS = 60

interface Opened {
  readonly sealed: Buffer
  readonly secretKey: Secret
}

/** Keys in force, from the database. Opened secrets are kept: a look costs one query. */
export class StoredKeyDirectory implements KeyDirectory {
  private readonly options: {
    readonly db: Database
    readonly box: SecretBox
    readonly clock: Clock
    readonly logger: Logger
    readonly changes: WakeUp
  }
  private opened: ReadonlyMap<string, Opened> = new Map()

  constructor(options: StoredKeyDirectory['options']) {
    this.options = options
  }

  async current(): Promise<{ readonly applications: readonly ApplicationId[]; readonly keys: readonly ActingKey[] }> {
    const { db } = this.options
    const { owners, rows } = await guarded(async () => ({
      owners: await db.selectFrom('applications').select('application_id').execute(),
      rows: await db
        .selectFrom('api_keys as k')
        .innerJoin('applications as a', 'a.application_id', 'k.application_id')
        .select(['k.secret_id', 'k.application_id', 'k.role', 'k.sealed'])
        .where('k.enabled', '=', true)
        .where('a.enabled', '=', true)
        .where('k.sealed', 'is not', null)
        .where((is) => is.or([is('k.expires_at', 'is', null), is('k.expires_at', '>', sql<Date>`clock_timestamp()`)]))
        .execute(),
    }))
    const opened = new Map<string, Opened>()
    const keys = rows.flatMap(({ secret_id: secretId, application_id: id, role, sealed }) => {
      const secret = sealed && this.open(secretId, id, sealed)
      if (!secret) return []
      opened.set(secretId, secret)
      return [{ secretId, secretKey: secret.secretKey, role, applicationId: applicationId(id) }]
    })
    this.opened = opened
    return { applications: owners.map((row) => applicationId(row.application_id)), keys }
  }

  async follow(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const { changes, clock, logger } = this.options
    while (!signal.aborted) {
      const { ticket } = changes
      await look().catch((error) => logger.warn('changed settings cannot be read', { error: String(error) }))
      await changes.sleep(ticket, clock, clock.nowMs() + lookEveryMs, signal)
    }
  }

  async noteUse(secretIds: readonly string[]): Promise<void> {
    await guarded(() =>
      sql`
        update api_keys set last_used_at = clock_timestamp()
        where secret_id = any(${secretIds}::text[])
          and (last_used_at is null or last_used_at < clock_timestamp() - make_interval(secs => ${useEveryS}))`.execute(
        this.options.db,
      ),
    )
  }

  /** Undefined: it was sealed with another master key, and the key is of no use. */
  private open(secretId: string, id: number, sealed: Buffer): Opened | undefined {
    const known = this.opened.get(secretId)
    if (known?.sealed.equals(sealed)) return known
    try {
      return { sealed, secretKey: new Secret(this.options.box.open(sealed, keyContext(id, secretId))) }
    } catch {
      this.options.logger.error('a key does not open with this master key and is not in force', { secretId })
      return undefined
    }
  }
}
