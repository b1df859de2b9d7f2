import { isInternalHost } from '@parley/core'
import type { TrunkProfile } from '../../trunk-profile.ts'
import { Headers } from '../message/headers.ts'
import { parseNameAddress } from '../message/name-address.ts'
import { replacesTarget } from '../message/replaces-target.ts'
import {
  callIdOf,
  cseqOf,
  fromOf,
  noBody,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  tagOf,
  toOf,
} from '../message/sip-message.ts'
import { defaultPort, parseUri, type SipUri } from '../message/sip-uri.ts'
import type { Peer } from '../transport/transport.ts'

interface DialogState {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** From or To values with tags, as sent and received. */
  readonly local: string
  readonly remote: string
  readonly routeSet: readonly string[]
  readonly remoteTarget: string
  readonly localSeq: number
  readonly remoteSeq?: number
  /** Where the first request went or came from: gives the transport when a URI names none. */
  readonly firstHop: Peer
}

/**
 * One dialog: tags, route set, remote target and sequence numbers. Sends nothing itself.
 * @see RFC 3261 section 12 {@link https://www.rfc-editor.org/rfc/rfc3261#section-12}
 */
export class Dialog {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  private readonly local: string
  private readonly remote: string
  private firstHop: Peer
  private routeSet: readonly string[]
  private remoteTarget: string
  private localSeq: number
  private remoteSeq: number | undefined

  private constructor(state: DialogState) {
    this.callId = state.callId
    this.localTag = state.localTag
    this.remoteTag = state.remoteTag
    this.local = state.local
    this.remote = state.remote
    this.routeSet = state.routeSet
    this.remoteTarget = state.remoteTarget
    this.localSeq = state.localSeq
    this.remoteSeq = state.remoteSeq
    this.firstHop = state.firstHop
  }

  /** From a response with a To tag to our INVITE. @see RFC 3261 section 12.1.2 */
  static ofResponse(request: SipRequest, response: SipResponse, firstHop: Peer): Dialog {
    return new Dialog({
      callId: callIdOf(request),
      localTag: tagOf(fromOf(request)) ?? '',
      remoteTag: tagOf(toOf(response)) ?? '',
      local: request.headers.get('from') ?? '',
      remote: response.headers.get('to') ?? '',
      routeSet: [...response.headers.all('record-route')].reverse(),
      remoteTarget: contactUri(response) ?? request.uri,
      localSeq: cseqOf(request).number,
      firstHop,
    })
  }

  /** From an INVITE we take. @see RFC 3261 section 12.1.1 */
  static ofRequest(request: SipRequest, localTag: string, source: Peer): Dialog {
    const from = fromOf(request)
    return new Dialog({
      callId: callIdOf(request),
      localTag,
      remoteTag: tagOf(from) ?? '',
      local: `${request.headers.get('to')};tag=${localTag}`,
      remote: request.headers.get('from') ?? '',
      routeSet: request.headers.all('record-route'),
      remoteTarget: contactUri(request) ?? from.uri,
      localSeq: 0,
      remoteSeq: cseqOf(request).number,
      firstHop: source,
    })
  }

  /** Of the trunk the dialog belongs to. */
  get profile(): TrunkProfile | undefined {
    return this.firstHop.profile
  }

  /** From here on requests go out as those of this trunk. `serverName`: whom to expect when that takes a connection. */
  bindTo(profile: TrunkProfile): void {
    const serverName = profile.tls?.serverName ?? profile.tls?.clientName
    this.firstHop = { ...this.firstHop, profile, ...(serverName === undefined ? {} : { serverName }) }
  }

  get key(): string {
    return dialogKey(this.callId, this.localTag, this.remoteTag)
  }

  /** Our address as this dialog knows it, without brackets and tag. */
  get localUri(): string {
    return parseNameAddress(this.local)?.uri ?? ''
  }

  /** Where a third party takes our place in this dialog. @see RFC 5589 section 7.1 */
  get replacesTarget(): string {
    return replacesTarget(this.remoteTarget, this)
  }

