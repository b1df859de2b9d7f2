import type { CallTag, CampaignTrigger } from '@parley/core'
import { anyTag } from './judge-attempt.ts'

type Condition = Pick<CampaignTrigger, 'statuses' | 'tags' | 'oncePerNumber'>

/** What is known of a call that is over; `tags` undefined: nothing was found out yet. */
export interface Ending {
  readonly status: number
  readonly tags?: readonly CallTag[]
  /** Indexes of the triggers that have fired for this callee. */
  readonly fired: readonly number[]
}

/** Indexes of the triggers that a call sets off. */
export function matchingTriggers(
  triggers: readonly Condition[],
  { status, tags = [], fired }: Ending,
): readonly number[] {
  return triggers.flatMap((trigger, index) => {
    if (trigger.oncePerNumber && fired.includes(index)) return []
    const isUnconditional = trigger.statuses.length === 0 && trigger.tags.length === 0
    return isUnconditional || trigger.statuses.includes(status) || anyTag(trigger.tags, tags) ? [index] : []
  })
}
