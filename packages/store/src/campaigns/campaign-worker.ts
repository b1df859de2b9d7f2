import type { Calendar, CampaignAttempt, CampaignPlacement, Clock, Logger, Random } from '@parley/core'
import { callId } from '@parley/core'
import type { Database } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { claimCallee } from './claim-callee.ts'
import { overdueAttempts } from './overdue-attempts.ts'
import { type StatusOf, settleAttempt } from './settle-attempt.ts'
import { settlePlacement } from './settle-placement.ts'

export interface CampaignRun {
  readonly calendar: Calendar
  /** Makes the call of an attempt, or says why not. A rejection leaves open whether there is a call. */
  readonly place: (attempt: CampaignAttempt) => Promise<CampaignPlacement>
  readonly statusOf: StatusOf
  readonly signal: AbortSignal
}

export interface CampaignWorkerOptions extends CampaignRun {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Woken when a campaign was made or changed, or a call of one ended. */
  readonly wakeUp: WakeUp
}

/** Slow look for what a lost notification did not tell. */
const pollMs = 1_000
/** Another engine holds the campaign that is due. */
const heldElsewhereMs = 50
/** Placements under way at once in this process, and of one campaign: a full trunk of one must not stop the others. Taste. */
const placementsAtOnce = 32
const placementsOfOne = 4

/**
 * Gives callees whose turn has come to `place`, and draws the consequences of calls that are over. Any number of engines may
 * share a database; each callee is with one of them.
 */
export class CampaignWorker {
  private readonly options: CampaignWorkerOptions
  private readonly placements = new Map<Promise<void>, number>()

  constructor(options: CampaignWorkerOptions) {
    this.options = options
  }

  /** Until `signal` aborts and the placements under way are settled. Never rejects. */
  async run(): Promise<void> {
    const { signal, clock, wakeUp } = this.options
    while (!signal.aborted) {
      const { ticket } = wakeUp
      const waitMs = await this.look()
      if (waitMs > 0) await wakeUp.sleep(ticket, clock, clock.nowMs() + waitMs, signal)
    }
    await Promise.all(this.placements.keys())
  }

  /** Returns how long there will be nothing to do; 0: look again at once. */
  private async look(): Promise<number> {
    try {
      await this.settle()
      return await this.claim()
    } catch (error) {
      this.options.logger.warn('looking after campaigns failed', { error: String(error) })
      return pollMs
    }
  }

  private async settle(): Promise<void> {
    const { db, statusOf, signal } = this.options
    for (const overdue of await overdueAttempts(db)) {
      if (signal.aborted) return
      await settleAttempt(db, overdue, statusOf)
    }
  }

  private async claim(): Promise<number> {
    const { db, random, calendar, signal, wakeUp } = this.options
    while (!signal.aborted) {
      if (this.placements.size >= placementsAtOnce) return pollMs
      const claim = await claimCallee(db, { callId: callId(random.uuid()), calendar, except: this.busyCampaigns() })
      if (claim.kind === 'idle') return Math.min(pollMs, Math.max(heldElsewhereMs, claim.nextDueMs ?? pollMs))
      if (claim.kind === 'nothing') continue
      const placement = this.place(claim.attempt).finally(() => {
        this.placements.delete(placement)
        wakeUp.wake()
      })
      this.placements.set(placement, claim.attempt.campaignId)
    }
    return 0
  }

  private busyCampaigns(): readonly number[] {
    const counts = new Map<number, number>()
    for (const campaignId of this.placements.values()) counts.set(campaignId, (counts.get(campaignId) ?? 0) + 1)
    return [...counts].filter(([, count]) => count >= placementsOfOne).map(([campaignId]) => campaignId)
  }

  private async place(attempt: CampaignAttempt): Promise<void> {
    const { db, place, logger } = this.options
    const facts = { campaignId: attempt.campaignId, callId: attempt.callId }
    try {
      const placement = await place(attempt)
      if (placement.kind === 'taken') return
      await settlePlacement(db, attempt, placement)
      if (placement.kind === 'halt') logger.warn('campaign was paused', { ...facts, reason: placement.reason })
      else logger.debug('call of a campaign was not placed', { ...facts, reason: placement.kind })
    } catch (error) {
      // Its lease ends, and whoever looks then sees whether there is a call.
      logger.warn('placing a call of a campaign failed', { ...facts, error: String(error) })
    }
  }
}
