import type { UnansweredReason } from './call.ts'
import type { LegId } from './ids.ts'

export interface DialRequest {
  readonly leg: LegId
  /** Name of the trunk; the gateway knows its addresses, credentials and number rules. */
  readonly trunk: string
  readonly caller: string
  readonly callee: string
  readonly sdp: string
}

/** Terminal: `rejected`, `failed`, `bye`. After one of them the iteration ends. */
export type LegEvent =
  | { readonly type: 'ringing'; readonly status: number; readonly sdp?: string }
  /** Also on an incoming leg or after `reoffer` when the offer was ours: the peer's answer, which came with its ACK. */
  | { readonly type: 'answered'; readonly sdp: string }
  /** `meaning`: what its trunk says that this answer means; absent: what it means everywhere. */
  | {
      readonly type: 'rejected'
      readonly status: number
      readonly reason: string
      readonly q850?: number
      readonly meaning?: UnansweredReason
    }
  | { readonly type: 'failed'; readonly cause: 'timeout' | 'transport' | 'auth' | 'protocol'; readonly detail: string }
  | { readonly type: 'bye'; readonly q850?: number }
  /** The peer sent a re-INVITE or UPDATE. Answer with `reanswer` or `refuse`. `sdp` absent: the peer wants our offer. */
  | { readonly type: 'reoffer'; readonly id: number; readonly sdp?: string }
  | { readonly type: 'dtmf'; readonly key: string }
  /** What became of our `reoffer`. */
  | { readonly type: 'reoffer.answered'; readonly id: number; readonly sdp: string }
  | { readonly type: 'reoffer.refused'; readonly id: number; readonly status: number }
  /** What the peer tells of our `refer` or `refer.into`: a provisional (1xx) or the final status of its call to the target. */
  | { readonly type: 'transfer'; readonly status: number }

export type LegCommand =
  /** Ends the leg whatever its state: CANCEL, BYE, or a final response to a pending incoming INVITE. Idempotent. */
  | { readonly type: 'hangup'; readonly reason?: string }
  | { readonly type: 'reanswer'; readonly id: number; readonly sdp: string }
  | { readonly type: 'refuse'; readonly id: number; readonly status: number }
  /** Changes the session by our offer, e.g. to hold the peer. `id` is chosen by the caller and comes back. */
  | { readonly type: 'reoffer'; readonly id: number; readonly sdp: string }
  /** Asks the peer to call `uri` in our place (blind transfer). */
  | { readonly type: 'refer'; readonly uri: string }
  /** Asks the peer to take our place in another answered leg (attended transfer); 481 when that has no peer to name. */
  | { readonly type: 'refer.into'; readonly leg: LegId }
  /** A key by signalling, where RTP cannot carry it. */
  | { readonly type: 'dtmf'; readonly key: string; readonly durationMs: number }

export interface IncomingInvite {
  readonly leg: LegId
  readonly trunk: string
  readonly caller: string
  readonly callee: string
  /** Absent for an offerless INVITE. */
  readonly sdp?: string
  /** Headers that the trunk hands on, by the names its settings give them. Written by the other side: not to be trusted. */
  readonly variables?: Readonly<Record<string, string>>
}

export type InviteDecision =
  | { readonly kind: 'answer'; readonly sdp: string }
  | { readonly kind: 'reject'; readonly status: number; readonly reason: string }

/** A message of a leg's signalling as people may read it: credentials, and by policy numbers, are masked. */
export interface SignallingMessage {
  readonly wallMs: number
  /** By us. */
  readonly sent: boolean
  /** `udp:192.0.2.1:5060` */
  readonly peer: string
  readonly text: string
}

/** Signalling, for whoever owns the call. Errors of the far end are events, not exceptions. */
export interface Signalling extends AsyncDisposable {
  /** Sends an INVITE. Aborting equals `hangup`; the iteration still runs to its terminal event. */
  dial(request: DialRequest, signal: AbortSignal): AsyncIterable<LegEvent>
  /** Events of an incoming leg after it was offered, e.g. `bye` (also a CANCEL) and `reoffer`. */
  events(leg: LegId): AsyncIterable<LegEvent>
  /** Unknown or finished legs are ignored. */
  command(leg: LegId, command: LegCommand): Promise<void>
  /**
   * The messages of a leg, finished ones included, since it was last asked for them. `isLast`: it will not be asked again.
   * Absent: this signalling keeps none.
   */
  takeMessages?(leg: LegId, isLast: boolean): readonly SignallingMessage[]
}

/** Called for each INVITE that passed the gateway's checks. 100 and 180 are sent by the gateway. */
export type InviteHandler = (invite: IncomingInvite, signal: AbortSignal) => Promise<InviteDecision>
