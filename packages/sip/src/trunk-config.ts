import type { Secret, TrunkMedia, UnansweredReason } from '@parley/core'
import type { NumberRewrite } from './number-rewrite.ts'
import type { TrunkHeader, TrunkIdentity } from './trunk-identity.ts'

export type SipTransportName = 'udp' | 'tcp' | 'tls'

export interface TrunkGateway {
  /** Address or name. The addresses of a name may call in. */
  readonly host: string
  /** Absent: what DNS says of a name (NAPTR, SRV), else 5060, or 5061 for TLS. */
  readonly port?: number
  /** Absent: what DNS says of a name, else UDP; on a trunk with TLS settings always TLS. */
  readonly transport?: SipTransportName
  /** The lowest is tried first (as in SRV). Default 0: in the order of the list. */
  readonly priority?: number
  /** Share of the calls among gateways of one priority, 0 to 65,535. Default 1; without any, the list decides. */
  readonly weight?: number
}

export interface TrunkAuth {
  /** `register`: like `digest`, and a registration is kept up so that the carrier knows where to call. */
  readonly kind: 'none' | 'digest' | 'register'
  readonly username?: string
  /** User part of From and of the registration when it is not that of the credentials. Default: `username`. */
  readonly account?: string
  /** Configuration gives a `Secret`; plain text is for callers that hold none. */
  readonly password?: Secret | string
  /** Answer challenges of this realm only. Undefined: of any. */
  readonly realm?: string
  /** Asked for in REGISTER, in seconds. Default 300. */
  readonly expiresS?: number
}

/** How a TLS connection is made and who must be at its other end. Files are PEM, read again for each connection. */
export interface TrunkTls {
  /** Name for SNI and for verification. Default: the gateway's host. */
  readonly serverName?: string
  /** Authorities that may have signed the gateway's certificate. Default: those of the system. */
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  /** False: any certificate is taken. Default true. */
  readonly verify?: boolean
  /** `required`: this trunk calls in over TLS alone, by a certificate that `caFile` signed. */
  readonly clientCertificate?: 'required'
  /** Name that certificate must be for. Default: any. */
  readonly clientName?: string
}

/** Which failures of a gateway make the next one take over. */
interface TrunkFailover {
  /** Final responses that speak of the gateway, not of the callee. Default 408, 500, 502, 503, 504. */
  readonly statuses?: readonly number[]
  /** Silence after an INVITE that counts as failure, in ms. Default 4,000. */
  readonly firstResponseMs?: number
}

/** RFC 4028. `off`: not offered, and taken only when the peer insists. `required`: `Require: timer`. */
interface TrunkSessionTimer {
  readonly mode?: 'off' | 'supported' | 'required'
  /** Default 1,800. */
  readonly expiresS?: number
  /** Default 90. */
  readonly minS?: number
}

/** Whether a 3xx is followed. */
interface TrunkRedirects {
  /** Hosts a Contact may name. Empty: a 3xx ends the attempt. */
  readonly allowedHosts: readonly string[]
  /** Redirections one call may take. Default 5. */
  readonly max?: number
}

/** One number that reaches us through a trunk and may be shown as caller. */
export interface TrunkNumber {
  /** In any format. */
  readonly number: string
  readonly maxConcurrent?: number
  readonly maxCps?: number
  /** Name of the assistant that takes calls to it. */
  readonly assistant?: string
}

/** Why an incoming call is turned away. */
export type InboundRefusal = 'unknownNumber' | 'noAssistant' | 'concurrency' | 'rate'

/** Guard rails of incoming calls. Absent limits do not limit. */
interface TrunkInbound {
  readonly maxConcurrent?: number
  readonly maxCps?: number
  /** Calls per second from one source address. */
  readonly maxCpsPerSource?: number
  /** Final response by reason. Default 404, 480, 486 and 503. */
  readonly rejectStatus?: Readonly<Partial<Record<InboundRefusal, number>>>
  /** When a caller may come back that found no room, in seconds. Default 5. */
  readonly retryAfterS?: number
  /** Headers whose text is handed to the assistant: `X-Customer`, `User-to-User`. */
  readonly variables?: readonly string[]
}

