import type { Socket } from 'node:net'
import { refuseBody, refuseExtensions, refuseMethod } from '../embedded/agent/capabilities.ts'
import { dtmfKeyOf, dtmfRelay } from '../embedded/agent/info-dtmf.ts'
import type { DigestClient } from '../embedded/auth/digest-client.ts'
import { Headers } from '../embedded/message/headers.ts'
import { parseNameAddress } from '../embedded/message/name-address.ts'
import { replacesTarget } from '../embedded/message/replaces-target.ts'
import {
  callIdOf,
  fromOf,
  noBody,
  q850Of,
  type SipMessage,
  type SipRequest,
  sdpOf,
  tagOf,
  toOf,
  withSdp,
} from '../embedded/message/sip-message.ts'
import { formatUri } from '../embedded/message/sip-uri.ts'
import type { SipCallEvent } from '../sip-stack.ts'
import type { DrachtioContext, DrachtioUsage } from './drachtio-context.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { DrachtioReoffers } from './drachtio-reoffers.ts'
import { DrachtioTransfer } from './drachtio-transfer.ts'
import type { InboundRequest } from './inbound-request.ts'
import { type ResponseParts, sendRequest } from './send-request.ts'

export interface DrachtioDialogOptions {
  readonly context: DrachtioContext
  readonly link: DrachtioLink
  readonly socket?: Socket | undefined
  readonly digest: DigestClient
  readonly emit: (event: SipCallEvent) => void
  /** The peer or the server ended it; the event was emitted. */
  readonly onEnded: () => void
  /** The first INVITE still waits for its answer. */
  readonly offerPending: () => boolean
  readonly onAck?: () => void
}

/** `Contact` whose host the server fills in, outside of dialogs. */
export const contactFor = (user: string): string => `<${formatUri({ user, host: 'localhost' })}>`

/** A dialog that a drachtio-server keeps for us: sequence numbers, routes and session timers are the server's. */
export class DrachtioDialog implements DrachtioUsage {
  readonly link: DrachtioLink
  readonly socket: Socket | undefined
  private readonly options: DrachtioDialogOptions
  private readonly reoffers: DrachtioReoffers
  private readonly transfer: DrachtioTransfer
  private id: string | undefined
  /** Of a call of ours: what the wire calls the dialog. */
  private dialog: { readonly callId: string; readonly localTag: string; readonly remoteTag: string } | undefined
  /** Request-URI of our requests, for digests. */
  private remoteTarget = 'sip:unknown.invalid'
  /** As the server wrote it: inside a dialog it fills in no host. */
  private contact: string | undefined
  private peer = ''
  private ended = false
  private ownOffers = 0

  constructor(options: DrachtioDialogOptions) {
    this.options = options
    this.link = options.link
    this.socket = options.socket
    this.reoffers = new DrachtioReoffers(options.context, {
      emit: options.emit,
      ownOfferPending: () => this.ownOffers > 0 || options.offerPending(),
      contact: () => this.contact,
    })
    this.transfer = new DrachtioTransfer(options.context, {
      emit: options.emit,
      send: (target, onFinal) => this.sendRefer(target, onFinal),
    })
  }

  /**
   * The server's name for the dialog is known: from now on its requests are received. `ours` and `theirs`: the two
   * messages that made it, for the Contacts of both sides. `peer`: the other side, as `udp:192.0.2.1:5060`.
   */
  open(id: string | undefined, ours: SipMessage | undefined, theirs: SipMessage, peer: string): void {
    this.peer = peer
    this.contact = ours?.headers.get('contact') ?? this.contact
    this.refreshTarget(theirs)
    if (theirs.kind === 'response') {
      const [localTag = '', remoteTag = ''] = [tagOf(fromOf(theirs)), tagOf(toOf(theirs))]
      this.dialog = { callId: callIdOf(theirs), localTag, remoteTag }
    }
    if (this.ended || id === undefined || id === '' || this.id === id) return
    this.id = id
    this.options.context.addDialog(id, this)
  }

  receive(request: InboundRequest): void {
    const { message } = request
    if (message.method === 'ACK') {
      this.receiveAck(message)
      return
    }
    if (message.method === 'BYE') {
      this.receiveBye(request)
      return
    }
    const refusal = refuseExtensions(message)
    if (refusal) request.respond(refusal)
    else this.receiveOther(request)
  }

  lost(): void {
    if (this.ended) return
    this.discard()
    this.options.emit({ type: 'failed', cause: 'transport', detail: 'the drachtio-server is gone' })
    this.options.onEnded()
  }

  reanswer(id: number, sdp: string): void {
    this.reoffers.reanswer(id, sdp)
  }

  refuse(id: number, status: number): void {
    this.reoffers.refuse(id, status)
  }

  reoffer(id: number, sdp: string): void {
    const refused = (status: number) => this.options.emit({ type: 'reoffer.refused', id, status })
    if (this.ended) return
    if (this.ownOffers > 0 || this.reoffers.isPending) {
      refused(491)
      return
    }
    this.ownOffers += 1
    this.send('INVITE', {
      decorate: (request) => withSdp(request, sdp),
      onFinal: (parts) => {
        this.ownOffers -= 1
        if (!parts || parts.response.status >= 300) {
          refused(parts?.response.status ?? 408)
          return
        }
        parts.acknowledge()
        const answer = sdpOf(parts.response)
        if (answer === undefined) refused(488)
        else this.options.emit({ type: 'reoffer.answered', id, sdp: answer })
      },
    })
  }

