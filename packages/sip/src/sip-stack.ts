import type { LegEvent } from '@parley/core'
import type { TrunkGateway } from './trunk-config.ts'

/** An INVITE to one gateway. */
export interface OutgoingInvite {
  readonly gateway: TrunkGateway
  /** User parts, already in the trunk's format. */
  readonly callee: string
  readonly caller: string
  readonly fromDomain: string
  readonly credentials?: SipCredentials
  readonly sdp: string
}

export interface SipCredentials {
  readonly username: string
  readonly password: string
  readonly realm?: string
}

/** What a call tells its owner. `trying`: the gateway took the request (any 1xx). */
export type SipCallEvent = LegEvent | { readonly type: 'trying' }
export type SipCallListener = (event: SipCallEvent) => void

/** A call of either direction. All methods are idempotent and return at once. */
export interface SipCall {
  /** CANCEL, BYE or a final response, whichever the state needs. A terminal event follows. */
  hangup(reason?: string): void
  reanswer(id: number, sdp: string): void
  refuse(id: number, status: number): void
}

/** An INVITE that came in; 100 was sent. */
export interface IncomingSipCall extends SipCall {
  /** Address literal. */
  readonly source: string
  /** Called number: user of the Request-URI, then of To. */
  readonly calledUsers: readonly string[]
  readonly caller: string
  readonly sdp?: string
  /** From here on events are delivered. `credentials` answer challenges of our requests in the dialog. */
  listen(listener: SipCallListener, credentials?: SipCredentials): void
  ring(): void
  answer(sdp: string): void
  reject(status: number, reason: string): void
}

/** What the stack asks of its owner. */
export interface SipStackOwner {
  /** Requests of unknown sources that belong to no dialog are dropped without an answer. */
  knowsSource(address: string): boolean
  isDraining(): boolean
  onInvite(call: IncomingSipCall): void
}

export interface RegistrationRequest {
  readonly gateways: readonly TrunkGateway[]
  readonly domain: string
  readonly credentials: SipCredentials
  readonly expiresS: number
}

/** Counts since start, but for `live`. */
export interface SipStackCounters {
  readonly received: number
  /** Not SIP, or broken beyond repair. */
  readonly malformed: number
  /** Well-formed, but of nobody we know, or an answer to nothing. */
  readonly dropped: number
  /** Calls and dialogs that are remembered right now. */
  readonly live: number
}

/** A SIP implementation. Disposing says goodbye to every call, bounded in time, and releases sockets and timers. */
export interface SipStack extends AsyncDisposable {
  readonly counters: SipStackCounters
  portOf(transport: 'udp' | 'tcp'): number | undefined
  invite(request: OutgoingInvite, listener: SipCallListener): SipCall
  /** Keeps a registration up until the stack is disposed. */
  register(request: RegistrationRequest): void
}
