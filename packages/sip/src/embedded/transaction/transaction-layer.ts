import type { Clock, Random } from '@parley/core'
import { type SipMessage, type SipRequest, type SipResponse, topVia } from '../message/sip-message.ts'
import { defaultPort } from '../message/sip-uri.ts'
import { formatVia, viaWithSource } from '../message/via.ts'
import { writeMessage } from '../message/write-message.ts'
import type { Peer, SipTransport } from '../transport/transport.ts'
import { InviteClientTransaction } from './invite-client-transaction.ts'
import { InviteServerTransaction } from './invite-server-transaction.ts'
import { LargeRequest, maxDatagramRequestBytes } from './large-request.ts'
import { NonInviteClientTransaction } from './non-invite-client-transaction.ts'
import { NonInviteServerTransaction } from './non-invite-server-transaction.ts'
import { overloadRefusal } from './overload-refusal.ts'
import { ServerRoom } from './server-room.ts'
import type { TimerValues } from './timer-values.ts'
import type { ClientTransaction, ClientTransactionUser, ServerTransaction, TransactionPorts } from './transaction.ts'
import { clientKey, newBranch, serverKey } from './transaction-key.ts'

/** The user agent above. Called synchronously from `receive`. */
export interface TransactionCore {
  /** False: a request of nobody's; it is dropped without a transaction, hence without any response. */
  admits(request: SipRequest, source: Peer): boolean
  /** The request belongs to a dialog that is there. */
  ownsDialog(request: SipRequest): boolean
  onRequest(transaction: ServerTransaction): void
  /** `invite` is the transaction to be cancelled, if it is still there. */
  onCancel(cancel: ServerTransaction, invite: ServerTransaction | undefined): void
  /** An ACK of a 2xx. */
  onAck(request: SipRequest): void
}

export interface TransactionLayerOptions {
  readonly transport: Pick<SipTransport, 'send' | 'portOf'>
  readonly core: TransactionCore
  readonly clock: Clock
  readonly random: Random
  readonly timers: TimerValues
  /** Host in our Via. */
  readonly advertisedHost: string
}

const mayNeedTcp = ({ transport, profile }: Peer) => transport === 'udp' && profile?.largeMessages === 'tcp'

/** Finds or makes the transaction of each message. @see RFC 3261 section 17 */
export class TransactionLayer {
  dropped = 0
  /** Requests of sources that hold more than their share, answered with 503. */
  refused = 0
  private readonly clients = new Map<string, ClientTransaction>()
  private readonly servers = new Map<string, ServerTransaction>()
  private readonly room = new ServerRoom()
  private readonly options: TransactionLayerOptions

  constructor(options: TransactionLayerOptions) {
    this.options = options
  }

  /** Transactions of ours that still wait for a final response. */
  get pendingClients(): number {
    return [...this.clients.values()].filter((transaction) => transaction.pending).length
  }

  /** Adds our Via and sends the request in a new transaction. */
  request(request: SipRequest, peer: Peer, user: ClientTransactionUser): ClientTransaction {
    this.addVia(request, peer)
    if (!mayNeedTcp(peer) || writeMessage(request).length <= maxDatagramRequestBytes) {
      return this.open(request, peer, user)
    }
    return new LargeRequest(request, peer, user, (chosen, itsUser) => {
      request.headers.replaceFirst('via', this.viaFor(chosen))
      return this.open(request, chosen, itsUser)
    })
  }

  /** Sends a CANCEL; its Via is that of the INVITE. @see RFC 3261 section 9.1 */
  cancel(request: SipRequest, peer: Peer, user: ClientTransactionUser): ClientTransaction {
    return this.open(request, peer, user)
  }

  /** Sends an ACK for a 2xx; the same object may be sent again. */
  sendAck(request: SipRequest, peer: Peer): void {
    if (!request.headers.has('via')) this.addVia(request, peer)
    this.options.transport.send(writeMessage(request), peer, () => {})
  }

  /** `sizeBytes`: of the message as it came. */
  receive(message: SipMessage, source: Peer, sizeBytes: number): void {
    if (message.kind === 'response') this.receiveResponse(message)
    else this.receiveRequest(message, source, sizeBytes)
  }

