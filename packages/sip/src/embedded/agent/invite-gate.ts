import type { PhoneAccount } from '../../phones/phone-account.ts'
import type { Registrar } from '../../phones/registrar.ts'
import type { SipStackOwner } from '../../sip-stack.ts'
import type { DigestServer } from '../auth/digest-server.ts'
import { responseTo, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import type { Peer } from '../transport/transport.ts'
import { phraseOf, refuseAccept, refuseBody, refuseExtensions } from './capabilities.ts'
import { defaultSessionTimer, refuseInterval } from './session-timer.ts'

/** `account`: the user name that was proven by digest; absent when the owner asks for none. `phone`: a telephone of ours. */
export type InviteVerdict =
  | { readonly kind: 'admitted'; readonly account?: string; readonly phone?: PhoneAccount }
  | { readonly kind: 'refused'; readonly response: SipResponse }

/**
 * Decides whether a new INVITE becomes a call at all: hops, credentials, extensions, bodies, session interval.
 * @see RFC 3261 sections 8.2 and 22.2
 */
export class InviteGate {
  private readonly owner: SipStackOwner
  private readonly digest: DigestServer
  private readonly registrar: Registrar | undefined

  constructor(owner: SipStackOwner, digest: DigestServer, registrar?: Registrar) {
    this.registrar = registrar
    this.owner = owner
    this.digest = digest
  }

  check(
    request: SipRequest,
    { host: source, port = 0, transport }: Pick<Peer, 'host' | 'transport'> & { readonly port?: number },
  ): InviteVerdict {
    if (Number(request.headers.get('max-forwards') ?? 70) === 0) return refusal(responseTo(request, 483, phraseOf(483)))
    const phone = this.registrar?.caller(request, { host: source, port })
    if (phone?.kind === 'refused') return phone
    const accounts = phone ? [] : (this.owner.inboundAccounts?.(source, transport) ?? [])
    const verdict = accounts.length === 0 ? undefined : this.digest.verify(request, source, accounts)
    if (verdict && verdict.kind !== 'accepted') {
      if (verdict.kind === 'throttled') return refusal(responseTo(request, 403, phraseOf(403)))
      const response = responseTo(request, 401, phraseOf(401))
      return refusal(response, this.digest.challenge(source, accounts, verdict.kind === 'stale'))
    }
    const response =
      refuseExtensions(request) ??
      refuseBody(request) ??
      refuseAccept(request) ??
      refuseInterval(request, defaultSessionTimer)
    if (response) return refusal(response)
    return {
      kind: 'admitted',
      ...(verdict ? { account: verdict.username } : {}),
      ...(phone ? { phone: phone.account } : {}),
    }
  }
}

function refusal(response: SipResponse, challenges: readonly string[] = []): InviteVerdict {
  response.headers.addAll('www-authenticate', challenges)
  return { kind: 'refused', response }
}
