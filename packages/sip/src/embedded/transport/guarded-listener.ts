import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { plainAddress } from './transport.ts'

const maxConnections = 512

/** A listening TCP port that closes connections of strangers before a byte is read, so that they use up nothing. */
export class GuardedListener implements AsyncDisposable {
  readonly port: number
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  private constructor(server: Server, knows: (address: string) => boolean, accept: (socket: Socket) => void) {
    this.server = server
    this.port = (server.address() as AddressInfo).port // a listening TCP server has no other kind of address
    server.maxConnections = maxConnections
    server.on('error', () => {}) // accept() failures concern one peer only
    server.on('connection', (socket) => {
      if (!knows(plainAddress(socket.remoteAddress ?? ''))) {
        socket.destroy()
        return
      }
      this.sockets.add(socket)
      socket.on('error', () => {}) // until its owner has looked at it
      socket.on('close', () => this.sockets.delete(socket))
      accept(socket)
    })
  }

  /** @throws the bind error */
  static async open(
    host: string,
    port: number,
    knows: (address: string) => boolean,
    accept: (socket: Socket) => void,
  ): Promise<GuardedListener> {
    const server = createServer({ noDelay: true })
    server.listen(port, host)
    await once(server, 'listening')
    return new GuardedListener(server, knows, accept)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }
}
