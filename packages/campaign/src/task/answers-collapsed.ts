/** Attempts that are over, and those of them that were answered. */
export interface AnswerCount {
  readonly attempts: number
  readonly answered: number
}

/** Attempts that are looked at, and that must have come before them. Taste. */
export const watchedAttempts = 50
/** Below this share of the rate so far, answers have collapsed. Taste. */
const collapseShare = 0.25
/** A campaign that hardly ever was answered has nothing that could collapse. Taste. */
const leastUsualRate = 0.1

/**
 * Whether something happened to the campaign (numbers marked as spam, a carrier fault) rather than to single calls: of the
 * last 50 attempts less than a quarter of the share was answered that was answered before them.
 */
export function answersCollapsed(recent: AnswerCount, before: AnswerCount): boolean {
  if (recent.attempts < watchedAttempts || before.attempts < watchedAttempts) return false
  const usualRate = before.answered / before.attempts
  return usualRate >= leastUsualRate && recent.answered / recent.attempts < usualRate * collapseShare
}
