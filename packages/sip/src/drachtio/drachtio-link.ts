import { createServer, type Server, type Socket } from 'node:net'
import type { Clock, Logger } from '@parley/core'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import {
  createDrachtioClient,
  type DrachtioClient,
  type DrachtioRequest,
  type DrachtioRequestOptions,
  type DrachtioResponse,
} from './drachtio-client.ts'

export interface DrachtioServer {
  readonly host: string
  /** Admin port, 9022 by default on the server. */
  readonly port: number
  readonly secret: string
  /** The admin port speaks TLS; its certificate is verified against the system's authorities. */
  readonly tls?: boolean
}

/** Where the servers connect to us, in outbound mode. */
export interface DrachtioListen {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly secret: string
  /** Port of the HTTP endpoint that the servers ask for each call. 0: any free one. */
  readonly routingPort: number
  /** `host` or `host:port` by which the servers reach us. The port defaults to the one bound. */
  readonly address: string
}

export interface DrachtioLinkOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Ask for new INVITEs and OPTIONS; otherwise the link only makes calls. */
  readonly takesCalls: boolean
  readonly onRequest: (link: DrachtioLink, request: DrachtioRequest, response: DrachtioResponse) => void
  /** Each message as the server tells of it. `sent`: by us. `peer`: `udp:192.0.2.1:5060`. */
  readonly onMessage: (raw: string, sent: boolean, peer: string) => void
  /** The connection with all its dialogs is gone. `socket`: which one, where servers connect to us. */
  readonly onLost: (link: DrachtioLink, socket?: Socket) => void
}

/** Pauses between attempts to connect: the first, doubling, and the longest. Taste. */
const firstPauseMs = 250
const longestPauseMs = 15_000

/**
 * One connection to a drachtio-server, made again with growing pauses when it is lost, or a port on which servers
 * connect to us. drachtio-srf's own reconnection is not used: it forgets TLS.
 */
export class DrachtioLink implements AsyncDisposable {
  readonly outbound: boolean
  private readonly options: DrachtioLinkOptions
  private readonly target: DrachtioServer | DrachtioListen
  private readonly timers: TimerSet<'connect'>
  private readonly sockets = new Set<Socket>()
  private readonly firstOutcome: Promise<void>
  private settleFirst: () => void = () => {}
  private client: DrachtioClient | undefined
  private server: Server | undefined
  private hostPorts = ''
  private failures = 0
  private up = false
  private closed = false

  private constructor(target: DrachtioServer | DrachtioListen, outbound: boolean, options: DrachtioLinkOptions) {
    this.target = target
    this.outbound = outbound
    this.options = options
    this.timers = new TimerSet(options.clock)
    this.firstOutcome = new Promise((resolve) => {
      this.settleFirst = resolve
    })
  }

  /** Resolves after the first attempt, whether it succeeded or not. */
  static async connect(server: DrachtioServer, options: DrachtioLinkOptions): Promise<DrachtioLink> {
    const link = new DrachtioLink(server, false, options)
    link.attempt()
    await link.firstOutcome
    return link
  }

  /** @throws the bind error */
  static async listen(listen: DrachtioListen, options: DrachtioLinkOptions): Promise<DrachtioLink> {
    const link = new DrachtioLink(listen, true, options)
    await link.accept()
    return link
  }

  /** Calls can be made over it now. */
  get isUp(): boolean {
    return this.up
  }

  /** SIP endpoints of the server as `udp/192.0.2.1:5060,tcp/...`; empty before the first connection. */
  get endpoints(): string {
    return this.hostPorts
  }

  /** Port on which servers connect to us, in outbound mode. */
  get listenPort(): number | undefined {
    const address = this.server?.address()
    return typeof address === 'object' ? address?.port : undefined
  }

  /** Hands a request to the server. `onSent` gets, later, the request as it stands on the wire or why it did not leave. */
  request(
    uri: string,
    options: DrachtioRequestOptions,
    onSent: (error: Error | undefined, request?: DrachtioRequest) => void,
  ): void {
    const { client } = this
    if (!client || (!this.up && !options._socket)) {
      queueMicrotask(() => onSent(new Error('no connection to a drachtio-server')))
      return
    }
    try {
      client.request(uri, options, (error, request) => onSent(error ?? undefined, request))
    } catch (error) {
      queueMicrotask(() => onSent(error instanceof Error ? error : new Error(String(error))))
    }
  }

  /** Passes a message on to whoever keeps them. */
  note(raw: string, sent: boolean, peer: string): void {
    this.options.onMessage(raw, sent, peer)
  }

  /** A server that connected for one call may go. */
  endSession(socket: Socket | undefined): void {
    if (this.outbound && socket && !this.closed) socket.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.timers.clear()
    this.settleFirst()
    if (this.up && !this.outbound) this.hangUp(this.client)
    this.up = false
    for (const socket of this.sockets) socket.destroy()
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()))
  }

  private attempt(): void {
    const client = this.createClient()
    const { host, port, secret, tls } = this.target as DrachtioServer // `connect` made this link
    client.on('connect', (error, hostPorts) => {
      if (this.closed || client !== this.client) this.hangUp(client)
      else if (error) {
        this.hangUp(client)
        this.lost(client, 'the server refused the secret')
      } else this.connected(hostPorts ?? '')
    })
    client.on('error', (error) => this.lost(client, error.message))
    client.on('close', () => this.lost(client, 'closed by the server'))
    this.client = client
    client.connect({
      host,
      port,
      secret,
      enablePing: true,
      reconnect: { maxAttempts: 1 },
      ...(tls ? { tls: { servername: host } } : {}),
    })
  }

  private connected(hostPorts: string): void {
    this.hostPorts = String(hostPorts)
    this.failures = 0
    this.up = true
    this.options.logger.info('connected to drachtio-server', { server: this.target.host, endpoints: this.hostPorts })
    this.settleFirst()
  }

  private lost(client: DrachtioClient, detail: string): void {
    if (this.closed || client !== this.client) return
    this.client = undefined
    const wasUp = this.up
    this.up = false
    const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(this.failures, 10), longestPauseMs)
    this.failures += 1
    this.options.logger.warn('no drachtio-server', { server: this.target.host, detail, pauseMs })
    this.timers.set('connect', pauseMs, () => this.attempt())
    this.settleFirst()
    if (wasUp) this.options.onLost(this)
  }

  private async accept(): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    this.server = server
    const { host, port, secret } = this.target
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    const client = this.createClient()
    client.on('connect', (error) => {
      if (error) this.options.logger.error('a drachtio-server knows another secret', {})
    })
    client.on('error', (error) => this.options.logger.warn('drachtio connection', { error: error.message }))
    client.on('close', (socket) => {
      if (!this.closed) this.options.onLost(this, socket)
    })
    this.client = client
    client.listen({ server, secret })
  }

  private createClient(): DrachtioClient {
    const client = createDrachtioClient()
    const handle = (request: DrachtioRequest, response: DrachtioResponse) => {
      if (!this.closed) this.options.onRequest(this, request, response)
    }
    client.use(handle)
    if (this.options.takesCalls) {
      client.use('invite', handle)
      client.use('options', handle)
    }
    return client
  }

  private hangUp(client: DrachtioClient | undefined): void {
    try {
      client?.disconnect()
    } catch {
      // Never connected: nothing to end.
    }
  }
}
