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
const giveUpAfterMs = 120_000

/**
 * Numbers the events of one call, as its privacy lets them be seen, and appends them to the journal in order, in batches, one append at a time. A failing
 * journal is tried again with growing pauses; after two minutes the batch is given up and reported as an error.
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

  /** Resolves when everything written so far is stored, or was given up. */
  async flush(): Promise<void> {
    await this.running
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
    const startedAtMs = this.clock.nowMs()
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, lastRetryMs)) {
      try {
        await this.journal.append(batch)
        return
      } catch (error) {
        if (this.clock.nowMs() - startedAtMs > giveUpAfterMs) {
          this.logger.error('journal events given up', { events: batch.length, error })
          return
        }
        this.logger.warn('journal append failed, trying again', { events: batch.length, error })
        await waitUntil(this.clock, this.clock.nowMs() + pauseMs)
      }
    }
  }
}
