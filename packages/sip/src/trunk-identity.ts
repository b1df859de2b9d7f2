/** Who we say is calling. Texts may hold `{{caller}}` and `{{callee}}`: the numbers as this trunk writes them. */
export interface TrunkIdentity {
  /** User part of From: the caller's number, the account of `auth`, or a fixed text. Default `number`. */
  readonly fromUser?: 'number' | 'account' | { readonly fixed: string }
  /** Display name of From. */
  readonly displayName?: string
  /** P-Asserted-Identity (RFC 3325): the caller as SIP URI, as tel URI, or both. */
  readonly asserted?: 'sip' | 'tel' | 'both'
  /** Number in it instead of the caller's, e.g. the main number of the account. */
  readonly assertedNumber?: string
  /** P-Preferred-Identity, for carriers that assert it themselves. */
  readonly preferred?: 'sip' | 'tel'
  /** Remote-Party-ID, for equipment older than RFC 3325. */
  readonly remoteParty?: boolean
  /** `id`: the callee sees no number. From is anonymous, `Privacy: id` asks the carrier to hide the asserted one. */
  readonly privacy?: 'none' | 'id'
  /** Number the call is said to be forwarded from, in Diversion (RFC 5806). */
  readonly diversion?: string
  /** The same in History-Info (RFC 7044). */
  readonly historyInfo?: string
}

/** A header added to each INVITE of a trunk. The value may hold `{{caller}}` and `{{callee}}`. */
export interface TrunkHeader {
  readonly name: string
  readonly value: string
}
