import type { CallOutcome, ConversationEnd, LegEvent, UnansweredReason } from '@parley/core'
import type { EarlyFinding } from './early/early-media.ts'

type LegRefusal = Extract<LegEvent, { type: 'rejected' | 'failed' }>

/**
 * What a final response of the far end means for an unanswered call. What is not here speaks of the line: `carrierFault`.
 * @see RFC 3261 section 21, RFC 3398 section 8.2.6.1, RFC 5079 (433), RFC 8224 (428, 436-438), RFC 8197 (607), RFC 8688 (608)
 */
const reasonOfStatus: ReadonlyMap<number, UnansweredReason> = new Map([
  [403, 'restricted'],
  [404, 'numberNotExist'],
  [408, 'noAnswer'],
  [410, 'numberNotExist'],
  [414, 'numberInvalid'],
  [416, 'numberInvalid'],
  [428, 'blocked'],
  [433, 'restricted'],
  [436, 'blocked'],
  [437, 'blocked'],
  [438, 'blocked'],
  [480, 'noAnswer'],
  [484, 'numberInvalid'],
  [485, 'numberInvalid'],
  [486, 'busy'],
  [487, 'noAnswer'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'numberNotExist'],
  [607, 'declined'],
  [608, 'blocked'],
])

/**
 * Causes of ITU-T Q.850 that say more than the SIP status they came with. Those that speak of the line (34, 38, 41, 42, ...)
 * are `carrierFault` even with a status that would blame the callee: gateways send 480 for many of them. Cause 31 (normal,
 * unspecified), 127 and what is not here add nothing; the status decides.
 * @see RFC 3398 section 8.2.6.1
 */
const reasonOfCause: ReadonlyMap<number, UnansweredReason> = new Map([
  [1, 'numberNotExist'],
  [2, 'carrierFault'],
  [3, 'numberNotExist'],
  [17, 'busy'],
  [18, 'noAnswer'],
  [19, 'noAnswer'],
  [20, 'unreachable'],
  [21, 'declined'],
  [22, 'numberNotExist'],
  [26, 'numberNotExist'],
  [27, 'unreachable'],
  [28, 'numberInvalid'],
  [34, 'carrierFault'],
  [38, 'carrierFault'],
  [41, 'carrierFault'],
  [42, 'carrierFault'],
  [44, 'carrierFault'],
  [47, 'carrierFault'],
  [50, 'restricted'],
  [52, 'restricted'],
  [53, 'restricted'],
  [54, 'restricted'],
  [55, 'restricted'],
  [57, 'restricted'],
  [87, 'restricted'],
  [102, 'carrierFault'],
  [111, 'carrierFault'],
])

/** The outcome of a call that the far end, or the way to it, refused. */
export function outcomeOfRefusal(event: LegRefusal): CallOutcome {
  if (event.type === 'failed') {
    if (event.cause === 'auth') return { kind: 'failed', code: 'SIP_AUTH' }
    if (event.cause === 'protocol') return { kind: 'failed', code: 'SIP_PROTOCOL' }
    return { kind: 'unanswered', reason: 'carrierFault' }
  }
  const { status, q850, meaning } = event
  if (meaning !== undefined) return { kind: 'unanswered', reason: meaning, sipStatus: status }
  if (status === 401 || status === 407) return { kind: 'failed', code: 'SIP_AUTH', sipStatus: status }
  if (status === 415 || status === 488 || status === 606) {
    return { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: status }
  }
  const reason = (q850 === undefined ? undefined : reasonOfCause.get(q850)) ?? reasonOfStatus.get(status)
  return { kind: 'unanswered', reason: reason ?? 'carrierFault', sipStatus: status }
}

/** Final statuses that many carriers send for everything; what early media told is better. */
const vagueReasons: ReadonlySet<UnansweredReason> = new Set(['noAnswer', 'carrierFault', 'unreachable'])

/** The outcome of an unanswered call in the light of its early media: words always know better, tones than a vague status. */
export function withFinding(outcome: CallOutcome, finding: EarlyFinding | undefined): CallOutcome {
  if (!finding || outcome.kind !== 'unanswered') return outcome
  const isBetter = finding.by === 'words' || vagueReasons.has(outcome.reason)
  return isBetter ? { ...outcome, reason: finding.reason } : outcome
}

/** The outcome of an answered call that its own conversation ended. */
export function outcomeOfTalk(end: Exclude<ConversationEnd, { kind: 'transfer' | 'handOver' }>): CallOutcome {
  switch (end.kind) {
    case 'assistantEnded':
      return { kind: 'completed', by: 'assistant' }
    case 'sayEnded':
      return { kind: 'completed', by: 'say' }
    case 'silenceLimit':
      return { kind: 'expired', limit: 'silence' }
    case 'failed':
      return { kind: 'failed', code: end.code }
    default:
      return end satisfies never
  }
}
