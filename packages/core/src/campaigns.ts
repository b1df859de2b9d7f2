import type { CallTag } from './after-call.ts'
import type { ApplicationId, CallId } from './ids.ts'

/**
 * `initial`: its time has not come. `ending`: stopped or expired, calls are still in progress. `ended`: stopped or expired.
 * `finished`: every callee has been dealt with.
 */
export type CampaignState = 'initial' | 'running' | 'finished' | 'ending' | 'ended' | 'paused'

/** `retrying`: was called without success and will be called again. */
export type CalleeState = 'initial' | 'answered' | 'unanswered' | 'calling' | 'retrying'

/** Why a campaign is paused or over without having finished. */
export type CampaignReason = 'request' | 'expired' | 'answersCollapsed' | 'noNumber' | 'noAgent'

/** Part of a day, in seconds since midnight of the zone's clock. `toS` at or before `fromS`: it ends the next day. */
export interface DayRange {
  readonly fromS: number
  readonly toS: number
}

/** `custom`: on these days of the week, 0 is Sunday. */
export type DayRule =
  | { readonly kind: 'everyDay' | 'businessDay' | 'holiday' }
  | { readonly kind: 'custom'; readonly weekdays: readonly number[] }

/** When callees may be called. A range belongs to the day it begins on. */
export interface CallingWindow {
  /** IANA name. */
  readonly timeZone: string
  readonly parts: readonly { readonly days: DayRule; readonly ranges: readonly DayRange[] }[]
}

/** Days that are not what their day of the week says, as `2026-01-31`. */
export interface Calendar {
  readonly holidays: ReadonlySet<string>
  /** Days at the weekend that are worked on. */
  readonly workingDays: ReadonlySet<string>
}

/** What holds for all callees of a campaign. */
export interface CampaignPlan {
  readonly callers: readonly string[]
  readonly ringMs?: number
  readonly variables: Readonly<Record<string, string>>
  readonly uui?: string
  /** Attempts at one callee in all. */
  readonly tries: number
  readonly retryIntervalMs: number
  /** End statuses (of the public API) after which a callee is called again; empty: any that another try may mend. */
  readonly retryStatuses: readonly number[]
  /** Results after which a callee who answered is called again. */
  readonly retryTags: readonly CallTag[]
  /** Undefined: at any time. */
  readonly window?: CallingWindow
  /** Calls at a time. Undefined: as many as the trunks carry. */
  readonly concurrencyLimit?: number
}

export interface CampaignCallee {
  readonly callee: string
  /** Win over those of the campaign. */
  readonly variables?: Readonly<Record<string, string>>
  readonly uui?: string
}

/** What a callback's request is authorised by. Secrets are sealed in the database. */
export type CallbackAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic' | 'bearer'; readonly token: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'oauth2'; readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: string }

/** A request to make when a call of a campaign ended in a certain way. */
export interface CampaignTrigger {
  /** Either of these; with neither, every call that is over. */
  readonly statuses: readonly number[]
  readonly tags: readonly CallTag[]
  /** Only the first match of each callee. */
  readonly oncePerNumber: boolean
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Members of the body. */
  readonly params: Readonly<Record<string, unknown>>
  /** Members the JSON answer must have. */
  readonly returns: readonly string[]
  readonly auth: CallbackAuth
}

export interface NewCampaign {
  readonly applicationId: ApplicationId
  readonly name: string
  readonly description: string
  readonly agentId: number
  /** Unix ms. */
  readonly notBeforeMs: number
  readonly notAfterMs?: number
  readonly plan: CampaignPlan
  /** In the order of calling. Of equal numbers the first counts. */
  readonly callees: readonly CampaignCallee[]
  readonly triggers: readonly CampaignTrigger[]
}

/** A campaign without its callees. */
export interface Campaign extends Omit<NewCampaign, 'callees' | 'triggers'> {
  readonly campaignId: number
  readonly state: CampaignState
  readonly reason?: CampaignReason
  readonly calleeCount: number
}

export interface CalleeProgress {
  /** From 0, in the order of calling. */
  readonly position: number
  readonly callee: string
  readonly state: CalleeState
  /** Attempts that are over. */
  readonly tries: number
  /** End status of the last of them. */
  readonly lastStatus?: number
  /** The calls made to him, oldest first. */
  readonly callIds: readonly CallId[]
}

/** Counted callees, by state. `failed`: those without success, by the status of their last attempt. */
export interface CampaignProgress {
  readonly total: number
  readonly waiting: number
  readonly running: number
  readonly answered: number
  readonly retrying: number
  readonly unanswered: number
  readonly failed: Readonly<Record<string, number>>
  /** Calls that are over, and how many of them were answered. */
  readonly attempts: number
  readonly answeredAttempts: number
}

export type CampaignCommand = 'pause' | 'resume' | 'stop'

/** What users do with campaigns. Never crosses applications: a foreign campaign is `undefined`. @throws VoiceError STORE_FAILED */
export interface Campaigns {
  /** The new campaign's number, unique within its application. */
  create(campaign: NewCampaign): Promise<number>
  find(applicationId: ApplicationId, campaignId: number): Promise<Campaign | undefined>
  /** Newest first. `beforeId`: only those made before that one. */
  list(
    applicationId: ApplicationId,
    page: { readonly limit: number; readonly offset: number; readonly beforeId?: number },
  ): Promise<{ readonly total: number; readonly campaigns: readonly Campaign[] }>
  /** By position, from `fromPosition`. */
  callees(
    applicationId: ApplicationId,
    campaignId: number,
    page: { readonly limit: number; readonly fromPosition: number },
  ): Promise<readonly CalleeProgress[]>
  progress(applicationId: ApplicationId, campaignId: number): Promise<CampaignProgress | undefined>
  command(
    applicationId: ApplicationId,
    campaignId: number,
    command: CampaignCommand,
  ): Promise<'done' | 'wrongState' | undefined>
}

/** One callee whose turn has come; this process has to make the call of this id, and nobody else will. */
export interface CampaignAttempt {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly campaignId: number
  readonly agentId: number
  readonly callee: string
  readonly plan: CampaignPlan
  /** Of the callee and the campaign, merged. */
  readonly variables: Readonly<Record<string, string>>
  readonly uui?: string
}

/** What a callback is written from. */
export interface CampaignCallback {
  readonly trigger: CampaignTrigger
  readonly campaignId: number
  readonly callee: string
  /** End status of the public API. */
  readonly status: number
  readonly tags: readonly CallTag[]
  readonly variables: Readonly<Record<string, string>>
  readonly uui?: string
}

/** Looks up what the outbox is to send. Never crosses applications. */
export interface CampaignCallbacks {
  /** `trigger`: its index. @throws VoiceError STORE_FAILED; CONFIG_INVALID when its secrets do not open */
  find(applicationId: ApplicationId, callId: CallId, trigger: number): Promise<CampaignCallback | undefined>
}

/** What came of placing an attempt. */
export type CampaignPlacement =
  | { readonly kind: 'taken' }
  /** No line was free: the callee's turn comes again, no try is used up. */
  | { readonly kind: 'noCapacity' }
  /** A rule forbids the call until then (Unix ms). */
  | { readonly kind: 'later'; readonly atMs: number }
  /** A rule forbids the call for good. */
  | { readonly kind: 'barred'; readonly status: number }
  /** No call of this campaign can be made: it is paused. */
  | { readonly kind: 'halt'; readonly reason: Extract<CampaignReason, 'noNumber' | 'noAgent'> }
