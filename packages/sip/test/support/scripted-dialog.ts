import { VirtualClock } from '@parley/testkit'
import type { IncomingSipCall, OutgoingInvite, SipCall, SipCallEvent } from '../../src/sip-stack.ts'
import { ScriptedPeer } from './scripted-peer.ts'
import { sdpOf } from './signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork, type VirtualPhone } from './virtual-network.ts'

export const peerContact = { contact: '<sip:phone@peer.test>' }
export const peerSdp: string = sdpOf(5_000)

export interface InDialog {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly tag?: string
  readonly branch?: string
}

/** Our user agent in a call with a peer that does what a test tells it to, on a virtual network and clock. */
export class ScriptedDialog {
  readonly clock: VirtualClock = new VirtualClock()
  readonly network: VirtualNetwork = new VirtualNetwork(this.clock)
  readonly events: SipCallEvent[] = []
  readonly peer: ScriptedPeer = new ScriptedPeer(this.network, 'peer.test', 'us.test')
  phone!: VirtualPhone
  /** First INVITE, whoever sent it. */
  private incoming: { readonly from: string; readonly to: string; readonly callId: string } | undefined

  static async open(): Promise<ScriptedDialog> {
    const dialog = new ScriptedDialog()
    dialog.phone = await openPhone(dialog.network, dialog.clock, 'us.test')
    return dialog
  }

  /** We call the peer. */
  async dial(more: Partial<OutgoingInvite> = {}): Promise<SipCall> {
    const call = this.phone.agent.invite(inviteTo('peer.test', more), (event) => this.events.push(event))
    await this.clock.advance(50)
    return call
  }

  /** We call the peer, which answers. */
  async dialAnswered(more: Partial<OutgoingInvite> = {}, headers: InDialog['headers'] = {}): Promise<SipCall> {
    const call = await this.dial(more)
    this.peer.respond(this.peer.request('INVITE'), 200, { sdp: peerSdp, headers: { ...peerContact, ...headers } })
    await this.clock.advance(50)
    return call
  }

  /** The peer calls us. */
  async beCalled(options: InDialog = { body: peerSdp }): Promise<IncomingSipCall> {
    this.incoming = { from: '<sip:200@peer.test>;tag=scripted', to: '<sip:100@us.test>', callId: 'scripted-call' }
    await this.send('INVITE', 1, options)
    const call = this.phone.calls.at(-1)
    if (!call) throw new Error('no call came in')
    return call
  }

  /** The peer calls us, we answer. */
  async beAnswered(options: InDialog = { body: peerSdp }): Promise<IncomingSipCall> {
    const call = await this.beCalled(options)
    call.answer(sdpOf(4_000))
    await this.clock.advance(50)
    await this.send('ACK', 1, { branch: 'z9hG4bK-ack' })
    return call
  }

  /** A request of the peer inside the dialog; to be answered, the first INVITE excepted. */
  async send(method: string, cseq: number, options: InDialog = {}): Promise<void> {
    const { tag = 'scripted', body, branch = `z9hG4bK${method}${cseq}${tag}` } = options
    const headers = { contact: '<sip:phone@peer.test>', 'max-forwards': '70', ...options.headers }
    const head = [
      `${method} sip:200@us.test SIP/2.0`,
      `Via: SIP/2.0/UDP peer.test;branch=${branch};rport`,
      ...this.fieldsOf(method, tag),
      `CSeq: ${cseq} ${method}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(body === undefined || 'content-type' in headers ? [] : ['Content-Type: application/sdp']),
    ]
    this.peer.sendBytes(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`))
    await this.clock.advance(50)
  }

  count(label: string): number {
    return this.peer.labels.filter((seen) => seen === label).length
  }

  /** Requests with that method, repeats of the same one not counted. */
  countRequests(method: string): number {
    const ofMethod = this.peer.received.filter((message) => message.kind === 'request' && message.method === method)
    return new Set(ofMethod.map((message) => message.headers.get('cseq'))).size
  }

  get types(): string[] {
    return this.events.map((event) => event.type)
  }

  private fieldsOf(method: string, tag: string): string[] {
    if (this.incoming) {
      const { from, to, callId } = this.incoming
      const isFirst = method === 'INVITE' && this.count('100 INVITE') === 0
      const known = isFirst ? to : (this.peer.response('INVITE').headers.get('to') ?? to)
      return [`From: ${from}`, `To: ${known}`, `Call-ID: ${callId}`]
    }
    const invite = this.peer.request('INVITE')
    const to = (invite.headers.get('to') ?? '').replace(/;tag=.*/, '')
    return [`From: ${to};tag=${tag}`, `To: ${invite.headers.get('from')}`, `Call-ID: ${invite.headers.get('call-id')}`]
  }
}