  terminateAll(): void {
    for (const transaction of [...this.clients.values(), ...this.servers.values()]) transaction.terminate()
  }

  private receiveResponse(response: SipResponse): void {
    const transaction = this.clients.get(clientKey(response))
    // A response with more than our Via was meant for a proxy. @see RFC 3261 section 8.1.3.3
    if (transaction && response.headers.all('via').length === 1) transaction.receive(response)
    else this.dropped += 1
  }

  private receiveRequest(request: SipRequest, source: Peer, sizeBytes: number): void {
    const key = serverKey(request)
    const known = this.servers.get(key)
    if (known?.receive(request)) return
    if (request.method === 'ACK') {
      this.options.core.onAck(request)
      return
    }
    const room = this.room.verdictFor(source.host)
    const isFree = room === 'free' || (room !== 'closed' && this.isPrivileged(request))
    if ((!isFree && room !== 'overShare') || !this.options.core.admits(request, source)) {
      this.dropped += 1
      return
    }
    if (!isFree) {
      this.refuse(request, source, key)
      return
    }
    const transaction = this.openServer(request, source, key, sizeBytes)
    if (request.method !== 'CANCEL') {
      this.options.core.onRequest(transaction)
      return
    }
    this.options.core.onCancel(transaction, this.servers.get(serverKey(request, 'INVITE')))
  }

  /** Calls that are up go on through a flood, and what was begun can be taken back. */
  private isPrivileged(request: SipRequest): boolean {
    if (request.method === 'CANCEL') return this.servers.has(serverKey(request, 'INVITE'))
    return this.options.core.ownsDialog(request)
  }

  private refuse(request: SipRequest, source: Peer, key: string): void {
    this.refused += 1
    const peer = answerPeer(request, source)
    this.options.transport.send(writeMessage(overloadRefusal(request, key)), peer, () => {})
  }

  private open(request: SipRequest, peer: Peer, user: ClientTransactionUser): ClientTransaction {
    const key = clientKey(request)
    const ports = this.portsFor(peer, () => this.clients.delete(key))
    const Kind = request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction
    const transaction = new Kind(request, peer, ports, user)
    this.clients.set(key, transaction)
    transaction.start()
    return transaction
  }

  private openServer(request: SipRequest, source: Peer, key: string, sizeBytes: number): ServerTransaction {
    const peer = answerPeer(request, source)
    this.room.take(source.host, sizeBytes)
    const ports = this.portsFor(peer, () => {
      this.servers.delete(key)
      this.room.release(source.host, sizeBytes)
    })
    const Kind = request.method === 'INVITE' ? InviteServerTransaction : NonInviteServerTransaction
    const transaction = new Kind(request, peer, ports)
    this.servers.set(key, transaction)
    return transaction
  }

  private portsFor(peer: Peer, onTerminated: () => void): TransactionPorts {
    const { clock, timers, transport } = this.options
    return {
      clock,
      timers,
      reliable: peer.transport !== 'udp',
      send: (message, onError) => transport.send(writeMessage(message), peer, onError),
      onTerminated,
    }
  }

  private addVia(request: SipRequest, peer: Peer): void {
    request.headers.prepend('via', this.viaFor(peer))
  }

  private viaFor({ transport, profile }: Peer): string {
    const port = profile?.advertised?.port ?? this.options.transport.portOf(transport) ?? defaultPort(transport)
    const host = profile?.advertised?.host ?? this.options.advertisedHost
    return formatVia(transport, host, port, newBranch(this.options.random))
  }
}

/**
 * Where responses to a request go, whose Via is told so. Without rport that is the port in the Via, yet never another address;
 * so it is when its connection is gone. @see RFC 3581 section 4, RFC 3261 section 18.2.2
 */
function answerPeer(request: SipRequest, source: Peer): Peer {
  const via = topVia(request)
  request.headers.replaceFirst('via', viaWithSource(request.headers.get('via') ?? '', via, source.host, source.port))
  const symmetric = source.transport === 'udp' && via.params.has('rport')
  return symmetric ? source : { ...source, port: via.port ?? defaultPort(source.transport) }
}
