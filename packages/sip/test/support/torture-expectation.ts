/**
 * What leaves the user agent for one message of a known source: the first final response (of an INVITE that is taken:
 * 180), nothing at all for a message that is dropped, `nothing` for a response without a request of ours.
 */
export type TortureOutcome = 100 | 180 | 200 | 400 | 405 | 406 | 415 | 416 | 420 | 481 | 501 | 505 | 'nothing'

/** One message of a torture RFC. */
export interface TortureCase {
  readonly name: string
  readonly section: string
  /** What the RFC asks of an element that is the target, in a few words. */
  readonly rfc: string
  readonly outcome: TortureOutcome
  /** What we do, in a few words. */
  readonly does: string
}

/** A case in one line. */
export const torture = (
  name: string,
  section: string,
  rfc: string,
  outcome: TortureOutcome,
  does: string,
): TortureCase => ({ name, section, rfc, outcome, does })
