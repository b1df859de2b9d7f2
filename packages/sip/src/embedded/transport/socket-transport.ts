import type { Clock } from '@parley/core'
import { StreamTransport } from './stream-transport.ts'
import { openTcpSockets } from './tcp-sockets.ts'
import type { TlsBind } from './tls-listener.ts'
import { openTlsSockets } from './tls-sockets.ts'
import type { DeliverBytes, Peer, SipTransport, SourceGate, TransportName } from './transport.ts'
import { UdpTransport } from './udp-transport.ts'

export interface BindAddress {
  readonly host: string
  /** 0: any free port; UDP and TCP then share it when they can. */
  readonly port: number
  readonly transports: readonly ('udp' | 'tcp')[]
  /** Absent: no TLS calls come in; they still go out. */
  readonly tls?: TlsBind
}

const portAttempts = 20

/** The real network: UDP, TCP and TLS on one address. */
export class SocketTransport implements SipTransport {
  private readonly udp: UdpTransport | undefined
  private readonly tcp: StreamTransport | undefined
  private readonly tls: StreamTransport

  private constructor(udp: UdpTransport | undefined, tcp: StreamTransport | undefined, tls: StreamTransport) {
    this.udp = udp
    this.tcp = tcp
    this.tls = tls
  }

  /**
   * `gate`: connections it does not want are closed at once.
   * @throws the bind error, or what is wrong with a certificate file; nothing stays open then
   */
  static async open(
    bind: BindAddress,
    deliver: DeliverBytes,
    gate: SourceGate,
    clock: Clock,
  ): Promise<SocketTransport> {
    const tls = await StreamTransport.open(clock, deliver, (accept) =>
      openTlsSockets(bind.host, bind.tls, gate, accept),
    )
    try {
      const { udp, tcp } = await openPlain(bind, deliver, gate, clock)
      return new SocketTransport(udp, tcp, tls)
    } catch (error) {
      await tls[Symbol.asyncDispose]()
      throw error
    }
  }

  portOf(transport: TransportName): number | undefined {
    return this.of(transport)?.port
  }

  send(bytes: Buffer, to: Peer, onError: (error: Error) => void): void {
    const transport = this.of(to.transport)
    if (transport) transport.send(bytes, to, onError)
    else onError(new Error('transport is not bound'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.udp?.[Symbol.asyncDispose](),
      this.tcp?.[Symbol.asyncDispose](),
      this.tls[Symbol.asyncDispose](),
    ])
  }

  private of(transport: TransportName): UdpTransport | StreamTransport | undefined {
    if (transport === 'tls') return this.tls
    return transport === 'udp' ? this.udp : this.tcp
  }
}

async function openPlain(bind: BindAddress, deliver: DeliverBytes, gate: SourceGate, clock: Clock) {
  for (let attempt = 1; ; attempt += 1) {
    const udp = bind.transports.includes('udp') ? await UdpTransport.open(bind.host, bind.port, deliver) : undefined
    if (!bind.transports.includes('tcp')) return { udp, tcp: undefined }
    try {
      const tcp = await StreamTransport.open(clock, deliver, (accept) =>
        openTcpSockets(bind.host, udp?.port ?? bind.port, gate, accept),
      )
      return { udp, tcp }
    } catch (error) {
      await udp?.[Symbol.asyncDispose]()
      if (bind.port !== 0 || attempt === portAttempts) throw error
    }
  }
}