  /** Target refresh by a request or 2xx that carries a Contact. @see RFC 3261 section 12.2 */
  refreshTarget(message: SipMessage): void {
    this.remoteTarget = contactUri(message) ?? this.remoteTarget
  }

  /** The route set is final only with the 2xx. @see RFC 3261 section 13.2.2.4 */
  confirm(response: SipResponse): void {
    this.routeSet = [...response.headers.all('record-route')].reverse()
    this.refreshTarget(response)
  }

  /** False: out of order, to be answered with 500. @see RFC 3261 section 12.2.2 */
  acceptsCSeq(request: SipRequest): boolean {
    const { number } = cseqOf(request)
    if (this.remoteSeq !== undefined && number <= this.remoteSeq) return false
    this.remoteSeq = number
    return true
  }

  /** The next request of ours, and where it goes. */
  createRequest(method: string): SipRequest {
    this.localSeq += 1
    return this.requestWith(method, this.localSeq)
  }

  /** An ACK carries the number of its INVITE. */
  createAck(inviteSeq: number): SipRequest {
    return this.requestWith('ACK', inviteSeq)
  }

  /**
   * First route, else the remote target; where a peer of the public network names an internal address, or is a telephone, the
   * first hop.
   * @see RFC 3261 section 12.2.1.1
   */
  nextHop(): Peer {
    if (this.firstHop.profile?.onlyToSource) return this.firstHop
    const first = this.routeSet[0]
    const address = first === undefined ? undefined : parseNameAddress(first)
    const hop = peerOfUri(address?.uri ?? this.remoteTarget, this.firstHop)
    // Also reaches peers behind NAT.
    return isInternalHost(hop.host) && !isInternalHost(this.firstHop.host) ? this.firstHop : hop
  }

  private requestWith(method: string, seq: number): SipRequest {
    const first = this.routeSet[0]
    const firstUri = first === undefined ? undefined : parseNameAddress(first)?.uri
    // A strict router wants itself in the Request-URI and the target last in the routes.
    const strict = firstUri !== undefined && !parseUri(firstUri)?.params.has('lr')
    const headers = new Headers()
    headers.addAll('route', strict ? [...this.routeSet.slice(1), `<${this.remoteTarget}>`] : this.routeSet)
    headers.add('max-forwards', '70')
    headers.add('from', this.local).add('to', this.remote)
    headers.add('call-id', this.callId).add('cseq', `${seq} ${method}`)
    return { kind: 'request', method, uri: strict ? firstUri : this.remoteTarget, headers, body: noBody }
  }
}

export const dialogKey = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId}|${localTag}|${remoteTag}`

/** Address to send to for a URI; `fallback` serves what the URI leaves open. */
export function peerOfUri(text: string, fallback: Peer): Peer {
  const uri = parseUri(text)
  if (!uri?.host) return fallback
  const transport = transportOf(uri) ?? fallback.transport
  const port = uri.port ?? defaultPort(transport)
  const { serverName, profile, connection } = fallback
  // The connection by which the call came serves on while it is up: a client need not listen. @see RFC 5923 section 1
  const sameHost = transport === fallback.transport && uri.host === fallback.host
  return {
    ...{ transport, host: uri.host, port },
    ...(serverName && { serverName }),
    ...(profile && { profile }),
    ...(sameHost && connection !== undefined && { connection }),
  }
}

function transportOf(uri: SipUri): Peer['transport'] | undefined {
  if (uri.scheme === 'sips') return 'tls'
  const named = uri.params.get('transport')
  return named === 'tcp' || named === 'udp' || named === 'tls' ? named : undefined
}

function contactUri(message: SipMessage): string | undefined {
  const contact = message.headers.get('contact')
  if (contact === undefined) return undefined
  const uri = parseNameAddress(contact)?.uri
  return uri && parseUri(uri)?.host ? uri : undefined
}
