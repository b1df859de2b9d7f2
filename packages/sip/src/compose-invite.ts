import { formatUri } from './embedded/message/sip-uri.ts'
import { formatCallee, formatCaller } from './number-format.ts'
import type { OutgoingInvite, SipHop } from './sip-stack.ts'
import type { TrunkConfig, TrunkGateway } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'

/** Who calls whom, in the API user's numbers. */
export interface InviteParties {
  readonly callee: string
  readonly caller: string
}

const portOf = ({ port }: TrunkGateway) => (port === undefined ? {} : { port })

/**
 * The INVITE as this trunk wants it: numbers, host parts, identity and further headers.
 * @returns undefined when a number cannot be dialled
 */
export function composeInvite(
  trunk: TrunkConfig,
  gateway: TrunkGateway,
  hop: SipHop,
  parties: InviteParties,
  sdp: string,
): OutgoingInvite | undefined {
  const callee = formatCallee(parties.callee, trunk)
  const caller = formatCaller(parties.caller)
  if (callee === undefined || caller === undefined) return undefined
  const credentials = credentialsOf(trunk)
  return {
    hop,
    requestUri: formatUri({ user: callee, host: gateway.host, ...portOf(gateway), transport: hop.transport }),
    from: `<${formatUri({ user: caller, host: trunk.fromDomain ?? gateway.host })}>`,
    to: `<${formatUri({ user: callee, host: gateway.host })}>`,
    contactUser: caller,
    headers: [],
    sdp,
    ...(credentials ? { credentials } : {}),
  }
}