  refer(target: string): void {
    if (!this.ended) this.transfer.start(target)
  }

  replacesTarget(): string | undefined {
    return this.ended || !this.dialog ? undefined : replacesTarget(this.remoteTarget, this.dialog)
  }

  /** Unknown keys are ignored. */
  sendKey(key: string, durationMs: number): void {
    const body = dtmfRelay(key, durationMs)
    if (this.ended || body === undefined) return
    this.send('INFO', {
      decorate: (request) => {
        request.headers.add('content-type', 'application/dtmf-relay')
        return { ...request, body: Buffer.from(body) }
      },
    })
  }

  /** Sends BYE. No events follow. */
  hangup(reason?: string): void {
    if (this.ended) return
    this.ended = true
    this.reoffers.stop()
    this.transfer.stop()
    this.send('BYE', {
      decorate: (request) => {
        if (reason) request.headers.add('reason', `SIP;cause=200;text="${reason.replace(/["\\]/g, '')}"`)
        return request
      },
      // Until then a BYE of the peer that crosses ours still finds the dialog.
      onFinal: () => this.discard(),
    })
  }

  /** Forgets the dialog without a message. */
  discard(): void {
    this.ended = true
    this.reoffers.stop()
    this.transfer.stop()
    if (this.id !== undefined) this.options.context.removeDialog(this.id)
    this.link.endSession(this.socket)
  }

  private receiveOther(request: InboundRequest): void {
    const { message } = request
    switch (message.method) {
      case 'INVITE':
      case 'UPDATE': {
        const refusal = refuseBody(message)
        if (refusal) request.respond(refusal)
        else {
          this.refreshTarget(message)
          this.reoffers.receive(request)
        }
        return
      }
      case 'INFO':
        this.receiveInfo(request)
        return
      case 'NOTIFY':
        this.transfer.receiveNotify(request)
        return
      case 'OPTIONS':
        request.respondCapable(200)
        return
      case 'PRACK':
        request.reply(200)
        return
      default:
        request.respond(refuseMethod(message))
        return
    }
  }

  /** Whatever request finds no dialog at the peer or the server: the whole call is gone. @see RFC 5057 */
  private gone(): void {
    if (this.ended) return
    this.discard()
    this.options.emit({ type: 'failed', cause: 'timeout', detail: 'the peer does not know the call' })
    this.options.onEnded()
  }

  private refreshTarget(message: SipMessage): void {
    this.remoteTarget = parseNameAddress(message.headers.get('contact') ?? '')?.uri ?? this.remoteTarget
  }

  private receiveAck(message: SipRequest): void {
    this.options.onAck?.()
    this.reoffers.acknowledge()
    const sdp = sdpOf(message)
    if (sdp !== undefined && !this.ended) this.options.emit({ type: 'answered', sdp })
  }

  private receiveBye(request: InboundRequest): void {
    request.reply(200)
    if (this.ended) return
    this.discard()
    const q850 = q850Of(request.message)
    if (request.madeByServer)
      this.options.emit({ type: 'failed', cause: 'timeout', detail: 'ended by drachtio-server' })
    else this.options.emit({ type: 'bye', ...(q850 === undefined ? {} : { q850 }) })
    this.options.onEnded()
  }

  private receiveInfo(request: InboundRequest): void {
    const key = dtmfKeyOf(request.message)
    request.reply(key !== undefined || request.message.body.length === 0 ? 200 : 415)
    if (key !== undefined) this.options.emit({ type: 'dtmf', key })
  }

  private sendRefer(target: string, onFinal: (status: number) => void): void {
    this.send('REFER', {
      decorate: (request) => {
        request.headers.add('refer-to', `<${target}>`)
        return request
      },
      onFinal: (parts) => onFinal(parts?.response.status ?? 408),
    })
  }

  private send(
    method: string,
    options: {
      readonly decorate: (request: SipRequest) => SipRequest
      readonly onFinal?: (parts: ResponseParts | undefined) => void
    },
  ): void {
    const { context, digest } = this.options
    const dialogId = this.id
    if (dialogId === undefined) {
      options.onFinal?.(undefined)
      return
    }
    sendRequest(context, {
      link: this.link,
      attempt: digest.attempt(),
      dialogId,
      socket: this.socket,
      peer: this.peer,
      create: () => {
        const headers = new Headers().add('user-agent', context.userAgent)
        if (this.contact !== undefined && method !== 'BYE') headers.add('contact', this.contact)
        return options.decorate({ kind: 'request', method, uri: this.remoteTarget, headers, body: noBody })
      },
      onResponse: (parts) => {
        if (parts.response.status < 200) return
        options.onFinal?.(parts)
        if (parts.response.status === 481) this.gone()
      },
      onError: (error) => {
        options.onFinal?.(undefined)
        if ('code' in error && error.code === 'ENODIALOG') this.gone()
      },
    })
  }
}
