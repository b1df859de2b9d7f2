import type { Secret } from '@parley/core'
import type { SipCredentials } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** What answers challenges on this trunk; undefined when the trunk knows us by address. */
export function credentialsOf(trunk: TrunkConfig): SipCredentials | undefined {
  const { kind, username, password, realm } = trunk.auth
  if (kind === 'none' || username === undefined) return undefined
  return { username, password: revealed(password ?? ''), ...(realm === undefined ? {} : { realm }) }
}

/** The password as it goes into a digest. */
export const revealed = (password: Secret | string): string =>
  typeof password === 'string' ? password : password.reveal()
