/** A telephone that registers with us. */
export interface PhoneAccount {
  readonly user: string
  /** Host part of its address: accounts of one user name in two domains have nothing to do with each other. */
  readonly domain: string
  readonly password: string
  /** What legs of the telephone name as their trunk; accounts of one domain share it. */
  readonly trunk: string
}

/** A telephone as its owner sees it. */
export type PhoneState = 'offline' | 'idle' | 'busy'
