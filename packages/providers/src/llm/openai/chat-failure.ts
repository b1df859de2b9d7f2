import { type ErrorCode, VoiceError } from '@parley/core'
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'

/** A server that asks for a longer pause than this is not asked again within the turn. */
const longestRetryAfterSeconds = 1

/**
 * A failure of the client library as ours. The vendor's text and the library's error object are left behind: they can
 * repeat the key, the prompt or the address. `streaming`: the answer had begun.
 */
export function chatFailure(error: unknown, streaming: boolean): VoiceError {
  if (error instanceof VoiceError) return error
  if (error instanceof APIConnectionTimeoutError) return new VoiceError('LLM_TIMEOUT')
  if (error instanceof APIConnectionError) {
    return new VoiceError('LLM_UNAVAILABLE', withDetail(networkCode(error)))
  }
  if (error instanceof APIError) return statusFailure(error)
  if (streaming) return new VoiceError('LLM_BAD_RESPONSE', { detail: 'the stream broke off or is not readable' })
  return new VoiceError('LLM_REJECTED', { detail: 'the request could not be built' })
}

/** The failure an HTTP status stands for; `facts` are words that may be shown. */
export function failureOfStatus(status: number, facts: string | undefined, retryAfter: string | null): VoiceError {
  const code: ErrorCode =
    status === 401 || status === 403
      ? 'LLM_AUTH'
      : status === 429
        ? 'LLM_RATE_LIMITED'
        : status === 408 || status === 504
          ? 'LLM_TIMEOUT'
          : status >= 500
            ? 'LLM_UNAVAILABLE'
            : 'LLM_REJECTED'
  const detail = facts ? `status ${status}, ${facts}` : `status ${status}`
  const wait = Number(retryAfter ?? 0)
  return new VoiceError(code, { detail, ...(wait > longestRetryAfterSeconds ? { retryable: false } : {}) })
}

function statusFailure(error: APIError): VoiceError {
  const kind = [error.code, error.type].find((word) => typeof word === 'string' && /^[a-z_]{1,48}$/.test(word))
  const facts = kind ?? undefined
  if (error.status) return failureOfStatus(error.status, facts, error.headers?.get('retry-after') ?? null)
  // An error object within the stream: the request was accepted, then the server failed.
  const code = /rate_limit|quota/.test(facts ?? '') ? 'LLM_RATE_LIMITED' : 'LLM_UNAVAILABLE'
  return new VoiceError(code, withDetail(facts))
}

/** The operating system's word for what went wrong, e.g. `ECONNREFUSED`. */
export function networkCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_]{2,40}$/.test(at.code)) return at.code
  }
  return undefined
}

function withDetail(detail: string | undefined): { detail?: string } {
  return detail ? { detail } : {}
}
