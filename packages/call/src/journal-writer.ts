import {
  type CallEvent,
  type CallEventBody,
  type CallId,
  type CallJournal,
  type Clock,
  type Logger,
  waitUntil,
} from '@parley/core'
import type { CallPrivacy } from './privacy/call-privacy.ts'

const firstRetryMs = 100
const lastRetryMs = 5_000
/** An engine that shuts down does not wait longer. */
const flushLimitMs = 120_000

/**
 * Numbers the events of one call, as its privacy lets them be seen, and appends them to the journal in order, in batches,
 * one append at a time. A failing journal is tried again with growing pauses for as long as the process lives: a call whose
 * end is never written would hold its line, and have no record.
 */
export class JournalWriter {
  private seq = 0
  private pending: CallEvent[] = []
  private running: Promise<void> | undefined
  private readonly callId: CallId
  private readonly journal: CallJournal
  private readonly clock: Clock
  private readonly logger: Logger
  private readonly privacy: Pick<CallPrivacy, 'shown'>

  constructor(callId: CallId, journal: CallJournal, clock: Clock, logger: Logger, privacy: Pick<CallPrivacy, 'shown'>) {
    this.callId = callId
    this.journal = journal
    this.clock = clock
    this.logger = logger
    this.privacy = privacy
  }

  write(happened: CallEventBody): void {
    const body = this.privacy.shown(happened)
    if (!body) return
    this.seq += 1
    this.pending.push({ callId: this.callId, seq: this.seq, wallMs: this.clock.wallMs(), body })
    this.running ??= this.drain()
  }

  /** Resolves when everything written so far is stored; after two minutes also while it is still being tried. */
  async flush(): Promise<void> {
    if (!this.running) return
    const stored = new AbortController()
    const limit = waitUntil(this.clock, this.clock.nowMs() + flushLimitMs, stored.signal).catch(() => {})
    await Promise.race([this.running, limit])
    stored.abort()
  }

  private async drain(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending
      this.pending = []
      await this.append(batch)
    }
    this.running = undefined
  }

  private async append(batch: readonly CallEvent[]): Promise<void> {
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, lastRetryMs)) {
      try {
        await this.journal.append(batch)
        return
      } catch (error) {
        this.logger.warn('journal append failed, trying again', { events: batch.length, error })
        await waitUntil(this.clock, this.clock.nowMs() + pauseMs)
      }
    }
  }
}
