import type { ChatModel, Clock, Logger, ReplyDelta } from '@parley/core'
import type { FirstDeltaTimes } from './first-delta-times.ts'

export interface HedgeTools {
  readonly clock: Clock
  readonly logger: Logger
  /** Of this model; shared by its calls. */
  readonly times: FirstDeltaTimes
}

interface Attempt {
  readonly deltas: AsyncIterator<ReplyDelta>
  /** The first delta; rejects when the request fails or ends without one. */
  readonly head: Promise<ReplyDelta>
  cancel(): void
}

class EmptyReply extends Error {}

/**
 * Sends the same request a second time when the first delta takes longer than for nine of ten replies of this model. Who
 * gives a delta first is heard, the other is cancelled. At most one second request per reply, so this goes around retry
 * and time-out, which each of the two has for itself. Only for models that keep no conversation of their own.
 *
 * @see Dean and Barroso, The Tail at Scale, CACM 56(2), 2013: hedged requests
 */
export function withHedge(model: ChatModel, { clock, logger, times }: HedgeTools): ChatModel {
  return {
    ...model,
    async *reply(messages, options, signal) {
      signal.throwIfAborted()
      const startedMs = clock.nowMs()
      const send = () => attempt((ended) => model.reply(messages, options, ended), signal)
      const attempts = [send()]
      let winner: Attempt | undefined
      let complete = false
      try {
        const first = attempts[0] as Attempt
        const { slowMs } = times
        if (slowMs !== undefined && (await isLate(first, clock, startedMs + slowMs))) {
          signal.throwIfAborted()
          attempts.push(send())
          times.hedged += 1
        }
        const begun = await fastest(attempts)
        if (!begun) {
          complete = true
          return
        }
        winner = begun
        // When the second request wins, the first would have taken at least as long.
        times.add(clock.nowMs() - startedMs)
        if (winner !== first) times.hedgeWon += 1
        if (attempts.length > 1) {
          const { hedged, hedgeWon } = times
          logger.debug('language model was slow, asked twice', {
            afterMs: slowMs,
            won: winner !== first,
            hedged,
            hedgeWon,
          })
        }
        for (const loser of attempts) if (loser !== winner) loser.cancel()
        yield await winner.head
        for (let next = await winner.deltas.next(); !next.done; next = await winner.deltas.next()) yield next.value
        complete = true
      } catch (error) {
        signal.throwIfAborted()
        throw error
      } finally {
        // After a complete reply nothing is cancelled: that would cost the connection.
        if (!complete) for (const each of attempts) each.cancel()
      }
    },
  }
}

function attempt(reply: (signal: AbortSignal) => AsyncIterable<ReplyDelta>, signal: AbortSignal): Attempt {
  const controller = new AbortController()
  const deltas = reply(AbortSignal.any([signal, controller.signal]))[Symbol.asyncIterator]()
  const head = deltas.next().then((next) => {
    if (next.done) throw new EmptyReply()
    return next.value
  })
  head.catch(() => {})
  return {
    deltas,
    head,
    cancel() {
      controller.abort()
      // Not awaited: an iterator that hangs would hang its reader.
      void deltas.return?.().catch(() => {})
    },
  }
}

/** Whether `atMs` comes before the attempt has anything to say. */
async function isLate({ head }: Attempt, clock: Clock, atMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = clock.setTimer(atMs, () => resolve(true))
  head.then(
    () => resolve(false),
    () => resolve(false),
  )
  try {
    return await promise
  } finally {
    timer[Symbol.dispose]()
  }
}

/** The attempt with the first delta; undefined when a reply is empty. @throws the failure of the first, when all fail */
async function fastest(attempts: readonly Attempt[]): Promise<Attempt | undefined> {
  try {
    return await Promise.any(attempts.map((each) => each.head.then(() => each)))
  } catch (failure) {
    const errors: unknown[] = failure instanceof AggregateError ? failure.errors : [failure]
    if (errors.some((error) => error instanceof EmptyReply)) return undefined
    throw errors[0]
  }
}
