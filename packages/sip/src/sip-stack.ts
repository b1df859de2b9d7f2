import type { LegEvent } from '@parley/core'
import type { PhoneAccount } from './phones/phone-account.ts'
import type { PhoneBook } from './phones/phone-book.ts'
import type { SipTransportName, TrunkGateway } from './trunk-config.ts'
import type { TrunkProfile } from './trunk-profile.ts'

/** Where a request goes: one resolved target of a gateway. */
export interface SipHop {
  readonly transport: SipTransportName
  /** Address literal, or a name that the operating system resolves. */
  readonly host: string
  readonly port: number
  /** Name that a TLS certificate is checked against. Default: `host`. */
  readonly serverName?: string
  /** Of the trunk on whose behalf this goes; without one the defaults of the stack apply. */
  readonly profile?: TrunkProfile
}

/**
 * Keep-alive of calls. `off`: not offered, and kept only for a caller that requires it; `accept`: when the peer wants it;
 * `request`: always asked for; `require`: asked for, and callees without it refuse the call.
 * @see RFC 4028
 */
export interface SessionTimerPolicy {
  readonly mode: 'off' | 'accept' | 'request' | 'require'
  /** Interval to ask for, in seconds. */
  readonly expiresS: number
  /** Shortest interval to agree to, in seconds; at least 90. */
  readonly minS: number
}

/** Which redirections (3xx with Contact) of an INVITE are followed. */
export interface RedirectPolicy {
  /** Hosts that may be called instead, as they stand in a Contact. No patterns: a redirection costs money. */
  readonly allowedHosts: readonly string[]
  /** INVITEs sent on, all in all. Default 5. */
  readonly max?: number
}

/** Settings of an incoming call. */
export interface IncomingCallSettings {
  /** Of the trunk the call belongs to. */
  readonly profile?: TrunkProfile
  /** Ring reliably whenever the caller supports it. Default: only when it requires it. @see RFC 3262 */
  readonly reliable?: boolean
  /** Default: `accept`, 1,800 s, 90 s. */
  readonly sessionTimer?: SessionTimerPolicy
}

/** An INVITE to one target, as it will stand on the wire. */
export interface OutgoingInvite {
  readonly hop: SipHop
  readonly requestUri: string
  /** `name-addr` without a tag. */
  readonly from: string
  readonly to: string
  /** User part of our Contact. */
  readonly contactUser: string
  /** Further headers of the trunk: identity, privacy, tokens. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly credentials?: SipCredentials
  readonly sdp: string
  /** Default: `accept`, 1,800 s, 90 s. */
  readonly sessionTimer?: SessionTimerPolicy
  /** Provisional responses that are repeated until acknowledged. Default: `supported`. @see RFC 3262 */
  readonly reliable?: 'off' | 'supported' | 'required'
  /** Undefined: a redirection is a refusal with its status. */
  readonly redirects?: RedirectPolicy
}

/** An account that a caller may prove. */
export interface InboundAccount {
  readonly username: string
  readonly password: string
  /** The only algorithm to offer. Default: SHA-256, then MD5. */
  readonly algorithm?: 'SHA-256' | 'MD5'
}

export interface SipCredentials {
  readonly username: string
  readonly password: string
  readonly realm?: string
}

/** What a call tells its owner. `trying`: the gateway took the request (any 1xx). */
export type SipCallEvent =
  | LegEvent
  | { readonly type: 'trying' }
  /** `retryAfterS`: when the gateway wants to be asked again. */
  | (Extract<LegEvent, { readonly type: 'rejected' }> & { readonly retryAfterS?: number })
export type SipCallListener = (event: SipCallEvent) => void

/** A call of either direction. All methods are idempotent and return at once. */
export interface SipCall {
  /** Value of the Call-ID header. */
  readonly sipCallId: string
  /** CANCEL, BYE or a final response, whichever the state needs. A terminal event follows. */
  hangup(reason?: string): void
  reanswer(id: number, sdp: string): void
  refuse(id: number, status: number): void
  /** Our change of the session, by re-INVITE: `reoffer.answered` or `reoffer.refused` follows. */
  reoffer(id: number, sdp: string): void
  /** Asks the peer to call `target`, a `sip:`, `sips:` or `tel:` URI, in our place: `transfer` events follow. @see RFC 3515 */
  refer(target: string): void
  /** What `refer` of another call may name so that its peer takes our place in this one. Undefined: not answered, or over. */
  replacesTarget(): string | undefined
  /** A key by INFO, for peers that take none in RTP. */
  sendKey(key: string, durationMs: number): void
}

