import type { TrunkProfile } from './trunk-profile.ts'

export type SipTransportName = 'udp' | 'tcp' | 'tls'

export interface TrunkGateway {
  /** Address or name. A name is resolved for each message sent and once a minute for incoming sources. */
  readonly host: string
  readonly port: number
  readonly transport: SipTransportName
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
  /** In order of preference: the next one is tried when one does not serve. */
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
}
