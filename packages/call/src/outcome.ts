import type { CallOutcome, ConversationEnd, LegEvent, UnansweredReason } from '@parley/core'

type LegRefusal = Extract<LegEvent, { type: 'rejected' | 'failed' }>

/** What a final response of the far end means for an unanswered call. @see RFC 3261 section 21, RFC 8197 (607) */
const reasonOfStatus: ReadonlyMap<number, UnansweredReason> = new Map([
  [403, 'restricted'],
  [404, 'numberNotExist'],
  [408, 'noAnswer'],
  [410, 'numberNotExist'],
  [416, 'numberInvalid'],
  [480, 'noAnswer'],
  [484, 'numberInvalid'],
  [486, 'busy'],
  [487, 'noAnswer'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'numberNotExist'],
  [607, 'declined'],
  [608, 'declined'],
])

/** Causes of ITU-T Q.850 that say more than the SIP status they came with. */
const reasonOfCause: ReadonlyMap<number, UnansweredReason> = new Map([
  [1, 'numberNotExist'],
  [17, 'busy'],
  [19, 'noAnswer'],
  [21, 'declined'],
  [22, 'numberNotExist'],
  [27, 'unreachable'],
  [28, 'numberInvalid'],
])

/** The outcome of a call that the far end, or the way to it, refused. */
export function outcomeOfRefusal(event: LegRefusal): CallOutcome {
  if (event.type === 'failed') {
    if (event.cause === 'auth') return { kind: 'failed', code: 'SIP_AUTH' }
    if (event.cause === 'protocol') return { kind: 'failed', code: 'SIP_PROTOCOL' }
    return { kind: 'unanswered', reason: 'carrierFault' }
  }
  const { status, q850 } = event
  if (status === 401 || status === 407) return { kind: 'failed', code: 'SIP_AUTH', sipStatus: status }
  if (status === 415 || status === 488 || status === 606) {
    return { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: status }
  }
  const reason = (q850 === undefined ? undefined : reasonOfCause.get(q850)) ?? reasonOfStatus.get(status)
  return { kind: 'unanswered', reason: reason ?? 'carrierFault', sipStatus: status }
}

/** The outcome of an answered call that its own conversation ended. */
export function outcomeOfTalk(end: Exclude<ConversationEnd, { kind: 'transfer' }>): CallOutcome {
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
