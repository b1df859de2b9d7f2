import type { HttpPost } from '@parley/core'
import { createPinnedExchange, type PinnedOptions } from './pinned-exchange.ts'

/** Posts a text to an address that somebody else chose, as `createPinnedExchange` guards it. */
export function createPinnedPost(options: PinnedOptions): HttpPost {
  const exchange = createPinnedExchange(options)
  return async (request, signal) => {
    const answer = await exchange({ method: 'POST', ...request }, signal)
    if (answer.kind === 'failed') return answer
    const text = answer.bytes.toString('utf8').slice(0, request.answerBytes)
    return { kind: 'answered', status: answer.status, text }
  }
}
