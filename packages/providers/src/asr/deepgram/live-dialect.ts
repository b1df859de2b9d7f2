import type { Transcript, TurnHint } from '@parley/core'

/** One text frame of the service. */
export type LiveMessage<Result extends { readonly type: 'result' }> =
  | Result
  | { readonly type: 'error'; readonly detail: string }
  /** Metadata and events that do not matter here. */
  | { readonly type: 'other' }
  /** Not JSON, or not the protocol. */
  | { readonly type: 'garbage' }

/**
 * Words of a stretch may begin this long before the voice that opened it. The detector finds a voice up to half a second late
 * (one in twenty: `bench turns --onsets`), and dates it back no further than the voice itself is sure; a word is counted by
 * its middle.
 */
export const prerollMs = 800

/** Puts what the service says about its one stream together into one final per voiced stretch. Pure state, no I/O. */
export interface StretchAssembler<Result> {
  started(mediaMs: number): readonly Transcript[]
  stopped(mediaMs: number): readonly Transcript[]
  /** `toMedia` maps stream time of the connection to media time. */
  result(result: Result, toMedia: (streamMs: number) => number): readonly (Transcript | TurnHint)[]
  /** Ends the oldest stretch with what is known: its final did not come in time, or the stream ends. */
  closeOldest(): readonly Transcript[]
  /** No stretch is owed a final, and none is going on. */
  readonly isEmpty: boolean
  /** The connection was lost: what was said since the last final will be recognised again. */
  forget(): void
}

/** What differs between the live protocols of the service. Results have type `result`. */
export interface LiveDialect<Result extends { readonly type: 'result' }> {
  readonly name: string
  /** Never throws. */
  parse(data: unknown): LiveMessage<Result>
  createAssembler(): StretchAssembler<Result>
  /** Whether the end of a stretch is said with `Finalize`. */
  readonly finalizes: boolean
  readonly transport: LiveTransport
}

/** How a connection is used. */
export interface LiveTransport {
  /** What keeps an idle connection open: a `KeepAlive` message, or a little silent audio. */
  readonly keepAlive: 'message' | 'silence'
  /** Audio goes out in blocks of this size; 0: as it comes. */
  readonly blockSamples: number
}
