import type { FetchFile } from '@parley/core'
import { createPinnedExchange, type PinnedOptions } from './pinned-exchange.ts'

/** From the look-up of the name to the last byte. Taste. */
const timeoutMs = 20_000
const never = new AbortController().signal

/** Reads files from addresses that somebody else chose, as `createPinnedExchange` guards it. */
export function createPinnedFile(options: PinnedOptions): FetchFile {
  const exchange = createPinnedExchange(options)
  return async (url, maxBytes) => {
    const headers = { 'user-agent': 'Parley', accept: 'audio/*, application/octet-stream' }
    // One byte more than may come tells that there is more.
    const answer = await exchange({ method: 'GET', url, headers, timeoutMs, answerBytes: maxBytes + 1 }, never)
    if (answer.kind === 'failed') return answer
    if (answer.status !== 200) return { kind: 'failed', reason: `status ${answer.status}` }
    if (answer.bytes.length > maxBytes) return { kind: 'failed', reason: 'too large' }
    return { kind: 'fetched', bytes: answer.bytes }
  }
}
