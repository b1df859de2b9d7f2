import { createPushTransport } from '@parley/api'
import { applicationId, type Clock, type PushRoute } from '@parley/core'
import { createPinnedPost } from '@parley/providers'
import type { Config } from '@parley/runtime'
import { campaignWebhook, type Store } from '@parley/store'
import type { House } from './engine-settings.ts'

/** Which events go to which receiver. */
export function pushRoutesOf(house: House): readonly PushRoute[] {
  const webhooks = house.webhooks.map(({ name, sdkAppId, events, retryDelaysMs, timeoutMs }) => ({
    name,
    applicationId: applicationId(sdkAppId),
    events,
    retryDelaysMs,
    timeoutMs,
  }))
  return [...webhooks, ...callbackRoutesOf(house)]
}

/** Wait before the repetitions of a campaign's callback, as of the public API's own pushes. */
const callbackRetryDelaysMs = [5_000, 60_000, 600_000]
/** Two requests, where a token is fetched first. */
const callbackTimeoutMs = 10_000

/** The callbacks of each application's campaigns; where they go is said by the campaign. */
const callbackRoutesOf = ({ applications }: House): readonly PushRoute[] =>
  applications.map(({ applicationId: id }) => ({
    name: campaignWebhook(id),
    applicationId: id,
    events: [],
    retryDelaysMs: callbackRetryDelaysMs,
    timeoutMs: callbackTimeoutMs,
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
export function deliverPushes(delivery: PushDelivery): Promise<void> {
  const { house, config, store, clock, urlSigningKey, httpPort, signal } = delivery
  const { PARLEY_PUBLIC_URL: publicUrl, PARLEY_ALLOW_PRIVATE_URLS: allowPrivate } = config.settings
  const host = config.advertisedHost.includes(':') ? `[${config.advertisedHost}]` : config.advertisedHost
  const transport = createPushTransport({
    receivers: house.webhooks,
    records: store.records,
    callbacks: store.callbacks,
    clock,
    urlSigningKey,
    origin: publicUrl || `http://${host}:${httpPort}`,
    post: createPinnedPost({ clock, allowPrivate }),
  })
  return store.deliverPushes({ routes: pushRoutesOf(house), transport, signal })
}
