import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Where a service is reached over WebSocket. */
export interface SocketEndpoint {
  /** `ws` or `wss`. */
  readonly url: URL
  /** How its name becomes addresses. Undefined: as this machine does. */
  readonly lookup: LookupFunction | undefined
}

/** A connection to talk over; one that had waited may have been closed by the other side meanwhile. */
export interface Line {
  readonly socket: Socket
  readonly isSpare: boolean
}

/** Longer than most turns of a caller, shorter than servers wait for the first request. Taste. */
const idleMs = 30_000

/**
 * One connection that stands ready for the next request, so that its first words do not wait for TCP and TLS. Nothing has been
 * sent on it: it takes none of the requests at once that an account may have. Keeps no process running, and closes by itself.
 */
export class SpareLine {
  private readonly endpoint: SocketEndpoint
  private readonly keptMs: number
  private spare: Socket | undefined

  /** `keptMs`: how long it waits for a request. Default 30 s. */
  constructor(endpoint: SocketEndpoint, keptMs = idleMs) {
    this.endpoint = endpoint
    this.keptMs = keptMs
  }

  /** The connection that waited or is being made, or a new one. It is the caller's. */
  take(): Line {
    const { spare } = this
    this.spare = undefined
    if (!spare) return { socket: this.connect(), isSpare: false }
    return { socket: spare.ref().setTimeout(0), isSpare: true }
  }

  /** Connects unless a connection waits or is being made. Resolves when it stands, or cannot. */
  prepare(): Promise<void> {
    if (this.spare) return Promise.resolve()
    const socket = this.connect().unref()
    this.spare = socket
    socket.setTimeout(this.keptMs, () => socket.destroy())
    socket.on('error', () => {})
    return new Promise((resolve) => {
      socket.once(this.isSecure ? 'secureConnect' : 'connect', resolve)
      socket.once('close', () => {
        if (this.spare === socket) this.spare = undefined
        resolve()
      })
    })
  }

  private get isSecure(): boolean {
    return this.endpoint.url.protocol === 'wss:'
  }

  private connect(): Socket {
    const { url, lookup } = this.endpoint
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const options = { host, port: Number(url.port) || (this.isSecure ? 443 : 80), ...(lookup && { lookup }) }
    return this.isSecure ? connectTls({ ...options, servername: isIP(host) ? '' : host }) : connectPlain(options)
  }
}
