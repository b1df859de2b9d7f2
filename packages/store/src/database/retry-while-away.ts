import { type Clock, VoiceError, waitUntil } from '@parley/core'

/** Until the next try; a server that was killed needs about a second to come back. */
const pauseMs = 200

/** Does `work` again while the database is away, until `untilMs` of the clock; then, and for anything else, its error. */
export async function retryWhileAway<T>(work: () => Promise<T>, clock: Clock, untilMs: number): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || clock.nowMs() >= untilMs) throw error
      await waitUntil(clock, Math.min(untilMs, clock.nowMs() + pauseMs))
    }
  }
}

/**
 * The connection failed, not the statement. 08: connection exception. 57P01-57P03: the server stops, or does not take
 * connections yet. 53300: it has no connection left.
 */
function isAway(error: unknown): boolean {
  // As ports tell of it.
  if (error instanceof VoiceError) return error.cause !== undefined && isAway(error.cause)
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string }
  return (
    /^(08...|57P0[123]|53300)$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      message,
    )
  )
}
