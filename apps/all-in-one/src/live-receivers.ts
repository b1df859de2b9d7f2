import type { PushReceiver } from '@parley/api'
import { type ActingWebhook, applicationId, type PushRoute, type WebhookBook, type WebhookTarget } from '@parley/core'
import type { House } from './engine-settings.ts'

/** Receivers of pushes at this moment: those of the configuration, those made by the API, and campaigns. */
export class LiveReceivers {
  private readonly declared: readonly PushRoute[]
  private readonly receivers: ReadonlyMap<string, PushReceiver>
  private readonly book: Pick<WebhookBook, 'acting'>
  private acting: ReadonlyMap<string, ActingWebhook> = new Map()

  constructor({ webhooks }: Pick<House, 'webhooks'>, book: Pick<WebhookBook, 'acting'>) {
    this.declared = webhooks.map(({ name, sdkAppId, events, retryDelaysMs, timeoutMs }) => ({
      ...{ name, events, retryDelaysMs, timeoutMs },
      applicationId: applicationId(sdkAppId),
    }))
    this.receivers = new Map(webhooks.map((webhook) => [webhook.name, declaredReceiver(webhook)]))
    this.book = book
  }

  /** Which events go to which receiver. */
  get routes(): readonly PushRoute[] {
    return [...this.declared, ...[...this.acting.values()].map(({ route }) => route)]
  }

  receiverOf(name: string): PushReceiver | undefined {
    const { route, target } = this.acting.get(name) ?? {}
    return this.receivers.get(name) ?? (route && target && madeReceiver(route, target))
  }

  /** Takes up what was changed. */
  async refresh(): Promise<void> {
    const acting = await this.book.acting()
    this.acting = new Map(acting.map((webhook) => [webhook.route.name, webhook]))
  }
}

function declaredReceiver(webhook: House['webhooks'][number]): PushReceiver {
  const { name, url, timeoutMs } = webhook
  return webhook.format === 'ccc'
    ? { format: 'ccc', name, url, timeoutMs, auth: webhook.auth }
    : { format: 'standard', name, url, timeoutMs, secrets: [webhook.secret] }
}

function madeReceiver({ name, timeoutMs }: PushRoute, { url, format, secrets, basic }: WebhookTarget): PushReceiver {
  return format === 'ccc'
    ? { format, name, url, timeoutMs, auth: basic ? { kind: 'basic', ...basic } : { kind: 'none' } }
    : { format, name, url, timeoutMs, secrets }
}
