import type { Clock } from '@parley/core'
import type { LiveConnection } from './live-connection.ts'

/** A connection made ahead is kept alive this long: the time a telephone may ring. */
const parkedMs = 120_000

interface Parked {
  readonly making: Promise<LiveConnection>
  /** Undefined: it is still being made. */
  connection?: LiveConnection
  timer?: Disposable
}

/** Connections made ahead of the calls that will use them, by their address. Owns them until they are taken. */
export class ParkedConnections {
  private readonly byUrl = new Map<string, Parked[]>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Closed when nobody takes it within two minutes. Resolves when it stands. @throws whatever `making` rejects with */
  async park(url: string, making: Promise<LiveConnection>): Promise<void> {
    const parked: Parked = { making }
    this.byUrl.set(url, [...(this.byUrl.get(url) ?? []), parked])
    try {
      const connection = await making
      if (this.isTaken(url, parked)) return
      parked.connection = connection
      connection.listen(undefined)
      parked.timer = this.clock.setTimer(this.clock.nowMs() + parkedMs, () => {
        this.remove(url, parked)
        connection.close()
      })
    } catch (error) {
      this.remove(url, parked)
      throw error
    }
  }

  /** The one that was parked last and is still open, or else one that is being made; undefined: there is none. */
  take(url: string): Promise<LiveConnection> | undefined {
    const waiting = (this.byUrl.get(url) ?? []).toReversed()
    for (const parked of waiting.filter(({ connection }) => connection)) {
      parked.timer?.[Symbol.dispose]()
      this.remove(url, parked)
      if (parked.connection?.isOpen) return parked.making
    }
    const coming = waiting.find(({ connection }) => !connection)
    if (coming) this.remove(url, coming)
    return coming?.making
  }

  private isTaken(url: string, parked: Parked): boolean {
    return this.byUrl.get(url)?.includes(parked) !== true
  }

  private remove(url: string, parked: Parked): void {
    const others = (this.byUrl.get(url) ?? []).filter((other) => other !== parked)
    if (others.length > 0) this.byUrl.set(url, others)
    else this.byUrl.delete(url)
  }
}
