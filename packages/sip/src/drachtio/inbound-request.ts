import type { Socket } from 'node:net'
import { addCapabilities, phraseOf } from '../embedded/agent/capabilities.ts'
import { responseTo, type SipRequest, type SipResponse } from '../embedded/message/sip-message.ts'
import type { SipTransportName } from '../trunk-config.ts'
import type { DrachtioRequest, DrachtioResponse } from './drachtio-client.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { bodyOf, headersOf, peerOf, requestOf, responseOf, transportNamed } from './drachtio-message.ts'

/** A response as the server sent it, and the dialog it belongs to. */
export interface SentResponse {
  readonly message: SipResponse
  readonly dialogId: string | undefined
}

/** A request that came in over a server, and its response. */
export class InboundRequest {
  readonly message: SipRequest
  readonly link: DrachtioLink
  readonly source: string
  readonly transport: SipTransportName
  readonly dialogId: string | undefined
  /** `udp:192.0.2.1:5060` */
  readonly peer: string
  readonly socket: Socket | undefined
  /** Made by the server itself when a dialog ended without the peer, e.g. for want of an ACK. */
  readonly madeByServer: boolean
  private readonly request: DrachtioRequest
  private readonly response: DrachtioResponse
  private finished = false

  private constructor(link: DrachtioLink, request: DrachtioRequest, response: DrachtioResponse, message: SipRequest) {
    this.link = link
    this.request = request
    this.response = response
    this.message = message
    this.source = request.source_address
    this.transport = transportNamed(request.protocol)
    this.dialogId = request.stackDialogId || undefined
    this.peer = peerOf(request)
    this.socket = request.socket
    this.madeByServer = request.source === 'application'
  }

  /** @returns undefined for a message that our parser refuses */
  static of(link: DrachtioLink, request: DrachtioRequest, response: DrachtioResponse): InboundRequest | undefined {
    const message = requestOf(request.raw)
    return message && new InboundRequest(link, request, response, message)
  }

  /** Tells the keeper of messages about this one. */
  note(): void {
    this.link.note(this.request.raw, false, this.peer)
  }

  onCancel(listener: () => void): void {
    this.request.on('cancel', listener)
  }

  /** An UPDATE before the answer of this INVITE. */
  onUpdate(listener: (update: InboundRequest) => void): void {
    this.request.on('update', (request, response) => {
      const update = InboundRequest.of(this.link, request, response)
      update?.note()
      if (update) listener(update)
    })
  }

  reply(status: number): void {
    this.respond(responseTo(this.message, status, phraseOf(status)))
  }

  /**
   * Via, From, To, Call-ID and CSeq are the server's. After a final response further ones are ignored. `onSent` gets
   * undefined when the server did not take the response.
   */
  respond(response: SipResponse, onSent: (sent: SentResponse | undefined) => void = () => {}): void {
    if (this.finished || this.madeByServer) return
    this.finished = response.status >= 200
    const options = { headers: headersOf(response), ...bodyOf(response) }
    try {
      this.response.send(response.status, response.reason, options, (error, sent) => {
        if (sent) this.link.note(sent.raw, true, this.peer)
        const message = error || !sent ? undefined : responseOf(sent.raw)
        onSent(message && { message, dialogId: this.response.stackDialogId })
      })
    } catch {
      // A status that drachtio-srf does not know.
      this.response.send(500, phraseOf(500), { headers: {} }, () => onSent(undefined))
    }
  }

  respondCapable(status: number): void {
    this.respond(addCapabilities(responseTo(this.message, status, phraseOf(status))))
  }
}
