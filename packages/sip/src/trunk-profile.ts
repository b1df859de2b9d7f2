import type { TrunkConfig } from './trunk-config.ts'

/** What the connections and addresses of one trunk have to themselves. TLS connections of two trunks are never shared. */
export type TrunkProfile = Pick<
  TrunkConfig,
  'name' | 'tls' | 'keepaliveS' | 'largeMessages' | 'advertised' | 'onlyToSource'
>

/** The profile alone, without credentials and numbers. */
export function profileOf(trunk: TrunkProfile): TrunkProfile {
  const { name, tls, keepaliveS, largeMessages, advertised, onlyToSource } = trunk
  return {
    name,
    ...(tls && { tls }),
    ...(keepaliveS !== undefined && { keepaliveS }),
    ...(largeMessages && { largeMessages }),
    ...(advertised && { advertised }),
    ...(onlyToSource && { onlyToSource }),
  }
}
