import { applicationId, type PushEvent, type Webhook, type WebhookFormat, webhookTimeoutMs } from '@parley/core'
import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'

export type WebhookRow = Selectable<Tables['webhooks']>

/** What the secret of a webhook is sealed for: a row copied to another webhook or application does not open. */
export const webhookContext = (owner: number, id: string): string => `webhook ${owner} ${id}`

/** What a webhook says. Rows of before there were settings have the defaults. */
export const settingsOf = ({
  settings,
}: Pick<WebhookRow, 'settings'>): { url: string; format: WebhookFormat; timeoutMs: number; username?: string } => ({
  ...settings,
  url: settings.url ?? '',
  format: settings.format ?? 'standard',
  timeoutMs: settings.timeoutMs ?? webhookTimeoutMs.default,
})

/** A row as people may see it. */
export const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.name,
  applicationId: applicationId(row.application_id),
  name: row.title,
  declared: row.origin === 'file',
  enabled: row.enabled,
  events: row.events as readonly PushEvent[],
  version: row.version,
  createdAtMs: row.created_at.getTime(),
  ...settingsOf(row),
  ...(row.before_until && row.sealed_before && { oldSecretUntilMs: row.before_until.getTime() }),
})
