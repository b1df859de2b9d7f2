import { equalInConstantTime } from './constant-time.ts'
import type { Credential } from './key-ring.ts'

/** Reasons for refusing a request; each is `AuthFailure.<reason>` on the wire. */
export type AuthRefusal =
  | 'InvalidAuthorization'
  | 'SecretIdNotFound'
  | 'SignatureExpire'
  | 'SignatureFailure'
  | 'TokenFailure'

export type AuthVerdict =
  | { readonly kind: 'valid'; readonly credential: Credential }
  | { readonly kind: 'refused'; readonly reason: AuthRefusal }

export const refused = (reason: AuthRefusal): AuthVerdict => ({ kind: 'refused', reason })

/** Greatest difference between a request's timestamp and our clock (documented: five minutes). */
const timestampWindowS = 300

/** Unix seconds of a timestamp text, or undefined when it is no number or outside the window. */
export function timestampInWindow(text: string | undefined, nowS: number): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  const timestamp = Number(text)
  return Math.abs(nowS - timestamp) <= timestampWindowS ? timestamp : undefined
}

/** A temporary key needs its token; a permanent key has none. */
export function tokenMatches(credential: Credential, token: string | undefined): boolean {
  return equalInConstantTime(credential.token ?? '', token ?? '')
}
