import type { Clock, DuePush, Logger, PushResult, PushRoute, PushTransport, Random } from '@parley/core'
import type { Database } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { claimPushes, dueWebhooks, forgetPushes, returnPush, settlePush } from './claim-pushes.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface PushWorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Wakes when the outbox was filled. */
  readonly outbox: WakeUp
  /** Those of this moment. */
  readonly routes: () => readonly PushRoute[]
  readonly transport: PushTransport
}

/** Tries of one receiver at a time in this process; one that hangs takes no more than that. Taste. */
const triesAtOnce = 8
/** Repetitions fall due without anybody saying so. */
const lookEveryMs = 1_000
const forgetEveryMs = 3_600_000

/**
 * Sends what is in the outbox, each receiver by itself: a slow one delays nobody else. Any number of workers may share a
 * database; a push is with one of them at a time.
 */
export class PushWorker {
  private readonly options: PushWorkerOptions
  private readonly tries = new Set<Promise<void>>()
  /** Tries by receiver. */
  private readonly underWay = new Map<string, number>()

  constructor(options: PushWorkerOptions) {
    this.options = options
  }

  /** Until `signal` aborts and what is under way is settled: tries are cut off then and not counted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.serve(signal), this.forget(signal)])
    await Promise.all(this.tries)
  }

  private async serve(signal: AbortSignal): Promise<void> {
    const { db, clock, logger, outbox, routes } = this.options
    while (!signal.aborted) {
      const { ticket } = outbox
      try {
        const free = routes().filter(({ name }) => this.triesOf(name) < triesAtOnce)
        const names = free.map(({ name }) => name)
        const due = await dueWebhooks(db, names)
        for (const route of free.filter(({ name }) => due.has(name))) await this.take(route, signal)
      } catch (error) {
        logger.warn('the outbox cannot be read', { error: String(error) })
      }
      await outbox.sleep(ticket, clock, clock.nowMs() + lookEveryMs, signal)
    }
  }

  private triesOf(webhook: string): number {
    return this.underWay.get(webhook) ?? 0
  }

  private async take(route: PushRoute, signal: AbortSignal): Promise<void> {
    const { db, outbox } = this.options
    const { name } = route
    for (const push of await claimPushes(db, route, triesAtOnce - this.triesOf(name))) {
      this.underWay.set(name, this.triesOf(name) + 1)
      const one = this.attempt(route, push, signal).finally(() => {
        const left = this.triesOf(name) - 1
        if (left > 0) this.underWay.set(name, left)
        else this.underWay.delete(name)
        this.tries.delete(one)
        outbox.wake()
      })
      this.tries.add(one)
    }
  }

  private async attempt(route: PushRoute, push: DuePush, signal: AbortSignal): Promise<void> {
    const { db, logger, random } = this.options
    const isTest = push.event === 'webhook.test'
    const facts = {
      webhook: push.webhook,
      pushId: push.id,
      ...(isTest ? {} : { callId: push.callId }),
      tryNumber: push.tryNumber,
    }
    try {
      const result = await this.send(route, push, signal)
      if (signal.aborted && result.kind === 'failed') return await returnPush(db, push)
      const isFinal = isTest || (result.kind === 'failed' && result.final)
      const retryAfterMs = isFinal ? undefined : retryDelayMs(route, push.tryNumber, random)
      await settlePush(db, push, result, retryAfterMs)
      if (result.kind === 'delivered') logger.debug('push was delivered', facts)
      else if (retryAfterMs !== undefined)
        logger.debug('push failed and is tried again', { ...facts, reason: result.reason })
      else logger.warn('push is dead', { ...facts, reason: result.reason })
    } catch (error) {
      // Its lease ends, and the push is tried again with the same id.
      logger.warn('the outcome of a push could not be stored', { ...facts, error: String(error) })
    }
  }

  private async send(route: PushRoute, push: DuePush, signal: AbortSignal): Promise<PushResult> {
    // An engine died in the last try, nobody knows how far it came.
    if (push.tryNumber > route.retryDelaysMs.length + 1) return { kind: 'failed', reason: 'last try was cut off' }
    try {
      return await this.options.transport.deliver(push, signal)
    } catch {
      return { kind: 'failed', reason: signal.aborted ? 'stopped' : 'internal error' }
    }
  }

  private async forget(signal: AbortSignal): Promise<void> {
    const { db, clock, logger, outbox } = this.options
    let nextMs = clock.nowMs()
    while (!signal.aborted) {
      if (clock.nowMs() >= nextMs) {
        nextMs = clock.nowMs() + forgetEveryMs
        await forgetPushes(db).catch((error) => logger.warn('old pushes stay', { error: String(error) }))
      }
      await outbox.sleep(outbox.ticket, clock, nextMs, signal)
    }
  }
}
