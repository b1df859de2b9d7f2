import type { HeardWord } from '../watermark.ts'

/** What the phone knows of one turn; ns of the monotonic clock. What a relay imposed is taken out of both instants. */
export interface WitnessedTurn {
  readonly call: number
  readonly turn: number
  readonly eosNs: number
  /** Null: no answer was heard before the caller spoke again. */
  readonly v2vMs: number | null
  /** What was taken out: the relay's delay of the last speech and of the first sound, ms. */
  readonly networkMs: number
  /** The answer began before the caller had finished. */
  readonly cutIn: boolean
  /** Words heard from the answer on, until the caller speaks again. */
  readonly words: readonly HeardWord[]
}

/** Where time went, ms. Each is a wait between two stamps of others. */
export interface StageLosses {
  /** Last speech packet sent to its audio received by the recogniser. */
  readonly uplink: number
  /**
   * The pause `s` as it should be to the engine's noticing it; a schedule loss, the others are the engine's time. Unknown
   * when the recogniser is not told of pauses.
   */
  readonly pause: number | undefined
  /** Text there and pause noticed, to the model's receipt of the request. */
  readonly reaction: number
  /** The token that completed the first chunk to the synthesiser's receipt of it. */
  readonly chunk: number
  /** First byte of speech sent to its being heard, for turns in which the hold was over by then. */
  readonly downlink: number | undefined
  /** The hold's end as it should be to the endpoint as it was. */
  readonly endpoint: number | undefined
  /** Endpoint to first audio, for turns in which the speech was ready. */
  readonly release: number | undefined
}

export interface MeasuredTurn {
  readonly call: number
  readonly turn: number
  readonly fromNs: number
  readonly toNs: number
  readonly V2V: number
  readonly H: number
  readonly C: number
  readonly E: number
  readonly S: number
  readonly bound: 'hold' | 'chain'
  /** The policy required the hold as set, not one of its own. */
  readonly isHoldAsSet: boolean
  readonly networkMs: number
  readonly response: number
  readonly modelRequests: number
  readonly wastedTokens: number
  readonly losses: StageLosses
}

export type TurnOutcome =
  | { readonly kind: 'measured'; readonly turn: MeasuredTurn }
  /** Heard something it should not have, or nothing. */
  | {
      readonly kind: 'wrong'
      readonly fault: TurnFault
      readonly call: number
      readonly turn: number
      readonly why: string
    }

/**
 * `stale`: an answer to something else than all the caller said. `double`: more than one response. `missing`: no answer, or
 * one that cannot be read. `cutIn`: the answer began before the caller had finished.
 */
export type TurnFault = 'stale' | 'double' | 'missing' | 'cutIn'
