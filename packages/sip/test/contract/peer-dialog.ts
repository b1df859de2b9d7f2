import { randomUUID } from 'node:crypto'
import { Headers } from '../../src/embedded/message/headers.ts'
import { parseNameAddress } from '../../src/embedded/message/name-address.ts'
import { cseqOf, noBody, type SipRequest, type SipResponse, withSdp } from '../../src/embedded/message/sip-message.ts'
import type { MessageParts, UdpPeer } from './udp-peer.ts'

interface Sides {
  readonly local: string
  readonly remote: string
  readonly target: string
  readonly callId: string
}

/** Requests of the peer inside one dialog. */
export class PeerDialog {
  private readonly peer: UdpPeer
  private readonly sides: Sides
  private seq: number

  private constructor(peer: UdpPeer, sides: Sides, seq: number) {
    this.peer = peer
    this.sides = sides
    this.seq = seq
  }

  /** The dialog of an INVITE that the stack sent and the peer answered with its usual tag. */
  static ofReceived(peer: UdpPeer, invite: SipRequest): PeerDialog {
    const sides = {
      local: `${invite.headers.get('to')};tag=scripted`,
      remote: invite.headers.get('from') ?? '',
      target: contactOf(invite),
      callId: invite.headers.get('call-id') ?? '',
    }
    return new PeerDialog(peer, sides, 100)
  }

  static ofSent(peer: UdpPeer, invite: SipRequest, response: SipResponse): PeerDialog {
    const sides = {
      local: invite.headers.get('from') ?? '',
      remote: response.headers.get('to') ?? '',
      target: contactOf(response),
      callId: invite.headers.get('call-id') ?? '',
    }
    return new PeerDialog(peer, sides, cseqOf(invite).number)
  }

  /** What the peer calls the dialog, and its Contact. */
  get names() {
    const { callId, local, remote } = this.sides
    const tagOf = (side: string) => /;tag=([^;]+)/.exec(side)?.[1]
    return { callId, contact: `sip:peer@127.0.0.1:${this.peer.port}`, localTag: tagOf(local), remoteTag: tagOf(remote) }
  }

  send(method: string, parts: MessageParts & { readonly body?: string } = {}): SipRequest {
    this.seq += 1
    return this.sendWith(method, this.seq, parts)
  }

  /** The ACK of the INVITE sent last. */
  ack(parts: MessageParts = {}): void {
    this.sendWith('ACK', this.seq, parts)
  }

  private sendWith(method: string, seq: number, parts: MessageParts & { readonly body?: string }): SipRequest {
    const { local, remote, target, callId } = this.sides
    const request = peerRequest(this.peer, method, target, {
      from: local,
      to: remote,
      'call-id': callId,
      cseq: `${seq} ${method}`,
      ...parts.headers,
    })
    const body = parts.body === undefined ? request : { ...request, body: Buffer.from(parts.body) }
    const whole = parts.sdp === undefined ? body : withSdp(body, parts.sdp)
    this.peer.send(whole)
    return whole
  }
}

/** A request with Via, Max-Forwards and Contact of the peer. */
export function peerRequest(
  peer: UdpPeer,
  method: string,
  uri: string,
  headers: Readonly<Record<string, string>>,
): SipRequest {
  const all = new Headers()
    .add('via', `SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK${randomUUID()};rport`)
    .add('max-forwards', '70')
    .add('contact', `<sip:peer@127.0.0.1:${peer.port}>`)
  for (const [name, value] of Object.entries(headers)) all.add(name, value)
  return { kind: 'request', method, uri, headers: all, body: noBody }
}

function contactOf(message: SipRequest | SipResponse): string {
  return parseNameAddress(message.headers.get('contact') ?? '')?.uri ?? 'sip:nobody.invalid'
}

/** A new request to the stack, e.g. an INVITE; the sender has the tag `caller`. */
export function sendNew(
  peer: UdpPeer,
  method: string,
  parts: MessageParts & { readonly called?: string } = {},
): SipRequest {
  const uri = `sip:${parts.called ?? '+8675512345678'}@127.0.0.1:${peer.target}`
  const request = peerRequest(peer, method, uri, {
    from: `<sip:+8613012345678@127.0.0.1:${peer.port}>;tag=caller`,
    to: `<${uri}>`,
    'call-id': randomUUID(),
    cseq: `1 ${method}`,
    ...parts.headers,
  })
  const whole = parts.sdp === undefined ? request : withSdp(request, parts.sdp)
  peer.send(whole)
  return whole
}

/** CANCEL of an INVITE of the peer. */
export function sendCancel(peer: UdpPeer, invite: SipRequest): void {
  const headers = new Headers()
  for (const name of ['via', 'from', 'to', 'call-id']) headers.add(name, invite.headers.get(name) ?? '')
  headers.add('cseq', `${cseqOf(invite).number} CANCEL`).add('max-forwards', '70')
  peer.send({ kind: 'request', method: 'CANCEL', uri: invite.uri, headers, body: noBody })
}

/** ACK of a final response that is no 2xx. */
export function ackFailure(peer: UdpPeer, invite: SipRequest, response: SipResponse): void {
  const headers = new Headers()
  for (const name of ['via', 'from', 'call-id']) headers.add(name, invite.headers.get(name) ?? '')
  headers.add('to', response.headers.get('to') ?? '').add('cseq', `${cseqOf(invite).number} ACK`)
  headers.add('max-forwards', '70')
  peer.send({ kind: 'request', method: 'ACK', uri: invite.uri, headers, body: noBody })
}
