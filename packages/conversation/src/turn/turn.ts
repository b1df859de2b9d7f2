import { rearm } from './deadlines.ts'
import type { TurnCommand, TurnEvent } from './events.ts'
import { observe } from './observe.ts'
import {
  greet,
  isQuiet,
  nextErrand,
  promptSilence,
  settleEnding,
  settleFatal,
  settleSilenceLimit,
  settleStall,
} from './rules/idle.ts'
import { forgetBackchannel, settleOverlap } from './rules/overlap.ts'
import { commit, discardStale, fill, settleFailure, speculate, waitForSign, yieldToVoice } from './rules/reply.ts'
import { endTurn, forgetNoise, scorePause } from './rules/turn-end.ts'
import type { Draft, TurnRules, TurnState } from './state.ts'

/**
 * The order is the precedence. Each rule looks at the state, does at most one thing, and says whether it did; they
 * are asked again from the top until none has anything to do.
 */
const rulesInOrder: readonly ((draft: Draft) => boolean)[] = [
  settleStall,
  settleOverlap,
  yieldToVoice,
  waitForSign,
  discardStale,
  settleFailure,
  settleFatal,
  settleEnding,
  forgetBackchannel,
  forgetNoise,
  greet,
  scorePause,
  endTurn,
  speculate,
  commit,
  fill,
  nextErrand,
  settleSilenceLimit,
  promptSilence,
]

/** Far above what one event can cause; reaching it is a defect of the rules. */
const maxMoves = 50

/**
 * Who has the floor. Pure: the same state and event give the same answer.
 *
 * An event is first written down (`observe`), then the rules decide what follows, then the timers are brought in line
 * with the deadlines of the new state. After the talk is over nothing changes any more.
 */
export function step(
  state: TurnState,
  event: TurnEvent,
  rules: TurnRules,
): readonly [TurnState, readonly TurnCommand[]] {
  if (state.life === 'over' || (state.life === 'waiting' && event.type !== 'answered' && event.type !== 'closed')) {
    return [state, []]
  }
  const draft: Draft = { state: { ...state }, commands: [], nowMs: event.atMs, rules }
  observe(draft, event)
  for (let moves = 0; applyOne(draft); moves += 1) {
    if (moves >= maxMoves) throw new Error('turn rules do not settle')
  }
  draft.state.quietSinceMs = isQuiet(draft.state) ? (draft.state.quietSinceMs ?? event.atMs) : null
  rearm(draft)
  return [draft.state, draft.commands]
}

function applyOne(draft: Draft): boolean {
  return draft.state.life === 'live' && rulesInOrder.some((rule) => rule(draft))
}
