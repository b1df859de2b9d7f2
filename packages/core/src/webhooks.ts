import type { Secret } from './assistant.ts'
import type { ApplicationId, CallId } from './ids.ts'
import type { Change, ExpectedVersion } from './management.ts'
import type { DuePush, PushEvent, PushRoute } from './pushes.ts'

/** `standard`: Standard Webhooks. `ccc`: the data push of the public API. */
export type WebhookFormat = 'standard' | 'ccc'

/** What receivers of the format `standard` can be told. */
export const standardEvents = ['call.answered', 'call.ended', 'recording.ready', 'call.analysed'] as const

/** Actions of the data push, and the events behind them. */
export const cccActions = { cdr: 'call.ended', record: 'recording.ready' } as const

/**
 * Waits before the repetitions of a push. `standard`: about 16 hours in all; the data push of the public API is repeated
 * three times at most.
 * @see Standard Webhooks, "Deliverability and reliability"
 */
export const webhookRetryDelaysMs: Readonly<Record<WebhookFormat, readonly number[]>> = {
  standard: [5_000, 30_000, 120_000, 600_000, 3_600_000, 18_000_000, 36_000_000],
  ccc: [5_000, 60_000, 600_000],
}

/** Longest time of one try, and what it is unless told otherwise. */
export const webhookTimeoutMs = { min: 1_000, max: 30_000, default: 10_000 } as const

/** An http or https address without user, password and fragment. */
export function isWebhookAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
}

/** A user name of HTTP Basic. */
export const basicUsernameForm = /^[^:]+$/

/** What somebody says who wants to be told of calls. */
export interface WebhookSettings {
  /** For people; need not be unique. */
  readonly name: string
  readonly url: string
  readonly format: WebhookFormat
  readonly events: readonly PushEvent[]
  readonly timeoutMs: number
  /** Of HTTP Basic; `ccc` only. Absent: nothing is sent. */
  readonly username?: string
}

/** A webhook without its secrets. Instants are Unix ms. */
export interface Webhook extends WebhookSettings {
  /** Unique in an installation; of a declared one its name there. */
  readonly id: string
  readonly applicationId: ApplicationId
  readonly declared: boolean
  readonly enabled: boolean
  readonly version: number
  readonly createdAtMs: number
  /** Until then pushes are signed with the secret before the last rotation too. */
  readonly oldSecretUntilMs?: number
}

/** `secret`: of the format `standard`, `whsec_` and base64; nobody is shown it again. */
export interface NewWebhook {
  readonly webhook: Webhook
  readonly secret?: Secret
}

/** Where pushes of a webhook that was made by the API go, and with which secrets. */
export interface WebhookTarget {
  readonly url: string
  readonly format: WebhookFormat
  /** `standard`: every one signs, the newest first. */
  readonly secrets: readonly Secret[]
  /** `ccc` only. */
  readonly basic?: { readonly username: string; readonly password: Secret }
}

/** A receiver of this moment. Absent `target`: each push says itself where it goes (callbacks of campaigns). */
export interface ActingWebhook {
  readonly route: PushRoute
  readonly target?: WebhookTarget
}

/** How a push stands and how its last try went. Instants are Unix ms. */
export interface Delivery {
  readonly id: string
  readonly event: DuePush['event']
  /** Absent: a test. */
  readonly callId?: CallId
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly tries: number
  readonly occurredAtMs: number
  /** Of the last try. */
  readonly triedAtMs?: number
  /** HTTP status of the last try that was answered. */
  readonly status?: number
  /** Why the last try failed. */
  readonly reason?: string
  /** Of the next try. */
  readonly dueAtMs?: number
}

/** The place after a delivery in the order of `deliveries`. */
export type DeliveryPlace = Pick<Delivery, 'id' | 'occurredAtMs'>

/** `full`: the application has as many as it may have. */
export type WebhookChange<Value> = Change<Value> | { readonly kind: 'full' }

/** Webhooks of applications: those of the configuration, shown, and those made by the API. Another application's is missing. */
export interface WebhookBook {
  /** By id, those after `afterId`. */
  list(owner: ApplicationId, afterId: string, limit: number): Promise<readonly Webhook[]>
  find(owners: readonly ApplicationId[], id: string): Promise<Webhook | undefined>
  create(owner: ApplicationId, settings: WebhookSettings, password?: Secret): Promise<WebhookChange<NewWebhook>>
  /** `password`: absent, it stays. */
  change(
    owners: readonly ApplicationId[],
    id: string,
    version: ExpectedVersion,
    to: Partial<Omit<WebhookSettings, 'format'>>,
    password?: Secret,
  ): Promise<Change<Webhook>>
  /** One that is switched off is told nothing; what waits for it is dead, and may be replayed. */
  enable(owners: readonly ApplicationId[], id: string, enabled: boolean): Promise<Change<Webhook>>
  /** A new secret; the one before signs too for `graceMs`. For the format `standard` only. */
  rotate(owners: readonly ApplicationId[], id: string, graceMs: number): Promise<Change<NewWebhook>>
  /** What waits for it is dead. */
  remove(owners: readonly ApplicationId[], id: string): Promise<Change<undefined>>
  /** Puts one `webhook.test` into the outbox; its id. Undefined: there is no such webhook, or it is switched off. */
  test(owners: readonly ApplicationId[], id: string): Promise<string | undefined>
  /** The latest first, after `after`. */
  deliveries(id: string, after: DeliveryPlace | undefined, limit: number): Promise<readonly Delivery[]>
  /** Every receiver that is not in the configuration. One whose secrets do not open is left out and logged. */
  acting(): Promise<readonly ActingWebhook[]>
}
