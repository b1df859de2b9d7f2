import type { RedirectPolicy, SipHop } from '../../sip-stack.ts'
import { peerOfUri } from '../dialog/dialog.ts'
import { parseNameAddress } from '../message/name-address.ts'
import type { SipResponse } from '../message/sip-message.ts'
import { parseUri } from '../message/sip-uri.ts'

/** Request-URI of an INVITE and where it goes. */
export interface InviteTarget {
  readonly uri: string
  readonly hop: SipHop
}

/** 304 and others are no redirections; 380 names its alternative in Contact or not at all. */
const redirections = new Set([300, 301, 302, 303, 305, 380])
const defaultMax = 5

/**
 * Where an INVITE is sent on to after 3xx: contacts on allowed hosts, the best `q` first, none twice, at most `max`.
 * @see RFC 3261 sections 8.1.3.4, 19.1.5 and 21.3
 */
export class RedirectTargets {
  private readonly policy: RedirectPolicy
  private readonly seen = new Set<string>()
  private waiting: InviteTarget[] = []
  private followed = 0
  private current: InviteTarget

  constructor(policy: RedirectPolicy, first: InviteTarget) {
    this.policy = policy
    this.current = first
    this.seen.add(keyOf(first))
  }

  /** Notes the contacts of a redirection; they come before those of earlier ones. Other responses say nothing. */
  take(response: SipResponse): void {
    if (!redirections.has(response.status)) return
    const fresh = contactsOf(response)
      .map((uri) => this.targetOf(uri, response.status))
      .filter((target) => target !== undefined)
    this.waiting = [...fresh, ...this.waiting]
  }

  next(): InviteTarget | undefined {
    for (let target = this.waiting.shift(); target; target = this.waiting.shift()) {
      if (this.seen.has(keyOf(target))) continue
      if (this.followed >= (this.policy.max ?? defaultMax)) return undefined
      this.followed += 1
      this.seen.add(keyOf(target))
      this.current = target
      return target
    }
    return undefined
  }

  private targetOf(text: string, status: number): InviteTarget | undefined {
    const uri = parseUri(text)
    const { allowedHosts } = this.policy
    if (uri?.scheme !== 'sip' || !allowedHosts.some((host) => host.toLowerCase() === uri.host.toLowerCase())) {
      return undefined
    }
    const reached = peerOfUri(text, this.current.hop)
    // A certificate has to be for the host that was named, not for the one that named it.
    const hop = reached.transport === 'tls' ? { ...reached, serverName: reached.host } : reached
    // 305 names a proxy: the same request goes there.
    return status === 305 ? { uri: this.current.uri, hop } : { uri: text, hop }
  }
}

/** Best first; headers in a URI would have to be confirmed by somebody and are left out. */
function contactsOf(response: SipResponse): readonly string[] {
  const rated = response.headers.all('contact').flatMap((value) => {
    const address = parseNameAddress(value)
    const q = Number(address?.params.get('q') ?? 1)
    return address ? [{ uri: address.uri.replace(/\?.*$/, ''), q: q >= 0 && q <= 1 ? q : 0 }] : []
  })
  return rated.sort((a, b) => b.q - a.q).map(({ uri }) => uri)
}

const keyOf = ({ uri, hop }: InviteTarget) =>
  `${uri.toLowerCase()}|${hop.transport}|${hop.host.toLowerCase()}|${hop.port}`