/** Our address as the peer of this trunk sees it. */
interface TrunkAdvertised {
  /** In Via and Contact. */
  readonly host?: string
  readonly port?: number
  /** In SDP. */
  readonly mediaHost?: string
}

/** One carrier connection. Limits are enforced by whoever dials. */
export interface TrunkConfig {
  readonly name: string
  /** Whose it is. Undefined: the installation's. */
  readonly owner?: number
  /** The next one is tried when one does not serve. */
  readonly gateways: readonly TrunkGateway[]
  readonly auth: TrunkAuth
  /** Credentials the trunk must show when it calls in. Undefined: its address suffices. */
  readonly inboundAuth?: {
    readonly username: string
    readonly password: Secret | string
    /** The only algorithm to offer. Default: SHA-256, then MD5; callers that take the first unread need MD5 alone. */
    readonly algorithm?: 'SHA-256' | 'MD5'
  }
  /** Requests go to the address of the peer alone, whatever its Contact and routes say: for telephones behind NAT. */
  readonly onlyToSource?: boolean
  /** Numbers that reach us through this trunk. */
  readonly numbers: readonly (string | TrunkNumber)[]
  /** Not enforced here. */
  readonly limits?: Readonly<Record<string, number>>

  readonly tls?: TrunkTls
  /** Where every request is sent instead of to the gateways: `sip:proxy.example.com;transport=tcp`, or a host. */
  readonly outboundProxy?: string
  /** OPTIONS to each gateway this often. Undefined: none. */
  readonly probe?: { readonly everyS: number }
  readonly failover?: TrunkFailover
  /** Two line ends on idle connections and to UDP gateways, this often. Undefined: none. @see RFC 5626 section 4.4.1 */
  readonly keepaliveS?: number
  /** What becomes of a request above 1,300 bytes on UDP. Default `udp`. */
  readonly largeMessages?: 'tcp' | 'udp'
  readonly advertised?: TrunkAdvertised
  /** From INVITE to final answer over all gateways. Default 120,000. */
  readonly setupTimeoutMs?: number

  /** Provisional responses that are acknowledged (100rel, RFC 3262). Default `supported`. */
  readonly reliable?: 'off' | 'supported' | 'required'
  readonly sessionTimer?: TrunkSessionTimer
  readonly redirects?: TrunkRedirects

  /** Put before the callee's number after formatting, e.g. a carrier's tech prefix. */
  readonly prefix?: string
  /** `e164`: `0086...` and `86...` become `+86...`. Default `as-is`. Short for `rewrite.called`. */
  readonly calleeFormat?: 'as-is' | 'e164'
  /** Formats of the numbers we send. */
  readonly rewrite?: {
    readonly called?: NumberRewrite
    readonly from?: NumberRewrite
    /** In P-Asserted-Identity and the other headers of identity. Default: as in From. */
    readonly asserted?: NumberRewrite
  }
  /** Host part of From. Default: the gateway's host. */
  readonly fromDomain?: string
  /** Host part of Request-URI and To. Default: the gateway's host and port. */
  readonly requestDomain?: string
  /** `;user=phone` in URIs that hold a number. */
  readonly userPhone?: boolean
  readonly identity?: TrunkIdentity
  readonly headers?: readonly TrunkHeader[]

  /** How audio is spoken. Not used here, but for the address in SDP. */
  readonly media?: Partial<Omit<TrunkMedia, 'advertisedHost'>> & {
    /** SRTP keys may travel in SIP without TLS. */
    readonly srtpOverClearSip?: boolean
  }

  /** Addresses or CIDR ranges that may call in besides the gateways. */
  readonly allowedSources?: readonly string[]
  readonly inbound?: TrunkInbound
  /** What a final response (`503`) or a Q.850 cause (`q850:34`) means on this trunk, over the general table. */
  readonly causes?: Readonly<Record<string, UnansweredReason>>
}

/** The number of an entry of `numbers`. */
export const numberOf = (entry: string | TrunkNumber): string => (typeof entry === 'string' ? entry : entry.number)
