import {
  applicationId,
  assertInTime,
  type CallControl,
  type CallSpec,
  type Clock,
  callId,
  type DialGate,
  dialRefusalCodes,
  type ErrorCode,
  type Logger,
  toVoiceError,
  waitUntil,
} from '@parley/core'
import type { SecretBox } from '../calls/secret-box.ts'
import { openSpec } from '../calls/spec-codec.ts'
import type { Database } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { closeCall } from '../journal/close-call.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { type ClaimedCall, claimNext, markSent, requeue } from './claim.ts'
import { dialBefore, type EnginePace, firstPace, nextPace } from './engine-pace.ts'

export interface DispatcherOptions {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly box: SecretBox
  readonly identity: OwnerIdentity
  readonly control: Pick<CallControl, 'place'>
  /** Trunks of which this engine takes no calls. */
  readonly unserved: () => readonly string[]
  /** Asked once more before an INVITE leaves: lists and hours change while calls wait. */
  readonly gate: DialGate
  /** Woken when a call was queued or a slot became free. */
  readonly queue: WakeUp
}

/** Slow look for what a lost notification did not tell. */
const pollMs = 1_000
/** After an engine without room, or a database error. */
const pauseMs = 250
/** Of a dispatcher that was told to stop; before that it tries for as long as it lives. */
const lastAttempts = 60

/** The slot that a call was claimed for: it began at `beganMs` or later. */
interface Slot {
  readonly beganMs: number
  readonly pace: EnginePace
}

/** Takes calls from the queue and gives them to the engine, at the pace the trunks allow. */
export class Dispatcher {
  private readonly options: DispatcherOptions
  private readonly placements = new Set<Promise<void>>()
  private pausedUntilMs = 0
  private pace = firstPace

  constructor(options: DispatcherOptions) {
    this.options = options
  }

  /** Runs until `signal` aborts and the placements under way are settled. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, queue } = this.options
    while (!signal.aborted) {
      if (clock.nowMs() < this.pausedUntilMs) {
        await waitUntil(clock, this.pausedUntilMs, signal).catch(() => {})
        continue
      }
      if (this.placements.size >= this.pace.atOnce) {
        await Promise.race(this.placements)
        continue
      }
      const ticket = queue.ticket
      const waitMs = await this.claimOne(signal)
      if (waitMs > 0) await queue.sleep(ticket, clock, clock.nowMs() + waitMs, signal)
    }
    await Promise.all(this.placements)
  }

  /** Returns how long there will be nothing to claim; 0: look again at once. */
  private async claimOne(signal: AbortSignal): Promise<number> {
    try {
      const { db, identity, clock, unserved } = this.options
      const { pace } = this
      const atOnce = pace.atOnce - this.placements.size
      const attempt = await claimNext(db, identity, clock, { atOnce, lateMs: pace.lateMs }, unserved())
      if (attempt.kind === 'nothing') return 0
      if (attempt.kind === 'idle') return Math.min(pollMs, Math.max(1, Math.ceil(attempt.nextDueMs ?? pollMs)))
      for (const call of attempt.calls) {
        const placement = this.place(call, { beganMs: attempt.fromMs, pace }, signal).finally(() =>
          this.placements.delete(placement),
        )
        this.placements.add(placement)
      }
    } catch (error) {
      this.options.logger.warn('claiming a call failed', { error: String(error) })
      this.pause()
    }
    return 0
  }

  private async place(call: ClaimedCall, slot: Slot, signal: AbortSignal): Promise<void> {
    const { db, gate, logger } = this.options
    try {
      const spec = this.specOf(call)
      if (signal.aborted) return await this.giveBack(call, 'SHUTDOWN', signal)
      try {
        const refusal = await gate.check(spec.applicationId, spec.callee, spec.callId)
        if (refusal) return await this.settle(call, signal, () => this.close(call, dialRefusalCodes[refusal.reason]))
        if (!(await markSent(db, call))) return
      } catch (error) {
        // Committed or not is unknown; that nothing was sent is certain.
        logger.warn('marking a call as sent failed', { callId: call.callId, error: String(error) })
        return await this.giveBack(call, 'STORE_FAILED', signal)
      }
      if (!(await this.dial(spec, slot))) await this.giveBack(call, 'RESOURCE_EXHAUSTED', signal)
    } catch (error) {
      const { code } = toVoiceError(error, 'INTERNAL')
      logger.warn('the engine did not take a call', { callId: call.callId, code, error: String(error) })
      // By contract of `place` these two are thrown before an INVITE leaves, so this is no redial.
      if (code !== 'RESOURCE_EXHAUSTED' && code !== 'SHUTDOWN')
        return await this.settle(call, signal, () => this.close(call, code))
      this.pause()
      await this.giveBack(call, code, signal)
    }
  }

  /** False: its slot was over before the INVITE could leave; it waits for another. */
  private async dial(spec: CallSpec, slot: Slot): Promise<boolean> {
    const { clock, control, logger } = this.options
    const dialBeforeMs = dialBefore(slot.beganMs, slot.pace.lateMs)
    const learn = (): number => {
      const tookMs = clock.nowMs() - slot.beganMs
      this.pace = nextPace(this.pace, slot.pace, tookMs)
      return tookMs
    }
    try {
      // To be asked again when it matters; here it spares opening media in vain.
      assertInTime(clock, dialBeforeMs)
      await control.place(spec, dialBeforeMs)
      learn()
      return true
    } catch (error) {
      if (toVoiceError(error, 'INTERNAL').code !== 'SLOT_MISSED') throw error
      logger.debug('a call missed its slot and waits for another', { callId: spec.callId, tookMs: learn() })
      return false
    }
  }

  private specOf(call: ClaimedCall): CallSpec {
    const content = openSpec(this.options.box, call, call.spec, call.sealed ?? new Uint8Array())
    return {
      callId: callId(call.callId),
      applicationId: applicationId(call.applicationId),
      direction: 'outbound',
      callee: call.callee,
      caller: call.caller,
      trunk: call.trunk,
      ...content,
    }
  }

  /** Back to the queue while its time lasts; else it ends with `code`, for its maker already counts on it. */
  private async giveBack(call: ClaimedCall, code: ErrorCode, signal: AbortSignal): Promise<void> {
    await this.settle(call, signal, async () => {
      if (!(await requeue(this.options.db, call.callId, call.fence, 'sent'))) await this.close(call, code)
    })
  }

  private async close(call: ClaimedCall, code: ErrorCode): Promise<void> {
    const condition = { stages: ['claimed', 'sent'] as const, fence: call.fence }
    await closeCall(this.options.db, call.callId, condition, () => ({ outcome: { kind: 'failed', code } }))
  }

  /** Tries until the database takes it: a call left as claimed would hold its slot for as long as this engine lives. */
  private async settle(call: ClaimedCall, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { clock, logger } = this.options
    for (let attempt = 1; attempt <= lastAttempts || !signal.aborted; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        logger.warn('settling a call failed', { callId: call.callId, attempt, error: String(error) })
        await waitUntil(clock, clock.nowMs() + pauseMs * 2)
      }
    }
    logger.error('a call could not be settled', { callId: call.callId })
  }

  private pause(): void {
    this.pausedUntilMs = this.options.clock.nowMs() + pauseMs
  }
}
