import { completeness } from '../language/completeness.ts'
import { collectedLength } from '../language/expectation.ts'
import type { Asked } from '../state.ts'

/** Fewer digits than were asked for cannot be all; as many are. */
const tooShort = 0.06
const exact = 0.97

/** How complete the words read as an answer to what was asked, 0..1. */
export function completenessOf(text: string, language: string, { expecting, length }: Asked): number {
  const byForm = completeness(text, language, expecting)
  if (length === undefined || (expecting !== 'digits' && expecting !== 'spelling')) return byForm
  const collected = collectedLength(text, expecting, language)
  if (collected === 0) return byForm
  return collected < length ? tooShort : exact
}
