import { numberOr, parseJson, recordOf } from './json-message.ts'
import type { LiveMessage } from './live-dialect.ts'

/** One word with its place in the stream, ms since the first sample sent on this connection. */
export interface LiveWord {
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
}

/** What the service says about a part of the stream. */
export interface LiveResult {
  readonly type: 'result'
  readonly words: readonly LiveWord[]
  readonly fromMs: number
  readonly toMs: number
  /** This part will not be revised. */
  readonly isFinal: boolean
  /** Answers a `Finalize`. */
  readonly fromFinalize: boolean
  readonly confidence: number
}

/** Reads one text frame of Deepgram's live protocol. Never throws. */
export function parseLiveMessage(data: unknown): LiveMessage<LiveResult> {
  if (typeof data !== 'string') return { type: 'garbage' }
  const body = recordOf(parseJson(data))
  if (!body || typeof body.type !== 'string') return { type: 'garbage' }
  if (body.type === 'Error') {
    const detail = [body.variant, body.err_code].find((value) => typeof value === 'string')
    return { type: 'error', detail: typeof detail === 'string' ? detail.slice(0, 80) : 'no variant' }
  }
  return body.type === 'Results' ? readResult(body) : { type: 'other' }
}

function readResult(body: Readonly<Record<string, unknown>>): LiveMessage<LiveResult> {
  const alternatives = recordOf(body.channel)?.alternatives
  const best = Array.isArray(alternatives) ? recordOf(alternatives[0]) : undefined
  if (!best || typeof best.transcript !== 'string') return { type: 'garbage' }
  const fromMs = 1_000 * numberOr(body.start, 0)
  const toMs = fromMs + 1_000 * numberOr(body.duration, 0)
  const words = Array.isArray(best.words) ? best.words.flatMap((word) => readWord(word)) : []
  return {
    type: 'result',
    // Some models leave the words out; then the whole part is one.
    words: words.length === 0 && best.transcript !== '' ? [{ text: best.transcript, fromMs, toMs }] : words,
    fromMs,
    toMs,
    isFinal: body.is_final === true,
    fromFinalize: body.from_finalize === true,
    confidence: numberOr(best.confidence, 0),
  }
}

function readWord(value: unknown): LiveWord[] {
  const word = recordOf(value)
  const text = word?.punctuated_word ?? word?.word
  if (!word || typeof text !== 'string' || text === '') return []
  return [{ text, fromMs: 1_000 * numberOr(word.start, 0), toMs: 1_000 * numberOr(word.end, 0) }]
}
