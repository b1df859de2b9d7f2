import type { Clock } from '@parley/core'
import type { LiveConnection } from './live-connection.ts'

/** A connection made ahead is kept alive this long: the time a telephone may ring. */
const parkedMs = 120_000

interface Parked {
  readonly connection: LiveConnection
  readonly timer: Disposable
}

/** Connections made ahead of the calls that will use them, by their address. Owns them until they are taken. */
export class ParkedConnections {
  private readonly byUrl = new Map<string, Parked[]>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Closed when nobody takes it within two minutes. */
  park(url: string, connection: LiveConnection): void {
    const timer = this.clock.setTimer(this.clock.nowMs() + parkedMs, () => {
      this.remove(url, parked)
      connection.close()
    })
    connection.listen(undefined)
    const parked = { connection, timer }
    const waiting = this.byUrl.get(url)
    if (waiting) waiting.push(parked)
    else this.byUrl.set(url, [parked])
  }

  /** The one that was parked last and is still open. */
  take(url: string): LiveConnection | undefined {
    for (let last = this.byUrl.get(url)?.at(-1); last; last = this.byUrl.get(url)?.at(-1)) {
      last.timer[Symbol.dispose]()
      this.remove(url, last)
      if (last.connection.isOpen) return last.connection
    }
    return undefined
  }

  private remove(url: string, parked: Parked): void {
    const others = (this.byUrl.get(url) ?? []).filter((other) => other !== parked)
    if (others.length > 0) this.byUrl.set(url, others)
    else this.byUrl.delete(url)
  }
}
