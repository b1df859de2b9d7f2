import type { Clock } from '@parley/core'
import type { DnsAnswer, DnsPort } from './dns-port.ts'

/** No answer after this: the name service is down. */
const queryTimeoutMs = 4_000
/** Pause before a failed query is sent again. */
const failureHoldMs = 5_000
const minTtlS = 1
const maxTtlS = 3_600
/** Names come from the configuration and from SRV records. The oldest go first. */
const maxEntries = 1_000

interface Entry {
  readonly answer: DnsAnswer<unknown> | undefined
  readonly untilMs: number
}

/**
 * Remembers answers for as long as they hold, absence included, asks each question once at a time, and bounds its time.
 * When the name service fails, the last good answer stays in force.
 */
export class DnsCache implements DnsPort {
  private readonly dns: DnsPort
  private readonly clock: Clock
  private readonly entries = new Map<string, Entry>()
  private readonly asking = new Map<string, Promise<DnsAnswer<unknown>>>()

  constructor(dns: DnsPort, clock: Clock) {
    this.dns = dns
    this.clock = clock
  }

  naptr(name: string): ReturnType<DnsPort['naptr']> {
    return this.ask(`naptr ${name}`, () => this.dns.naptr(name))
  }

  srv(name: string): ReturnType<DnsPort['srv']> {
    return this.ask(`srv ${name}`, () => this.dns.srv(name))
  }

  addresses(name: string): ReturnType<DnsPort['addresses']> {
    return this.ask(`addresses ${name}`, () => this.dns.addresses(name))
  }

  private async ask<T>(key: string, query: () => Promise<DnsAnswer<T>>): Promise<DnsAnswer<T>> {
    // A key always holds answers of one kind: its first word is that kind.
    const known = this.entries.get(key) as { answer: DnsAnswer<T> | undefined; untilMs: number } | undefined
    if (known && known.untilMs > this.clock.nowMs()) {
      if (known.answer) return known.answer
      throw new Error(`name service failed: ${key}`)
    }
    const running = this.asking.get(key) as Promise<DnsAnswer<T>> | undefined
    if (running) return running
    const asking = this.refresh(key, query, known?.answer).finally(() => this.asking.delete(key))
    this.asking.set(key, asking)
    return asking
  }

  private async refresh<T>(
    key: string,
    query: () => Promise<DnsAnswer<T>>,
    last: DnsAnswer<T> | undefined,
  ): Promise<DnsAnswer<T>> {
    try {
      const answer = await this.bounded(query())
      const ttlS = Math.min(Math.max(answer.ttlS, minTtlS), maxTtlS)
      this.remember(key, { answer, untilMs: this.clock.nowMs() + ttlS * 1_000 })
      return answer
    } catch (error) {
      this.remember(key, { answer: last, untilMs: this.clock.nowMs() + failureHoldMs })
      if (last) return last
      throw error
    }
  }

  private remember(key: string, entry: Entry): void {
    this.entries.delete(key)
    this.entries.set(key, entry)
    const [oldest] = this.entries.keys()
    if (this.entries.size > maxEntries && oldest !== undefined) this.entries.delete(oldest)
  }

  private bounded<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimer(this.clock.nowMs() + queryTimeoutMs, () =>
        reject(new Error('name service does not answer')),
      )
      work.then(resolve, reject).finally(() => timer[Symbol.dispose]())
    })
  }
}
