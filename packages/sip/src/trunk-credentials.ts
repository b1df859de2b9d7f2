import type { SipCredentials } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** What answers challenges on this trunk; undefined when the trunk knows us by address. */
export function credentialsOf(trunk: TrunkConfig): SipCredentials | undefined {
  const { kind, username, password, realm } = trunk.auth
  if (kind === 'none' || username === undefined) return undefined
  return { username, password: password ?? '', ...(realm === undefined ? {} : { realm }) }
}
