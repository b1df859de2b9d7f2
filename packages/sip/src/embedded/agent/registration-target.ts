import type { RegistrationRequest, SipHop } from '../../sip-stack.ts'
import { formatUri } from '../message/sip-uri.ts'
import { peerAddress } from '../transport/transport.ts'

/** Where a registration goes after a failure at `last`: another address than that one, if there is one. */
export function hopAfter(last: SipHop | undefined, hops: readonly SipHop[]): SipHop | undefined {
  return hops.find((hop) => !last || peerAddress(hop) !== peerAddress(last)) ?? hops[0]
}

/**
 * Request-URI of a REGISTER. Port and transport are the gateway's, not those of another name; a port that DNS found is
 * not written.
 * @see RFC 3261 section 10.2
 */
export function registrarUri({ domain, gateways }: RegistrationRequest, { port, transport }: SipHop): string {
  const own = gateways.find(({ host }) => host === domain)
  const ownPort = own?.port === undefined ? {} : { port }
  return formatUri({ host: domain, ...(own && { transport, ...ownPort }) })
}
