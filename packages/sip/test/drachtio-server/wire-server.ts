import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { phraseOf } from '../../src/embedded/agent/capabilities.ts'
import { parseMessage } from '../../src/embedded/message/parse-message.ts'
import { responseTo, type SipRequest, tagOf, toOf } from '../../src/embedded/message/sip-message.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import type { ServerTransaction } from '../../src/embedded/transaction/transaction.ts'
import { type TransactionCore, TransactionLayer } from '../../src/embedded/transaction/transaction-layer.ts'
import { SocketTransport } from '../../src/embedded/transport/socket-transport.ts'
import { realClock, realRandom } from '../support/real-clock.ts'
import { WireCalls } from './wire-calls.ts'
import { WireClient } from './wire-client.ts'

export const wireSecret = 'secret-of-tests'

/** Asked for each new INVITE in outbound mode: `host:port` of the application, or a status to reject with. */
export type AskRoute = (invite: SipRequest, source: string) => Promise<{ readonly uri: string } | number>

/**
 * A server with the wire protocol of drachtio-server, as far as the contract suite needs: real SIP over UDP and TCP on
 * one side, applications on the other. It stands in for the real one where that cannot be had.
 */
export class WireServer implements TransactionCore, AsyncDisposable {
  private readonly clients = new Set<WireClient>()
  private readonly sockets = new Set<Socket>()
  private readonly transport: SocketTransport
  private readonly admin: Server
  private readonly layer: TransactionLayer
  private readonly calls: WireCalls
  private readonly askRoute: AskRoute | undefined

  private constructor(transport: SocketTransport, admin: Server, askRoute: AskRoute | undefined) {
    this.transport = transport
    this.admin = admin
    this.askRoute = askRoute
    this.layer = new TransactionLayer({
      transport,
      core: this,
      clock: realClock,
      random: realRandom,
      timers: rfcTimers,
      advertisedHost: '127.0.0.1',
    })
    this.calls = new WireCalls(this.layer, transport)
    admin.on('connection', (socket) => this.accept(socket))
  }

  static async open(adminPort = 0, askRoute?: AskRoute): Promise<WireServer> {
    let server: WireServer | undefined
    const bind = { host: '127.0.0.1', port: 0, transports: ['udp', 'tcp'] as const }
    const transport = await SocketTransport.open(
      bind,
      (bytes, source) => {
        const result = parseMessage(bytes)
        if (result.ok) server?.layer.receive(result.message, source, bytes.length)
      },
      { knowsSource: () => true, acceptsCertificate: () => true },
      realClock,
    )
    const admin = createServer()
    server = new WireServer(transport, admin, askRoute)
    admin.listen(adminPort, '127.0.0.1')
    await once(admin, 'listening')
    return server
  }

  get adminPort(): number {
    const address = this.admin.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  get sipPort(): number {
    return this.transport.portOf('udp') ?? 0
  }

  /** Cuts every application off, as a restart does. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  ownsDialog(): boolean {
    return true
  }

  admits(): boolean {
    return true
  }

  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction
    if (this.calls.deliver(transaction)) return
    if (tagOf(toOf(request)) !== undefined) {
      this.reply(transaction, 481)
      return
    }
    if (request.method === 'INVITE') this.reply(transaction, 100)
    if (this.askRoute && request.method === 'INVITE') {
      void this.connectOut(transaction, this.askRoute)
      return
    }
    const client = [...this.clients].find((one) => one.routes.has(request.method.toLowerCase()))
    if (client) this.calls.offer(transaction, client)
    else this.reply(transaction, 503)
  }

  onCancel(cancel: ServerTransaction, invite: ServerTransaction | undefined): void {
    this.reply(cancel, invite ? 200 : 481)
    if (invite) this.calls.cancel(cancel, invite)
  }

  onAck(request: SipRequest): void {
    this.calls.acknowledge(request)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.calls.stop()
    this.layer.terminateAll()
    await new Promise<void>((resolve) => this.admin.close(() => resolve()))
    await this.transport[Symbol.asyncDispose]()
  }

  private accept(socket: Socket, onReady?: (client: WireClient) => void): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    const { sipPort } = this
    this.clients.add(
      new WireClient(socket, {
        secret: wireSecret,
        endpoints: `udp/127.0.0.1:${sipPort},tcp/127.0.0.1:${this.transport.portOf('tcp')}`,
        onSip: (sip, client) => this.calls.receive(sip, client),
        ...(onReady ? { onReady } : {}),
        onGone: (client) => {
          this.clients.delete(client)
          this.calls.forget(client)
        },
      }),
    )
  }

  private async connectOut(transaction: ServerTransaction, askRoute: AskRoute): Promise<void> {
    const route = await askRoute(transaction.request, transaction.peer.host)
    if (typeof route === 'number') {
      this.reply(transaction, route)
      return
    }
    const [host, port] = route.uri.split(':')
    const socket = connect(Number(port), host)
    socket.on('error', () => this.reply(transaction, 480))
    this.accept(socket, (client) => this.calls.offer(transaction, client))
  }

  private reply(transaction: ServerTransaction, status: number): void {
    transaction.respond(responseTo(transaction.request, status, phraseOf(status), randomUUID()))
  }
}
