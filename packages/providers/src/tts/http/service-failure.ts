import { VoiceError } from '@parley/core'

/** What a speech service says of its failure. */
export interface ServiceFailure {
  /** Its own code. Shown when it is a number or a word; anything else may quote the text that was to be spoken. */
  readonly code: unknown
  /** It may be over a moment later, whatever the status is. Default false. */
  readonly passing?: boolean
}

/** Finds a failure in parsed JSON; undefined when there is none. */
export type FailureReader = (answer: unknown) => ServiceFailure | undefined

const word = /^[\w.-]{1,64}$/

/** The error behind an answer that is no speech: TTS_UNAVAILABLE when it is the service's state, else TTS_FAILED. */
export function serviceError(status: number, failure: ServiceFailure | undefined): VoiceError {
  const code = typeof failure?.code === 'number' ? String(failure.code) : failure?.code
  const shown = typeof code === 'string' && word.test(code) ? ` code ${code}` : ''
  // 429 and 5xx are the service's state, which may be another one a moment later; the rest is about the request.
  const isPassing = failure?.passing || status === 429 || status >= 500
  return new VoiceError(isPassing ? 'TTS_UNAVAILABLE' : 'TTS_FAILED', { detail: `status ${status}${shown}` })
}

/** The member `name` of a JSON value; undefined when it has none. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
