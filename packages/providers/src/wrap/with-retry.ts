import { type ChatModel, type Clock, VoiceError, waitUntil } from '@parley/core'

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number
  /** Pause before the second try; doubled before each further one. */
  readonly pauseMs: number
}

/**
 * Sends a request again that failed in a retryable way before its first delta. After the first delta the failure passes
 * through: the words may have been spoken. Request id and headers are the same each time.
 */
export function withRetry(model: ChatModel, clock: Clock, policy: RetryPolicy): ChatModel {
  return {
    ...model,
    async *reply(messages, options, signal) {
      for (let attempt = 1; ; attempt += 1) {
        let begun = false
        try {
          for await (const delta of model.reply(messages, options, signal)) {
            begun = true
            yield delta
          }
          return
        } catch (error) {
          signal.throwIfAborted()
          const again = error instanceof VoiceError && error.retryable && !begun && attempt < policy.attempts
          if (!again) throw error
          await waitUntil(clock, clock.nowMs() + policy.pauseMs * 2 ** (attempt - 1), signal)
        }
      }
    },
  }
}
