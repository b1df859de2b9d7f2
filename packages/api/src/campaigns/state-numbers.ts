import type { CalleeState, CampaignState } from '@parley/core'

/** `State` of a task. */
export const taskStates: Readonly<Record<CampaignState, number>> = {
  initial: 0,
  running: 1,
  finished: 2,
  ending: 3,
  ended: 4,
  paused: 5,
}

/** `State` of a callee. */
export const calleeStates: Readonly<Record<CalleeState, number>> = {
  initial: 0,
  answered: 1,
  unanswered: 2,
  calling: 3,
  retrying: 4,
}
