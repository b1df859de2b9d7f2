import type { TrunkProfile } from './trunk-profile.ts'

export type SipTransportName = 'udp' | 'tcp' | 'tls'

export interface TrunkGateway {
  /** Address or name. The addresses of a name may call in. */
  readonly host: string
  /** Absent: what DNS says of a name (NAPTR, SRV), else 5060, or 5061 for TLS. */
  readonly port?: number
  /** Absent: what DNS says of a name, else UDP; on a trunk with TLS settings always TLS. */
  readonly transport?: SipTransportName
  /** The lowest is tried first. Default: the place in the list, from 0. */
  readonly priority?: number
  /** Share of the calls among gateways of the same priority, 0 to 65,535. Default 1. */
  readonly weight?: number
}

export interface TrunkAuth {
  /** `register`: like `digest`, and a registration is kept up so that the carrier knows where to call. */
  readonly kind: 'none' | 'digest' | 'register'
  readonly username?: string
  readonly password?: string
  /** Answer challenges of this realm only. Undefined: of any. */
  readonly realm?: string
  /** Asked for in REGISTER, in seconds. Default 300. */
  readonly expiresS?: number
}

/** One carrier connection. Limits are enforced by whoever dials. */
export interface TrunkConfig extends TrunkProfile {
  /** In order of preference, unless they have priorities: the next one is tried when one does not serve. */
  readonly gateways: readonly TrunkGateway[]
  readonly auth: TrunkAuth
  /** Numbers that reach us through this trunk, in any format. */
  readonly numbers: readonly string[]
  /** Not enforced here. */
  readonly limits?: Readonly<Record<string, number>>
  /** Put before the callee's number after formatting, e.g. a carrier's tech prefix. */
  readonly prefix?: string
  /** `e164`: `0086...` and `86...` become `+86...`. Default `as-is`. */
  readonly calleeFormat?: 'as-is' | 'e164'
  /** Host part of From. Default: the gateway's host. */
  readonly fromDomain?: string
  /** Addresses or CIDR ranges that may call in besides the gateways. */
  readonly allowedSources?: readonly string[]
  /** From INVITE to final answer over all gateways. Default 120,000. */
  readonly setupTimeoutMs?: number
  /** How long a gateway may be silent before the next one is tried, 500 to 32,000. Default 4,000. */
  readonly firstResponseMs?: number
  /** Answers after which the next gateway is tried. Default 408, 500, 502, 503 and 504. */
  readonly failover?: { readonly statuses?: readonly number[] }
  /** OPTIONS to each gateway so often, 15 to 60. Default: never. */
  readonly probe?: { readonly everyS: number }
}
