import type { Socket } from 'node:net'
import type { DigestAttempt } from '../embedded/auth/digest-client.ts'
import type { SipRequest, SipResponse } from '../embedded/message/sip-message.ts'
import type { DrachtioRequest } from './drachtio-client.ts'
import type { DrachtioContext } from './drachtio-context.ts'
import type { DrachtioLink } from './drachtio-link.ts'
import { bodyOf, headersOf, peerOf, responseOf } from './drachtio-message.ts'

export interface ResponseParts {
  readonly response: SipResponse
  /** ACK after a final response to INVITE, PRACK after a reliable provisional one. */
  readonly acknowledge: () => void
  readonly dialogId: string | undefined
  /** Whom it came from, as `udp:192.0.2.1:5060`. */
  readonly peer: string
}

export interface SendOptions {
  readonly link: DrachtioLink
  readonly attempt: DigestAttempt
  /** Made anew for each attempt; credentials are added to it. */
  readonly create: () => SipRequest
  readonly proxy?: string
  /** Whom it goes to, as `udp:192.0.2.1:5060`. */
  readonly peer: string
  readonly dialogId?: string
  readonly socket?: Socket | undefined
  readonly onSent?: (sent: DrachtioRequest) => void
  /** Challenges that were answered are not reported. */
  readonly onResponse: (parts: ResponseParts) => void
  readonly onError: (error: Error) => void
}

/** Sends a request over a server, again with credentials when it is challenged. */
export function sendRequest(context: DrachtioContext, options: SendOptions): void {
  const { link, attempt, proxy, dialogId, socket } = options
  const request = options.create()
  attempt.authorize(request)
  const waiting = { link }
  context.pending.add(waiting)
  const settle = () => context.pending.delete(waiting)
  const parts = {
    method: request.method,
    headers: headersOf(request),
    ...bodyOf(request),
    ...(proxy === undefined ? {} : { proxy }),
    ...(dialogId === undefined ? {} : { stackDialogId: dialogId }),
    ...(socket === undefined ? {} : { _socket: socket }),
  }
  // Inside a dialog the server knows the target.
  const uri = dialogId === undefined ? request.uri : 'sip:placeholder'
  link.request(uri, parts, (error, sent) => {
    if (!sent) {
      settle()
      options.onError(error ?? new Error('request failed'))
      return
    }
    link.note(sent.raw, true, options.peer)
    options.onSent?.(sent)
    sent.on('response', (raw, acknowledge) => {
      context.countReceived()
      const peer = peerOf(raw)
      link.note(raw.raw, false, peer)
      const response = responseOf(raw.raw)
      if (!response) {
        context.logger.warn('unreadable response of drachtio-server', { status: raw.status })
        return
      }
      if (response.status >= 200) settle()
      const challenged = response.status === 401 || response.status === 407
      if (challenged && attempt.challenge(response)) {
        if (request.method === 'INVITE') acknowledge()
        sendRequest(context, options)
        return
      }
      options.onResponse({ response, acknowledge, dialogId: raw.stackDialogId || undefined, peer })
    })
  })
}
