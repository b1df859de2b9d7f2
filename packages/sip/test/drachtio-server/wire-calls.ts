import { randomUUID } from 'node:crypto'
import { AnswerRepeater } from '../../src/embedded/agent/answer-repeater.ts'
import { phraseOf } from '../../src/embedded/agent/capabilities.ts'
import { Dialog } from '../../src/embedded/dialog/dialog.ts'
import {
  callIdOf,
  cseqOf,
  fromOf,
  responseTo,
  type SipRequest,
  type SipResponse,
  tagOf,
  toOf,
} from '../../src/embedded/message/sip-message.ts'
import { parseUri } from '../../src/embedded/message/sip-uri.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import type { ClientTransaction, ServerTransaction } from '../../src/embedded/transaction/transaction.ts'
import type { TransactionLayer } from '../../src/embedded/transaction/transaction-layer.ts'
import type { Peer, SipTransport } from '../../src/embedded/transport/transport.ts'
import { realClock } from '../support/real-clock.ts'
import type { WireClient, WireSip } from './wire-client.ts'

interface WireDialog {
  readonly id: string
  readonly client: WireClient
  dialog: Dialog
  /** CSeq of our last INVITE in it, for its ACK. */
  inviteSeq: number
}

interface Offered {
  readonly transaction: ServerTransaction
  readonly client: WireClient
  readonly tag: string
  repeater?: AnswerRepeater
}

interface Dialled {
  readonly transaction: ClientTransaction
  readonly peer: Peer
  cancelWanted: boolean
  hasProvisional: boolean
}

/** Transactions and dialogs of a wire server, and what applications want done with them. */
export class WireCalls {
  private readonly layer: TransactionLayer
  private readonly transport: Pick<SipTransport, 'portOf'>
  private readonly dialogs = new Map<string, WireDialog>()
  private readonly offered = new Map<string, Offered>()
  private readonly dialled = new Map<string, Dialled>()

  constructor(layer: TransactionLayer, transport: Pick<SipTransport, 'portOf'>) {
    this.layer = layer
    this.transport = transport
  }

  /** A request inside a dialog goes to the application that has it. False: it belongs to none. */
  deliver(transaction: ServerTransaction): boolean {
    const dialog = this.dialogOf(transaction.request)
    if (!dialog?.dialog.acceptsCSeq(transaction.request)) return false
    if (transaction.request.method === 'PRACK') {
      for (const { transaction: invite, repeater } of this.offered.values()) {
        if (callIdOf(invite.request) === callIdOf(transaction.request)) repeater?.stop()
      }
    }
    dialog.dialog.refreshTarget(transaction.request)
    this.offer(transaction, dialog.client, dialog)
    if (transaction.request.method === 'BYE') this.dialogs.delete(dialog.id)
    return true
  }

  offer(transaction: ServerTransaction, client: WireClient, dialog?: WireDialog): void {
    const id = randomUUID()
    this.offered.set(id, { transaction, client, tag: dialog?.dialog.localTag ?? randomUUID() })
    client.give(transaction.request, transaction.peer, id, dialog?.id ?? '')
  }

  cancel(cancel: ServerTransaction, invite: ServerTransaction): void {
    const found = [...this.offered].find(([, offered]) => offered.transaction === invite)
    if (!found) return
    const [id, { client, tag, repeater }] = found
    repeater?.stop()
    invite.respond(responseTo(invite.request, 487, phraseOf(487), tag))
    client.give(cancel.request, cancel.peer, id, '')
    this.offered.delete(id)
  }

  acknowledge(request: SipRequest): void {
    for (const [id, { transaction, repeater }] of this.offered) {
      if (callIdOf(transaction.request) !== callIdOf(request)) continue
      if (cseqOf(transaction.request).number !== cseqOf(request).number) continue
      repeater?.stop()
      this.offered.delete(id)
    }
    const dialog = this.dialogOf(request)
    dialog?.client.give(request, { transport: 'udp', host: '127.0.0.1', port: 0 }, randomUUID(), dialog.id)
  }

  receive(sip: WireSip, client: WireClient): void {
    const { message } = sip
    if (message.kind === 'response') this.respond(sip, message, client)
    else if (message.method === 'CANCEL') this.sendCancel(sip)
    else if (sip.dialogId === '') this.sendOutside(sip, message, client)
    else this.sendInside(sip, message, client)
  }

