import type { TurnPolicy } from '@parley/core'
import type { UserSide } from '../state.ts'

/** How long a final may be missing after the hold before a stretch without text is taken for noise. */
export const finalGraceMs = 1000
/** A recogniser whose words end this long before the voice did is behind: its final is waited for, but not for long. */
const behindMs = 150
const behindGraceMs = 250

/** Words after which people go on: fillers, conjunctions, prepositions, articles (en, es, fr, de, pt). */
const openEnds = new Set(
  'um uh er and or but so because to the a an of for with from in on at my your y o pero porque de la el et ou mais le les und oder aber der die das mit e ou mas'.split(
    ' ',
  ),
)

/** Silence that ends the turn (`H`): longer when the words so far cannot be the end of a sentence. */
function holdMs(text: string, policy: TurnPolicy): number {
  const { timeoutMs } = policy.endpointing
  return looksUnfinished(text) ? Math.max(timeoutMs, 900) : timeoutMs
}

/** The instant from which the assistant may speak. Words of which the last are not recognised yet are waited for. */
export function endpointAtMs(user: UserSide, text: string, policy: TurnPolicy): number {
  return user.lastVoiceAtMs + Math.max(holdMs(text, policy), policy.minGapMs) + graceMs(user)
}

function graceMs(user: UserSide): number {
  if (user.pendingFinals === 0) return 0
  if (!user.current) return finalGraceMs
  return user.recognisedToMs < user.stoppedMediaMs - behindMs ? behindGraceMs : 0
}

/**
 * When to work ahead; null: not before the endpoint. A user who went on after a pause is given twice the time at the
 * next one. Beyond the limit of attempts there is one more, when half the hold is over: that is rarely a pause.
 */
export function speculateAtMs(user: UserSide, text: string, policy: TurnPolicy): number | null {
  const { afterMs, maxPerTurn } = policy.speculation
  const lateMs = Math.max(afterMs, holdMs(text, policy) / 2)
  if (maxPerTurn <= 0 || user.attempts > maxPerTurn) return null
  if (user.attempts === maxPerTurn) return user.lastVoiceAtMs + lateMs
  return user.lastVoiceAtMs + Math.min(lateMs, afterMs * 2 ** user.resumptions)
}

function looksUnfinished(text: string): boolean {
  if (/[.!?。！？]\s*$/u.test(text)) return false
  if (/[,，、…]\s*$/u.test(text)) return true
  return openEnds.has(text.trim().toLowerCase().split(/\s+/u).at(-1) ?? '')
}
