import type { ApplicationId, CallId } from './ids.ts'

/** What receivers of pushes can be told. `call.analysed`: the model has answered about a call that is over, or never will. */
export type PushEvent = 'call.answered' | 'call.ended' | 'recording.ready' | 'call.analysed'

/** Which events of which application go to a receiver, and how often they are tried. */
export interface PushRoute {
  /** Unique in an installation. */
  readonly name: string
  readonly applicationId: ApplicationId
  readonly events: readonly PushEvent[]
  /** Wait before the second, third, ... try. After the last one the push is dead. */
  readonly retryDelaysMs: readonly number[]
  /** Longest time of one try. */
  readonly timeoutMs: number
  /** Of the stored settings behind it: who knows older ones takes no push. Undefined: they are not stored. */
  readonly version?: number
}

/** A trigger of a campaign matched a call; the number is its index. */
type CampaignMatch = `campaign.matched.${number}`

/** One push whose time has come. */
export type DuePush = CallPush | CampaignPush | TestPush

export interface CallPush extends PushFacts {
  readonly callId: CallId
  readonly event: PushEvent
}

/** To an address that the campaign itself names. */
export interface CampaignPush extends PushFacts {
  readonly callId: CallId
  readonly event: CampaignMatch
}

/** Asked for by people who want to see whether a receiver is told. Tried once. */
export interface TestPush extends PushFacts {
  readonly event: 'webhook.test'
}

interface PushFacts {
  /** UUID; the same at every try. Receivers know repetitions by it. */
  readonly id: string
  readonly webhook: string
  readonly applicationId: ApplicationId
  /** When the event happened, Unix ms. */
  readonly occurredAtMs: number
  /** From 1. */
  readonly tryNumber: number
}

/** `final`: further tries are of no use. `status`: of the answer. `reason` holds no personal data and no address. */
export type PushResult =
  | { readonly kind: 'delivered'; readonly status?: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly status?: number; readonly final?: boolean }

/** Carries one push to its receiver. Never rejects but with the signal's reason. */
export interface PushTransport {
  deliver(push: DuePush, signal: AbortSignal): Promise<PushResult>
}

/** A push that is not tried any more. Instants are Unix ms. */
export interface DeadPush extends Omit<PushFacts, 'tryNumber'> {
  readonly event: DuePush['event']
  /** Absent: a test. */
  readonly callId?: CallId
  readonly tries: number
  readonly reason: string
  readonly diedAtMs: number
}

/** What operators do with pushes that failed. Never crosses applications. */
export interface PushOutbox {
  /** The latest first. */
  dead(applicationIds: readonly ApplicationId[], limit: number): Promise<readonly DeadPush[]>
  /**
   * Makes dead pushes of a receiver due again with all their tries: those of `ids`, or all. How many;
   * undefined when these applications have no such receiver.
   */
  replay(
    webhook: string,
    applicationIds: readonly ApplicationId[],
    ids?: readonly string[],
  ): Promise<number | undefined>
}

export interface HttpPostRequest {
  /** `http` or `https`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number
  /** Beginning of the answer that is wanted. 0: the status is enough. */
  readonly answerBytes: number
}

/** `reason`: a constant word for what went wrong before there was an answer. */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: 'private address' | 'name not found' | 'timeout' | 'no connection' }

/** Sends one request to where somebody else's configuration points. Rejects only with the signal's reason. */
export type HttpPost = (request: HttpPostRequest, signal: AbortSignal) => Promise<HttpAnswer>
