import type { CalleeState, CallTag, CampaignPlan } from '@parley/core'

/** What is known of an attempt whose call is over. */
export interface AttemptResult {
  /** End status of the public API; 1: answered. */
  readonly status: number
  /** Results found out after the call; undefined: not yet. */
  readonly tags?: readonly CallTag[]
  /** Attempts at this callee, with this one. */
  readonly tries: number
  /** When the call ended, Unix ms. */
  readonly endedAtMs: number
}

export interface Verdict {
  readonly state: Extract<CalleeState, 'answered' | 'unanswered' | 'retrying'>
  /** Of `retrying`: not before this, Unix ms. */
  readonly dueAtMs?: number
}

export const answeredStatus = 1
/** The number does not exist, is none, or must not be called: another try gives nothing else. */
const finalStatuses: readonly number[] = [205, 215, 108]

/**
 * What becomes of a callee after an attempt. One who did not answer is called again while tries are left, if the status is
 * one of `retryStatuses` (when none are given: any that another try may mend); one who answered, if a result is among
 * `retryTags`.
 */
export function judgeAttempt(
  plan: Pick<CampaignPlan, 'tries' | 'retryIntervalMs' | 'retryStatuses' | 'retryTags'>,
  { status, tags = [], tries, endedAtMs }: AttemptResult,
): Verdict {
  const isAnswered = status === answeredStatus
  const isWorthIt = isAnswered ? anyTag(plan.retryTags, tags) : isRetried(plan.retryStatuses, status)
  if (isWorthIt && tries < plan.tries) return { state: 'retrying', dueAtMs: endedAtMs + plan.retryIntervalMs }
  return { state: isAnswered ? 'answered' : 'unanswered' }
}

function isRetried(statuses: readonly number[], status: number): boolean {
  return statuses.length > 0 ? statuses.includes(status) : !finalStatuses.includes(status)
}

/** Whether one of the wanted results is there. Values are compared without regard to case and outer spaces. */
export function anyTag(wanted: readonly CallTag[], found: readonly CallTag[]): boolean {
  return wanted.some(({ name, value }) => found.some((tag) => tag.name === name && plain(tag.value) === plain(value)))
}

const plain = (text: string) => text.trim().toLowerCase()
