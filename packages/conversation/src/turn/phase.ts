import type { TurnState } from './state.ts'
import { userText } from './transcript.ts'
import { hasText } from './words.ts'

/** The state in one word, for logs and people. */
export type Phase =
  | 'waiting'
  | 'greeting'
  | 'listening'
  | 'userSpeaking'
  | 'pausing'
  | 'speculating'
  | 'thinking'
  | 'speaking'
  | 'overlap'
  | 'ducked'
  | 'paused'
  | 'closing'
  | 'over'

export function phaseOf(state: TurnState): Phase {
  const { life, speech, work, user } = state
  if (life !== 'live') return life
  if (state.fatal || state.ending || speech?.endAfter) return 'closing'
  if (speech && speech.stance !== 'full') return speech.stance
  if (speech && user.voiced) return 'overlap'
  if (speech) return speech.source === 'greeting' ? 'greeting' : 'speaking'
  if (user.voiced) return 'userSpeaking'
  if (work) return work.grantedAtMs === null ? 'speculating' : 'thinking'
  return user.openedAtMs !== null && hasText(userText(user)) ? 'pausing' : 'listening'
}
