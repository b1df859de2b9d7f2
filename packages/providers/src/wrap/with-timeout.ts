import type { ChatModel, Clock, ReplyDelta } from '@parley/core'
import { VoiceError } from '@parley/core'

export interface ReplyTimeouts {
  /** Longest wait from the request to the first delta. */
  readonly firstDeltaMs: number
  /** Longest wait between two deltas, and from the last one to the end. */
  readonly idleMs: number
}

/** Ends a reply that hangs with `LLM_TIMEOUT` and cancels the request. Time the reader takes does not count. */
export function withTimeout(model: ChatModel, clock: Clock, timeouts: ReplyTimeouts): ChatModel {
  return {
    ...model,
    async *reply(messages, options, signal) {
      const cancel = new AbortController()
      const inner = model.reply(messages, options, AbortSignal.any([signal, cancel.signal]))[Symbol.asyncIterator]()
      let limitMs = timeouts.firstDeltaMs
      let complete = false
      try {
        for (;;) {
          const next = await orTimeout(inner.next(), clock, limitMs, cancel)
          if (next.done) {
            complete = true
            return
          }
          limitMs = timeouts.idleMs
          yield next.value
        }
      } finally {
        // After a complete reply nothing is cancelled: that would cost the connection. Otherwise the return is not
        // awaited: an iterator that hangs would hang its reader. The abort ends it.
        if (!complete) {
          cancel.abort()
          void inner.return?.().catch(() => {})
        }
      }
    },
  }
}

async function orTimeout(
  next: Promise<IteratorResult<ReplyDelta>>,
  clock: Clock,
  limitMs: number,
  cancel: AbortController,
): Promise<IteratorResult<ReplyDelta>> {
  let expire: (error: VoiceError) => void = () => {}
  const expired = new Promise<never>((_, reject) => {
    expire = reject
  })
  const timer = clock.setTimer(clock.nowMs() + limitMs, () => {
    const error = new VoiceError('LLM_TIMEOUT', { detail: `nothing for ${limitMs} ms` })
    expire(error)
    cancel.abort(error)
  })
  try {
    return await Promise.race([next, expired])
  } finally {
    timer[Symbol.dispose]()
    // The loser of the race must not become an unhandled rejection.
    next.catch(() => {})
  }
}
