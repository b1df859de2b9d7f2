/**
 * More open server transactions than this are a flood. Taste: 300 new requests a second, each remembered for 32 s. What lies
 * above is kept for sources that hold less than their share.
 */
const busyTransactions = 10_000
const maxTransactions = 12_500
/** Those of dialogs and CANCELs included. */
const maxTransactionsInAll = 20_000
/** Bytes of the requests that open server transactions hold: 10,000 of 3 KB. Taste. */
const busyBytes = 32 << 20
const maxBytes = 40 << 20

/** `overShare`: others may still begin something new. `full`: nobody may. `closed`: not even for calls that are up. */
export type RoomVerdict = 'free' | 'overShare' | 'full' | 'closed'

/**
 * What open server transactions take up, by the address they came from. While there is plenty nobody is asked; in a flood a
 * source may begin something new while it holds less than an equal share of all sources and of one that is still to come.
 * So one address, or a few, cannot keep the others out.
 */
export class ServerRoom {
  private transactions = 0
  private bytes = 0
  private readonly sources = new Map<string, { transactions: number; bytes: number }>()

  verdictFor(source: string): RoomVerdict {
    if (this.transactions >= maxTransactionsInAll) return 'closed'
    if (this.transactions >= maxTransactions || this.bytes >= maxBytes) return 'full'
    const held = this.sources.get(source) ?? { transactions: 0, bytes: 0 }
    const sharers = this.sources.size + 1
    const over =
      (this.transactions >= busyTransactions && held.transactions >= maxTransactions / sharers) ||
      (this.bytes >= busyBytes && held.bytes >= maxBytes / sharers)
    return over ? 'overShare' : 'free'
  }

  take(source: string, bytes: number): void {
    const held = this.sources.get(source) ?? { transactions: 0, bytes: 0 }
    this.sources.set(source, held)
    this.add(held, 1, bytes)
  }

  /** Gives back what was taken, once. */
  release(source: string, bytes: number): void {
    const held = this.sources.get(source)
    if (!held) return
    this.add(held, -1, -bytes)
    if (held.transactions === 0) this.sources.delete(source)
  }

  private add(held: { transactions: number; bytes: number }, transactions: number, bytes: number): void {
    held.transactions += transactions
    held.bytes += bytes
    this.transactions += transactions
    this.bytes += bytes
  }
}
