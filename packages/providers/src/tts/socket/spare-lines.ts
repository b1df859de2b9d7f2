import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '@parley/core'

/** A connection to talk over; one that had waited may have been closed by the other side meanwhile. */
export interface Line {
  readonly socket: Socket
  readonly isSpare: boolean
}

export interface SpareLinesOptions {
  /** How names become addresses. Default: as this machine does. */
  readonly lookup?: LookupFunction | undefined
}

/** A line waits so long for a request: longer than most turns of a caller, shorter than servers wait for the first one. Taste. */
const keptMs = 30_000
/** For one host: as many calls may begin to speak at the same moment. Taste. */
const maxWaiting = 4

/**
 * Connections that stand ready for the next requests of all calls, so that the first words of a reply do not wait for TCP and
 * TLS. Nothing has been sent on them: they hold no credentials, and take none of the requests at once that an account may
 * have. They close by themselves, and with this object.
 */
export class SpareLines {
  private readonly clock: Clock
  private readonly lookup: LookupFunction | undefined
  /** By origin, the one that waits longest first. */
  private readonly waiting = new Map<string, Socket[]>()

  constructor(clock: Clock, { lookup }: SpareLinesOptions = {}) {
    this.clock = clock
    this.lookup = lookup
  }

  /** To the host of `url` (`ws`, `wss`): the line that began to wait last, standing or being made, or a new one. The caller's. */
  take(url: URL): Line {
    const spare = this.waiting.get(url.origin)?.at(-1)
    if (!spare) return { socket: this.connect(url), isSpare: false }
    this.forget(url, spare)
    return { socket: spare, isSpare: true }
  }

  /** Connects, unless enough lines wait. Resolves when the line stands, or cannot. */
  prepare(url: URL): Promise<void> {
    const others = this.waiting.get(url.origin) ?? []
    if (others.length >= maxWaiting) return Promise.resolve()
    const socket = this.connect(url)
    this.waiting.set(url.origin, [...others, socket])
    const expiry = this.clock.setTimer(this.clock.nowMs() + keptMs, () => {
      if (this.waiting.get(url.origin)?.includes(socket)) socket.destroy()
    })
    socket.on('error', () => {})
    return new Promise((resolve) => {
      socket.once(isSecure(url) ? 'secureConnect' : 'connect', resolve)
      socket.once('close', () => {
        expiry[Symbol.dispose]()
        this.forget(url, socket)
        resolve()
      })
    })
  }

  [Symbol.dispose](): void {
    for (const socket of [...this.waiting.values()].flat()) socket.destroy()
  }

  private forget(url: URL, socket: Socket): void {
    const others = (this.waiting.get(url.origin) ?? []).filter((other) => other !== socket)
    if (others.length > 0) this.waiting.set(url.origin, others)
    else this.waiting.delete(url.origin)
  }

  private connect(url: URL): Socket {
    const { lookup } = this
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const options = { host, port: Number(url.port) || (isSecure(url) ? 443 : 80), ...(lookup && { lookup }) }
    return isSecure(url) ? connectTls({ ...options, servername: isIP(host) ? '' : host }) : connectPlain(options)
  }
}

const isSecure = (url: URL) => url.protocol === 'wss:'