/** What the owner of a leg may ask of it; over several gateways it is several calls. */
export type LegCall = Omit<SipCall, 'sipCallId'>

/** An INVITE that came in; 100 was sent. */
export interface IncomingSipCall extends SipCall {
  /** Address literal. */
  readonly source: string
  /** How it came. Undefined: not known, which counts as unprotected. */
  readonly transport?: SipTransportName
  /** Who may be meant, likeliest first: users of Request-URI, P-Called-Party-ID and To. */
  readonly calledUsers: readonly string[]
  readonly caller: string
  readonly sdp?: string
  /** User name the caller has proven by digest; absent when `inboundAccounts` asks for none. */
  readonly account?: string
  /** The registered telephone that calls, which has proven it. */
  readonly phone?: PhoneAccount
  /** From here on events are delivered. `credentials` answer challenges of our requests in the dialog. */
  listen(listener: SipCallListener, credentials?: SipCredentials, settings?: IncomingCallSettings): void
  /** 180, or 183 with early media when `sdp` is given. */
  ring(sdp?: string): void
  answer(sdp: string): void
  /** `reason` empty: the usual phrase. `retryAfterS`: when the caller may come back. */
  reject(status: number, reason: string, retryAfterS?: number): void
  /** First value of a header of the INVITE, in any spelling of its name. Absent: the stack cannot tell. */
  header?(name: string): string | undefined
}

/** What the stack asks of its owner. */
export interface SipStackOwner {
  /** Requests of unknown sources that belong to no dialog are dropped without an answer. */
  knowsSource(address: string, transport: SipTransportName): boolean
  isDraining(): boolean
  /** Accounts of which a caller from that source has to prove one by digest; none or absent: callers are not asked. */
  inboundAccounts?(source: string, transport: SipTransportName): readonly InboundAccount[]
  onInvite(call: IncomingSipCall): void
  /** Telephones that register with the embedded stack. Absent: none. */
  readonly phones?: PhoneBook
}

export interface RegistrationRequest {
  readonly gateways: readonly TrunkGateway[]
  /** Their addresses in the order to try them, as it is now. */
  hops(): readonly SipHop[]
  /** Told of each attempt. `failure` absent: the gateway answered. */
  onAttempt(hop: SipHop, failure?: string): void
  readonly domain: string
  /** User of the address that is registered. Default: that of the credentials. */
  readonly account?: string
  readonly credentials: SipCredentials
  readonly expiresS: number
}

/** A registration that is kept up. */
export interface RegistrationHandle {
  /** The registrar has our binding, as far as we know. */
  readonly isRegistered: boolean
  /** Of the last attempt; undefined: it succeeded, or is under way. */
  readonly lastFailure: string | undefined
  /** Takes the binding back and ends. */
  close(): void
}

/** A question by OPTIONS. `host`: of its Request-URI; `fromDomain`: of its From. */
export interface GatewayProbe {
  readonly hop: SipHop
  readonly host: string
  readonly fromDomain: string
  /** Answer challenges. Absent: a challenge is an answer like others. */
  readonly credentials?: SipCredentials
}

/** Counts since start, but for `live`. */
export interface SipStackCounters {
  readonly received: number
  /** Not SIP, or broken beyond repair. */
  readonly malformed: number
  /** Well-formed, but of nobody we know, or an answer to nothing. */
  readonly dropped: number
  /** Well-formed, of somebody we know who has begun more than the share of one source; answered with 503. */
  readonly refused: number
  /** Calls and dialogs that are remembered right now. */
  readonly live: number
}

/** A SIP implementation. Disposing says goodbye to every call, bounded in time, and releases sockets and timers. */
export interface SipStack extends AsyncDisposable {
  readonly counters: SipStackCounters
  portOf(transport: SipTransportName): number | undefined
  invite(request: OutgoingInvite, listener: SipCallListener): SipCall
  /** Keeps a registration up until it is closed or the stack is disposed. */
  register(request: RegistrationRequest): RegistrationHandle
  /** Asks whether a gateway is there. `onAnswer` is called once, within seconds; without a status when nothing came. */
  probe?(probe: GatewayProbe, onAnswer: (status: number | undefined, retryAfterS?: number) => void): void
  /** Sends a few bytes that keep the way to a UDP gateway open. */
  keepAlive?(hop: SipHop): void
}
