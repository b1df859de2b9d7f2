import { dialogPolicyOf } from './dialog-policy.ts'
import { formatUri } from './embedded/message/sip-uri.ts'
import { fromOf, identityHeaders } from './identity-headers.ts'
import { type InviteNumbers, writeNumbers } from './number-format.ts'
import type { OutgoingInvite, SipHop } from './sip-stack.ts'
import type { TrunkConfig, TrunkGateway } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'

/** Who calls whom, in the API user's numbers. */
export interface InviteParties {
  readonly callee: string
  readonly caller: string
}

/**
 * The INVITE as this trunk wants it: numbers, host parts, identity and further headers. Nothing of `parties` can end a
 * line, leave its user part or become a parameter.
 * @returns undefined when a number cannot be dialled
 */
export function composeInvite(
  trunk: TrunkConfig,
  gateway: TrunkGateway,
  hop: SipHop,
  parties: InviteParties,
  sdp: string,
): OutgoingInvite | undefined {
  const numbers = writeNumbers(parties, trunk)
  if (numbers === undefined) return undefined
  const { requestDomain } = trunk
  const { host, port } = gateway
  const ownPort = port === undefined ? {} : { port }
  const target = requestDomain === undefined ? { host, ...ownPort } : { host: requestDomain }
  const phone = trunk.userPhone && /^\+?\d+$/.test(numbers.called) ? ';user=phone' : ''
  const credentials = credentialsOf(trunk)
  return {
    hop,
    requestUri: `${formatUri({ user: numbers.called, ...target, transport: hop.transport })}${phone}`,
    from: fromOf(trunk, numbers, trunk.fromDomain ?? gateway.host),
    to: `<${formatUri({ user: numbers.called, host: target.host })}${phone}>`,
    contactUser: trunk.identity?.privacy === 'id' ? 'anonymous' : numbers.caller,
    headers: [
      ...routeOf(trunk),
      ...identityHeaders(trunk, numbers, { us: trunk.fromDomain ?? gateway.host, them: target.host }),
      ...ownHeaders(trunk, numbers),
    ],
    sdp,
    ...dialogPolicyOf(trunk),
    ...(credentials ? { credentials } : {}),
  }
}

/** A proxy that routes loosely finds itself in a route of its own. @see RFC 3261 section 8.1.2 */
function routeOf({ outboundProxy }: TrunkConfig): (readonly [string, string])[] {
  if (!outboundProxy?.endsWith(';lr')) return []
  return [['route', `<${/^sips?:/.test(outboundProxy) ? outboundProxy : `sip:${outboundProxy}`}>`]]
}

function ownHeaders(trunk: TrunkConfig, numbers: InviteNumbers): (readonly [string, string])[] {
  return (trunk.headers ?? []).map(({ name, value }) => [
    name.toLowerCase(),
    value.replaceAll('{{caller}}', numbers.caller).replaceAll('{{callee}}', numbers.called),
  ])
}
