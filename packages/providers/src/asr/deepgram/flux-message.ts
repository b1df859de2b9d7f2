import { numberOr, parseJson, recordOf } from './json-message.ts'
import type { LiveMessage } from './live-dialect.ts'

/** One word of the turn. Times are ms of the stream; not every model gives them. */
export interface FluxWord {
  readonly text: string
  readonly confidence?: number
  readonly fromMs?: number
  readonly toMs?: number
}

const events = ['StartOfTurn', 'Update', 'EagerEndOfTurn', 'TurnResumed', 'EndOfTurn'] as const
export type FluxEvent = (typeof events)[number]

/** `TurnInfo`: all words of the current turn as the model hears them by now. */
export interface FluxTurnInfo {
  readonly type: 'result'
  readonly event: FluxEvent
  readonly turnIndex: number
  readonly words: readonly FluxWord[]
  /** The audio up to here is transcribed; ms of the stream. */
  readonly heardToMs: number
}

/**
 * Reads one text frame of Deepgram's turn-based protocol. Never throws.
 * @see https://developers.deepgram.com/reference/speech-to-text/listen-flux
 */
export function parseFluxMessage(data: unknown): LiveMessage<FluxTurnInfo> {
  if (typeof data !== 'string') return { type: 'garbage' }
  const body = recordOf(parseJson(data))
  if (!body || typeof body.type !== 'string') return { type: 'garbage' }
  if (body.type === 'Error') {
    return { type: 'error', detail: typeof body.code === 'string' ? body.code.slice(0, 80) : 'no code' }
  }
  return body.type === 'TurnInfo' ? readTurnInfo(body) : { type: 'other' }
}

function readTurnInfo(body: Readonly<Record<string, unknown>>): LiveMessage<FluxTurnInfo> {
  const event = events.find((name) => name === body.event)
  if (!event || typeof body.transcript !== 'string' || typeof body.audio_window_end !== 'number') {
    return { type: 'garbage' }
  }
  const words = Array.isArray(body.words) ? body.words.flatMap((word) => readWord(word)) : []
  return {
    type: 'result',
    event,
    turnIndex: numberOr(body.turn_index, 0),
    words: words.length > 0 ? words : wordsOf(body.transcript),
    heardToMs: 1_000 * numberOr(body.audio_window_end, 0),
  }
}

function readWord(value: unknown): FluxWord[] {
  const word = recordOf(value)
  if (!word || typeof word.word !== 'string' || word.word === '') return []
  const { start, end } = word
  const timed = typeof start === 'number' && typeof end === 'number'
  return [
    {
      text: word.word,
      ...(typeof word.confidence === 'number' && { confidence: word.confidence }),
      ...(timed && { fromMs: 1_000 * start, toMs: 1_000 * end }),
    },
  ]
}

const wordsOf = (transcript: string): FluxWord[] =>
  transcript
    .split(/\s+/u)
    .filter((text) => text !== '')
    .map((text) => ({ text }))
