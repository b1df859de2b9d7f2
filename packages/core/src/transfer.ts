import type { ApplicationId } from './ids.ts'

/**
 * One place where a human can be reached, as the operator configured it. Nothing else is ever called by a transfer: what a
 * model or a request says chooses a group, never an address.
 */
export interface TransferTarget {
  /** Name of the trunk that dials it. */
  readonly trunk: string
  /** Number, or user part of the SIP address. */
  readonly callee: string
  /** Number of ours that the human is shown. */
  readonly caller: string
  /** Where REFER sends the peer. */
  readonly uri: string
  /** Whose calls alone may be handed to it, of all whose calls may be handed to the group. Undefined: everybody's. */
  readonly applicationId?: ApplicationId
}

/** People who take calls over; the public API's skill group. */
export interface SkillGroup {
  readonly id: number
  readonly name: string
  /** Whose calls may be handed to it. Undefined: everybody's. */
  readonly applicationIds?: readonly ApplicationId[]
  /** Tried in order. */
  readonly targets: readonly TransferTarget[]
  /**
   * `bridge`: we call the human and join both legs. `refer`: the caller's side is asked to call the human (RFC 3515).
   * `attended`: we call the human, then the caller's side is asked to take our place in that call (RFC 3891); where it
   * cannot, both legs are joined.
   */
  readonly mode: 'bridge' | 'refer' | 'attended'
  /** How long one target may ring. */
  readonly ringMs: number
  /** Tell the human what the call is about before both are joined. */
  readonly summary: boolean
  /** Said to the caller again and again while a human is looked for. Empty: silence. */
  readonly holdPrompt: string
}

/** Who asked for the transfer: the model by its tool, or an operator by the API. */
export type TransferRequester = 'assistant' | 'operator'

/**
 * Why one target did not take the call. `left`: the human hung up before both were joined. `refused`: the peer did not
 * accept REFER. `noLine`: the limits of its trunk left none free. `withdrawn`: the call ended meanwhile.
 */
export type TransferFailure =
  | 'busy'
  | 'noAnswer'
  | 'rejected'
  | 'unreachable'
  | 'left'
  | 'refused'
  | 'noLine'
  | 'withdrawn'

/** One target that was tried, as the record of a call shows it. Instants are Unix ms. */
export interface TransferAttempt {
  /** Counts from 0 within a call. */
  readonly attempt: number
  readonly skillGroupId: number
  readonly skillGroupName: string
  readonly mode: SkillGroup['mode']
  /** Number or SIP user that was called. */
  readonly callee: string
  readonly startedAtMs: number
  readonly ringingAtMs?: number
  readonly answeredAtMs?: number
  readonly endedAtMs?: number
  readonly failure?: TransferFailure
}
