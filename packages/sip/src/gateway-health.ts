import type { Clock } from '@parley/core'
import type { SipHop } from './sip-stack.ts'
import type { SipTransportName } from './trunk-config.ts'

/** What is known of one address of a gateway. Counts are since start. */
export interface GatewayState {
  readonly trunk: string
  readonly transport: SipTransportName
  readonly host: string
  readonly port: number
  /** False: it failed lately and is tried last. */
  readonly isUp: boolean
  readonly answers: number
  readonly failures: number
  readonly lastFailure?: string
}

export interface GatewayFailure {
  readonly detail: string
  /** The gateway's own wish, from a 503. */
  readonly retryAfterS?: number
  /** Least time of quarantine, for failures that something else will revise. */
  readonly holdMs?: number
}

interface Entry {
  readonly hop: SipHop
  answers: number
  failures: number
  inARow: number
  downUntilMs: number
  /** A Retry-After holds even when the gateway answers other requests. */
  retryAtMs: number
  lastFailure: string | undefined
}

/** First quarantine; it doubles with each failure in a row. */
const quarantineMs = 30_000
const maxQuarantineMs = 300_000
const maxRetryAfterS = 600
/** Addresses come and go with DNS; the oldest are forgotten first. */
const maxEntries = 1_000

/** Who answered and who did not, and until when the latter are tried last. */
export class GatewayHealth {
  private readonly clock: Clock
  private readonly entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  isUp(hop: SipHop): boolean {
    const entry = this.entries.get(hopKey(hop))
    return !entry || this.isEntryUp(entry)
  }

  answered(hop: SipHop): void {
    const entry = this.entryOf(hop)
    entry.answers += 1
    entry.inARow = 0
    entry.downUntilMs = 0
  }

  failed(hop: SipHop, { detail, retryAfterS = 0, holdMs = 0 }: GatewayFailure): void {
    const nowMs = this.clock.nowMs()
    const entry = this.entryOf(hop)
    const restMs = Math.max(Math.min(quarantineMs * 2 ** entry.inARow, maxQuarantineMs), holdMs)
    entry.failures += 1
    entry.inARow = Math.min(entry.inARow + 1, 10)
    entry.downUntilMs = nowMs + restMs
    entry.retryAtMs = Math.max(entry.retryAtMs, nowMs + Math.min(retryAfterS, maxRetryAfterS) * 1_000)
    entry.lastFailure = detail
  }

  /** Everything about a trunk that is gone. */
  forget(trunk: string): void {
    for (const [key, { hop }] of this.entries) if (hop.profile?.name === trunk) this.entries.delete(key)
  }

  states(): readonly GatewayState[] {
    return [...this.entries.values()].map((entry) => ({
      trunk: entry.hop.profile?.name ?? '',
      transport: entry.hop.transport,
      host: entry.hop.host,
      port: entry.hop.port,
      isUp: this.isEntryUp(entry),
      answers: entry.answers,
      failures: entry.failures,
      ...(entry.lastFailure === undefined ? {} : { lastFailure: entry.lastFailure }),
    }))
  }

  private isEntryUp(entry: Entry): boolean {
    return Math.max(entry.downUntilMs, entry.retryAtMs) <= this.clock.nowMs()
  }

  private entryOf(hop: SipHop): Entry {
    const key = hopKey(hop)
    const known = this.entries.get(key)
    if (known) return known
    const entry = { hop, answers: 0, failures: 0, inARow: 0, downUntilMs: 0, retryAtMs: 0, lastFailure: undefined }
    const [oldest] = this.entries.keys()
    if (this.entries.size >= maxEntries && oldest !== undefined) this.entries.delete(oldest)
    this.entries.set(key, entry)
    return entry
  }
}

/** Two trunks judge one address apart: their accounts differ. */
const hopKey = ({ profile, transport, host, port }: SipHop): string =>
  `${profile?.name ?? ''}|${transport}:${host}:${port}`