  /** Its calls are over: nobody could say what becomes of them. */
  forget(client: WireClient): void {
    for (const [id, dialog] of this.dialogs) if (dialog.client === client) this.dialogs.delete(id)
    for (const [id, offered] of this.offered) {
      if (offered.client !== client) continue
      offered.repeater?.stop()
      this.offered.delete(id)
    }
  }

  stop(): void {
    for (const { repeater } of this.offered.values()) repeater?.stop()
  }

  private respond(sip: WireSip, wanted: SipResponse, client: WireClient): void {
    const offered = this.offered.get(sip.transactionId)
    if (!offered) {
      client.refuse(sip.id, 'unknown transaction')
      return
    }
    const { transaction, tag } = offered
    const { request, peer } = transaction
    const plain = responseTo(request, wanted.status, wanted.reason, tag)
    for (const { name, value } of wanted.headers) {
      if (!plain.headers.has(name) && name !== 'content-length') plain.headers.add(name, this.localised(value, peer))
    }
    const response = { ...plain, body: wanted.body }
    const isInvite = request.method === 'INVITE'
    const dialogId = isInvite ? this.confirmDialog(request, response, offered, client) : ''
    const reliable = isInvite && response.status < 200 && response.headers.lists('require', '100rel')
    if (reliable) response.headers.add('rseq', '1')
    offered.repeater?.stop()
    if (reliable || (isInvite && response.status >= 200 && response.status < 300)) {
      offered.repeater = this.repeater(transaction, response)
    } else {
      transaction.respond(response)
      if (response.status >= 200) this.offered.delete(sip.transactionId)
    }
    client.confirm(sip.id, response, peer, sip.transactionId, dialogId)
  }

  private confirmDialog(request: SipRequest, response: SipResponse, offered: Offered, client: WireClient): string {
    const id = `${callIdOf(request)};from-tag=${tagOf(fromOf(request))}`
    const known = this.dialogOf(request)
    if (known) return known.id
    if (response.status < 300) {
      const dialog = Dialog.ofRequest(request, offered.tag, offered.transaction.peer)
      if (!this.dialogs.has(id)) this.dialogs.set(id, { id, client, dialog, inviteSeq: 0 })
    } else this.dialogs.delete(id)
    return id
  }

  private sendOutside(sip: WireSip, wanted: SipRequest, client: WireClient): void {
    const target = parseUri(sip.proxy === '' ? wanted.uri : sip.proxy)
    if (!target) {
      client.refuse(sip.id, 'invalid request-uri')
      return
    }
    const transport = target.params.get('transport') === 'tcp' ? 'tcp' : 'udp'
    const peer: Peer = { transport, host: target.host, port: target.port ?? 5060 }
    const request = this.prepared(wanted, peer)
    const id = randomUUID()
    const dialogId = `${callIdOf(request)};from-tag=${tagOf(fromOf(request))}`
    const refuse = (status: number) => {
      this.dialled.delete(id)
      client.give(responseTo(request, status, phraseOf(status), 'made-here'), peer, id, dialogId)
    }
    const transaction = this.layer.request(request, peer, {
      onResponse: (response) => this.receiveOutside(request, response, { id, dialogId, client, peer }),
      onTimeout: () => refuse(408),
      onTransportError: () => refuse(503),
    })
    if (request.method === 'INVITE') {
      this.dialled.set(id, { transaction, peer, cancelWanted: false, hasProvisional: false })
    }
    client.confirm(sip.id, request, peer, id, 'Msg sent:')
  }

  private receiveOutside(
    request: SipRequest,
    response: SipResponse,
    of: { readonly id: string; readonly dialogId: string; readonly client: WireClient; readonly peer: Peer },
  ): void {
    const dialled = this.dialled.get(of.id)
    if (dialled) dialled.hasProvisional = true
    if (dialled?.cancelWanted) this.cancelNow(dialled)
    const makesDialog = response.status < 300 && (response.status >= 200 || response.headers.has('rseq'))
    if (request.method === 'INVITE' && makesDialog && tagOf(toOf(response)) !== undefined) {
      const known = this.dialogs.get(of.dialogId)
      if (known?.inviteSeq === cseqOf(request).number) known.dialog.confirm(response)
      else {
        const dialog = Dialog.ofResponse(request, response, of.peer)
        this.dialogs.set(of.dialogId, {
          id: of.dialogId,
          client: of.client,
          dialog,
          inviteSeq: cseqOf(request).number,
        })
      }
    }
    if (response.status >= 200) this.dialled.delete(of.id)
    of.client.give(response, of.peer, of.id, of.dialogId)
  }

