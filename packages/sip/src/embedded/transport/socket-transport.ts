import { TcpTransport } from './tcp-transport.ts'
import type { DeliverBytes, Peer, SipTransport, TransportName } from './transport.ts'
import { UdpTransport } from './udp-transport.ts'

export interface BindAddress {
  readonly host: string
  /** 0: any free port; UDP and TCP then share it when they can. */
  readonly port: number
  readonly transports: readonly TransportName[]
}

const portAttempts = 20

/** The real network: UDP and TCP on one address. */
export class SocketTransport implements SipTransport {
  private readonly udp: UdpTransport | undefined
  private readonly tcp: TcpTransport | undefined

  private constructor(udp: UdpTransport | undefined, tcp: TcpTransport | undefined) {
    this.udp = udp
    this.tcp = tcp
  }

  /**
   * `knowsSource`: TCP connections from elsewhere are closed at once.
   * @throws the bind error; nothing stays open then
   */
  static async open(
    bind: BindAddress,
    deliver: DeliverBytes,
    knowsSource: (address: string) => boolean,
  ): Promise<SocketTransport> {
    for (let attempt = 1; ; attempt += 1) {
      const udp = bind.transports.includes('udp') ? await UdpTransport.open(bind.host, bind.port, deliver) : undefined
      if (!bind.transports.includes('tcp')) return new SocketTransport(udp, undefined)
      try {
        return new SocketTransport(
          udp,
          await TcpTransport.open(bind.host, udp?.port ?? bind.port, deliver, knowsSource),
        )
      } catch (error) {
        await udp?.[Symbol.asyncDispose]()
        if (bind.port !== 0 || attempt === portAttempts) throw error
      }
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

  /** No TLS. */
  private of(transport: TransportName): UdpTransport | TcpTransport | undefined {
    if (transport === 'tls') return undefined
    return transport === 'udp' ? this.udp : this.tcp
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.udp?.[Symbol.asyncDispose](), this.tcp?.[Symbol.asyncDispose]()])
  }
}
