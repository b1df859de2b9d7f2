import type { TurnPolicy } from '@parley/core'

/** How long a final may be missing after the hold before a stretch without text is taken for noise. */
export const finalGraceMs = 1000

/** Words after which people go on: fillers, conjunctions, prepositions, articles (en, es, fr, de, pt). */
const openEnds = new Set(
  'um uh er and or but so because to the a an of for with from in on at my your y o pero porque de la el et ou mais le les und oder aber der die das mit e ou mas'.split(
    ' ',
  ),
)

/** Silence that ends the turn (`H`): longer when the words so far cannot be the end of a sentence. */
function holdMs(text: string, policy: TurnPolicy): number {
  const extended = policy.unfinishedSilenceMs
  return extended !== undefined && looksUnfinished(text)
    ? Math.max(policy.endpointSilenceMs, extended)
    : policy.endpointSilenceMs
}

/** The instant from which the assistant may speak, given the end of the last voiced frame. */
export function endpointAtMs(lastVoiceAtMs: number, text: string, policy: TurnPolicy): number {
  return lastVoiceAtMs + Math.max(holdMs(text, policy), policy.minGapMs)
}

function looksUnfinished(text: string): boolean {
  if (/[.!?。！？]\s*$/u.test(text)) return false
  if (/[,，、…]\s*$/u.test(text)) return true
  return openEnds.has(text.trim().toLowerCase().split(/\s+/u).at(-1) ?? '')
}