  private sendInside(sip: WireSip, wanted: SipRequest, client: WireClient): void {
    const known = this.dialogs.get(sip.dialogId)
    if (!known) {
      client.refuse(sip.id, 'unable to find dialog')
      return
    }
    const peer = known.dialog.nextHop()
    if (wanted.method === 'ACK') {
      const ack = known.dialog.createAck(known.inviteSeq)
      for (const name of ['content-type', 'content-length']) ack.headers.remove(name)
      this.layer.sendAck({ ...ack, body: wanted.body }, peer)
      return
    }
    const plain = known.dialog.createRequest(wanted.method)
    const contact = wanted.headers.get('contact')
    for (const { name, value } of wanted.headers) {
      if (!plain.headers.has(name) && !['via', 'content-length', 'contact'].includes(name))
        plain.headers.add(name, value)
    }
    if (contact !== undefined) plain.headers.add('contact', contact)
    const request = { ...plain, body: wanted.body }
    if (wanted.method === 'INVITE') known.inviteSeq = cseqOf(request).number
    const id = randomUUID()
    const give = (response: SipResponse) => {
      if (wanted.method === 'BYE' && response.status >= 200) this.dialogs.delete(known.id)
      client.give(response, peer, id, known.id)
    }
    this.layer.request(request, peer, {
      onResponse: give,
      onTimeout: () => give(responseTo(request, 408, phraseOf(408))),
      onTransportError: () => give(responseTo(request, 503, phraseOf(503))),
    })
    client.confirm(sip.id, request, peer, id, 'Msg sent:')
  }

  /** Held until there is a provisional response. */
  private sendCancel(sip: WireSip): void {
    const dialled = this.dialled.get(sip.transactionId)
    if (!dialled) return
    if (dialled.hasProvisional) this.cancelNow(dialled)
    else dialled.cancelWanted = true
  }

  private cancelNow(dialled: Dialled): void {
    dialled.cancelWanted = false
    const { request } = dialled.transaction
    const headers = request.headers.clone()
    for (const { name } of request.headers) {
      if (!['via', 'route', 'from', 'to', 'call-id', 'max-forwards'].includes(name)) headers.remove(name)
    }
    headers.add('cseq', `${cseqOf(request).number} CANCEL`)
    this.layer.cancel({ ...request, method: 'CANCEL', headers, body: Buffer.alloc(0) }, dialled.peer, {
      onResponse() {},
      onTimeout() {},
      onTransportError() {},
    })
  }

  private prepared(wanted: SipRequest, peer: Peer): SipRequest {
    const headers = wanted.headers.clone().set('max-forwards', '70')
    headers.set('contact', this.localised(headers.get('contact') ?? '<sip:localhost>', peer))
    headers.remove('content-length')
    return { ...wanted, headers }
  }

  /** `localhost` in a Contact stands for the server. */
  private localised(value: string, peer: Peer): string {
    return value.replace(/(?<=[@:])localhost(?=[>;])/, `127.0.0.1:${this.transport.portOf(peer.transport)}`)
  }

  private repeater(transaction: ServerTransaction, response: SipResponse): AnswerRepeater {
    const repeater = new AnswerRepeater({ clock: realClock, timers: rfcTimers }, transaction, response)
    repeater.start(() => {})
    return repeater
  }

  /** The dialog whose local tag is in To, whichever side began it. */
  private dialogOf(request: SipRequest): WireDialog | undefined {
    const to = tagOf(toOf(request))
    const from = tagOf(fromOf(request))
    const found = this.dialogs.get(`${callIdOf(request)};from-tag=${from}`)
    const other = this.dialogs.get(`${callIdOf(request)};from-tag=${to}`)
    return [found, other].find((one) => one?.dialog.localTag === to)
  }
}
