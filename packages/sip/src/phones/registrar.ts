import type { Clock, Random } from '@parley/core'
import { phraseOf, refuseExtensions } from '../embedded/agent/capabilities.ts'
import { DigestServer } from '../embedded/auth/digest-server.ts'
import { fromOf, responseTo, type SipRequest, type SipResponse, toOf } from '../embedded/message/sip-message.ts'
import { parseUri } from '../embedded/message/sip-uri.ts'
import type { Peer } from '../embedded/transport/transport.ts'
import { AlgorithmMemory } from './algorithm-memory.ts'
import { guesserKey } from './guesser-key.ts'
import type { PhoneAccount } from './phone-account.ts'
import type { PhoneBook } from './phone-book.ts'
import { readRegister, shortestS } from './read-register.ts'
import { RequestPace } from './request-pace.ts'

const md5Alone = { username: '', password: '', algorithm: 'MD5' } as const

/** `account`: what the telephone has proven to be. */
type PhoneVerdict =
  | { readonly kind: 'accepted'; readonly account: PhoneAccount }
  | { readonly kind: 'refused'; readonly response: SipResponse }

/**
 * Takes REGISTER of telephones and checks who calls as one. A name that nobody has is answered like a wrong password, in
 * every byte but those that are drawn.
 * @see RFC 3261 sections 10.3 and 22
 */
export class Registrar {
  private readonly phones: PhoneBook
  private readonly clock: Clock
  private readonly digest: DigestServer
  private readonly pace: RequestPace
  private readonly algorithms = new AlgorithmMemory()

  constructor(phones: PhoneBook, options: { readonly clock: Clock; readonly random: Random; readonly realm: string }) {
    this.phones = phones
    this.clock = options.clock
    this.digest = new DigestServer(options)
    this.pace = new RequestPace(options.clock)
  }

  /** Whether a request outside a dialog, from an address that is no trunk's, is looked at. Counts it. */
  admits(request: SipRequest, { host, port, transport }: Peer): boolean {
    if (this.phones.isEmpty || transport !== 'udp') return false
    const mayBegin = request.method === 'REGISTER' || this.phones.isAt(host, port)
    return mayBegin && this.pace.admits(host, this.phones.isAt(host))
  }

  /** The answer to a REGISTER. Undefined: there are no telephones here. */
  register(request: SipRequest, source: Peer): SipResponse | undefined {
    // Over a connection a telephone could not be called: nobody keeps it up.
    if (this.phones.isEmpty || source.transport !== 'udp') return undefined
    const refusal = refuseExtensions(request)
    if (refusal) return refusal
    const verdict = this.verify(request, toOf(request).uri, source)
    if (verdict.kind === 'refused') return verdict.response
    const wish = readRegister(request, source)
    if (wish.kind === 'refused') {
      const response = responseTo(request, wish.status, phraseOf(wish.status))
      if (wish.status === 423) response.headers.add('min-expires', String(shortestS))
      return response
    }
    const bindings = this.phones.register(verdict.account, wish.change)
    if (!bindings) return responseTo(request, 500, phraseOf(500))
    const response = responseTo(request, 200, phraseOf(200))
    for (const { contact, untilMs } of bindings) {
      response.headers.add('contact', `<${contact}>;expires=${Math.ceil((untilMs - this.clock.nowMs()) / 1_000)}`)
    }
    return response
  }

  /** Who calls, when it calls as a registered telephone from where that is. Undefined: it does not. */
  caller(request: SipRequest, source: Pick<Peer, 'host' | 'port'>): PhoneVerdict | undefined {
    if (!this.phones.isAt(source.host, source.port)) return undefined
    const { uri } = fromOf(request)
    const verdict = this.verify(request, uri, source)
    if (verdict.kind === 'refused') return verdict
    if (this.phones.isRegisteredFrom(verdict.account, source.host, source.port)) return verdict
    return { kind: 'refused', response: responseTo(request, 403, phraseOf(403)) }
  }

  private verify(request: SipRequest, address: string, source: Pick<Peer, 'host'>): PhoneVerdict {
    const { user = '', host = '' } = parseUri(address) ?? {}
    const account = this.phones.find(user, host)
    // Guesses are counted for each name: one telephone with an old password does not shut out its neighbours behind NAT.
    const guesser = guesserKey(source.host, user, host)
    const verdict = this.digest.verify(
      request,
      guesser,
      account ? [{ username: account.user, password: account.password }] : [],
    )
    if (verdict.kind === 'accepted' && account) {
      this.algorithms.answered(guesser)
      return { kind: 'accepted', account }
    }
    const status = verdict.kind === 'throttled' ? 403 : 401
    const response = responseTo(request, status, phraseOf(status))
    if (status === 401) {
      const isMd5 = this.algorithms.wantsMd5(guesser, verdict.kind === 'missing', this.clock.nowMs())
      const challenge = this.digest.challenge(guesser, isMd5 ? [md5Alone] : [], verdict.kind === 'stale')
      response.headers.addAll('www-authenticate', challenge)
    }
    return { kind: 'refused', response }
  }
}
