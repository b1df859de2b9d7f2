import {
  type ActingWebhook,
  applicationId,
  type Logger,
  type PushRoute,
  Secret,
  type WebhookTarget,
  webhookRetryDelaysMs,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { settingsOf, type WebhookRow, webhookContext } from './webhook-rows.ts'

/** Two requests, where a token is fetched first. */
const callbackTimeoutMs = 10_000

/** Receivers in force that are not the configuration's: those made by the API, and callbacks of campaigns. */
export async function actingWebhooks(db: Database, box: SecretBox, logger: Logger): Promise<readonly ActingWebhook[]> {
  const rows = await guarded(() =>
    db
      .selectFrom('webhooks')
      .selectAll()
      // The database's clock alone says when an old secret is over.
      .select(sql<boolean>`coalesce(before_until > clock_timestamp(), false)`.as('signs_twice'))
      .where('origin', '<>', 'file')
      .where('enabled', '=', true)
      .orderBy('name')
      .execute(),
  )
  return rows.flatMap((row) => {
    if (row.origin === 'campaigns') return [{ route: routeOf(row, 'ccc', callbackTimeoutMs) }]
    const { format, timeoutMs } = settingsOf(row)
    try {
      return [{ route: routeOf(row, format, timeoutMs), target: targetOf(row, row.signs_twice, box) }]
    } catch {
      logger.error('a webhook does not open with this master key and is not served', { webhook: row.name })
      return []
    }
  })
}

const routeOf = (row: WebhookRow, retriedAs: 'standard' | 'ccc', timeoutMs: number): PushRoute => ({
  name: row.name,
  applicationId: applicationId(row.application_id),
  events: row.events,
  retryDelaysMs: webhookRetryDelaysMs[retriedAs],
  timeoutMs,
  version: row.version,
})

function targetOf(row: WebhookRow, signsTwice: boolean, box: SecretBox): WebhookTarget {
  const { url, format, username } = settingsOf(row)
  const open = (sealed: Buffer | null) =>
    sealed ? [new Secret(box.open(sealed, webhookContext(row.application_id, row.name)))] : []
  const openOld = () => {
    try {
      return open(row.sealed_before)
    } catch {
      // Of before the master key was changed: the new secret does without.
      return []
    }
  }
  const secrets = [...open(row.sealed), ...(signsTwice ? openOld() : [])]
  const [password] = secrets
  if (format === 'standard') return { url, format, secrets }
  return { url, format, secrets: [], ...(username && password && { basic: { username, password } }) }
}
