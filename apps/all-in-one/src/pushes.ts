import { createPushTransport } from '@parley/api'
import { applicationId, type Clock, type PushRoute } from '@parley/core'
import { createPinnedPost } from '@parley/providers'
import type { Config } from '@parley/runtime'
import type { Store } from '@parley/store'
import type { House } from './engine-settings.ts'

/** Which events go to which receiver. */
export function pushRoutesOf({ webhooks }: House): readonly PushRoute[] {
  return webhooks.map(({ name, sdkAppId, events, retryDelaysMs, timeoutMs }) => ({
    name,
    applicationId: applicationId(sdkAppId),
    events,
    retryDelaysMs,
    timeoutMs,
  }))
}

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
export function deliverPushes(delivery: PushDelivery): Promise<void> {
  const { house, config, store, clock, urlSigningKey, httpPort, signal } = delivery
  const { PARLEY_PUBLIC_URL: publicUrl, PARLEY_ALLOW_PRIVATE_URLS: allowPrivate } = config.settings
  const host = config.advertisedHost.includes(':') ? `[${config.advertisedHost}]` : config.advertisedHost
  const transport = createPushTransport({
    receivers: house.webhooks,
    records: store.records,
    clock,
    urlSigningKey,
    origin: publicUrl || `http://${host}:${httpPort}`,
    post: createPinnedPost({ clock, allowPrivate }),
  })
  return store.deliverPushes({ routes: pushRoutesOf(house), transport, signal })
}
