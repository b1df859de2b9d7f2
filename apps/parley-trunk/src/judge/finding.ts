/** What was looked at, in the order of the check. */
export type Step = 'names' | 'connection' | 'options' | 'credentials' | 'registration' | 'codecs' | 'call'

/** One thing that was found out. */
export interface Finding {
  readonly step: Step
  /** `note`: worth knowing, or could not be found out. */
  readonly verdict: 'ok' | 'wrong' | 'note'
  /** Stable, for machines: `port-closed`. */
  readonly cause: string
  /** A sentence or two for people. */
  readonly text: string
  /** What to do about it. */
  readonly advice?: string
  /** Which address of the gateway: `udp 192.0.2.1:5060`. Absent: it is about none in particular. */
  readonly address?: string
}

/** Makes the findings of one step. */
export type Say = (verdict: Finding['verdict'], cause: string, text: string, advice?: string) => Finding

export function sayOn(step: Step): Say {
  return (verdict, cause, text, advice) => ({ step, verdict, cause, text, ...(advice === undefined ? {} : { advice }) })
}
