import { createPushTransport } from '@parley/api'
import { applicationId, type Clock } from '@parley/core'
import { createPinnedPost } from '@parley/providers'
import type { Config } from '@parley/runtime'
import type { DeclaredWebhook, Store } from '@parley/store'
import type { House } from './engine-settings.ts'
import { LiveReceivers } from './live-receivers.ts'

/** The receivers of the configuration as the database has them: without secrets. */
export const declaredWebhooks = ({ webhooks }: House): readonly DeclaredWebhook[] =>
  webhooks.map((webhook) => ({
    name: webhook.name,
    applicationId: applicationId(webhook.sdkAppId),
    url: webhook.url,
    format: webhook.format,
    events: webhook.events,
    timeoutMs: webhook.timeoutMs,
    ...(webhook.format === 'ccc' && webhook.auth.kind === 'basic' && { username: webhook.auth.username }),
  }))

export interface PushDelivery {
  readonly house: House
  readonly config: Config
  readonly store: Store
  readonly clock: Clock
  readonly urlSigningKey: Uint8Array
  /** Of the API of this process, for addresses of recordings where no public one is set. */
  readonly httpPort: number
  readonly signal: AbortSignal
}

/** Sends pushes until `signal` aborts and what is under way is settled. Never rejects. */
export async function deliverPushes(delivery: PushDelivery): Promise<void> {
  const { house, config, store, clock, urlSigningKey, httpPort, signal } = delivery
  const { PARLEY_PUBLIC_URL: publicUrl } = config.settings
  const host = config.advertisedHost.includes(':') ? `[${config.advertisedHost}]` : config.advertisedHost
  const receivers = new LiveReceivers(house, store.webhooks)
  const transport = createPushTransport({
    receiverOf: (name) => receivers.receiverOf(name),
    records: store.records,
    callbacks: store.callbacks,
    clock,
    urlSigningKey,
    origin: publicUrl || `http://${host}:${httpPort}`,
    post: createPinnedPost({ clock, allowPrivate: config.allowPrivateUrls }),
  })
  await Promise.all([
    store.keys.follow(() => receivers.refresh(), signal),
    store.deliverPushes({ routes: () => receivers.routes, transport, signal }),
  ])
}
