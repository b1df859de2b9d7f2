import type { CallOutcome, ErrorCode, UnansweredReason } from '@parley/core'

/** How a call ended, in the words of the API (`EndStatus`, `SysHangupReason`, `HungUpSide`). */
export interface EndStatus {
  readonly endStatus: number
  readonly endStatusString: string
  /** Why the system ended an answered call; null when the callee did, or nothing was answered. */
  readonly sysHangupReason: number | null
  readonly sysHangupReasonString: string | null
  /** `seat`: the human a call was transferred to. */
  readonly hungUpSide: 'user' | 'seat' | 'system'
}

const names = {
  1: 'ok',
  108: 'restrictedCallee',
  109: 'tooManyRequest',
  111: 'restrictedTime',
  202: 'notAnswer',
  203: 'userReject',
  204: 'powerOff',
  205: 'numberNotExist',
  206: 'busy',
  207: 'outOfCredit',
  208: 'operatorError',
  209: 'callerCancel',
  210: 'notInService',
  212: 'carrierBlocked',
  215: 'numberInvalid',
  216: 'callRestricted',
  220: 'callerCancelWhileRing',
  222: 'voiceMailReached',
  225: 'asrError',
  // The vendor's spelling.
  226: 'llmasrError',
  227: 'ttsError',
  228: 'functionCallHangup',
  229: 'maxCallDurationReached',
  230: 'userInactivity',
  231: 'callTerminatedByAPI',
} as const satisfies Record<number, string>

type StatusCode = keyof typeof names

const unansweredCodes: Readonly<Record<UnansweredReason, StatusCode>> = {
  busy: 206,
  noAnswer: 202,
  declined: 203,
  numberNotExist: 205,
  numberInvalid: 215,
  unreachable: 210,
  powerOff: 204,
  outOfCredit: 207,
  restricted: 216,
  blocked: 212,
  voicemail: 222,
  carrierFault: 208,
}

/** Calls that a rule stopped before an INVITE left. */
const ruleStatuses: Partial<Record<ErrorCode, StatusCode>> = {
  CALLEE_FORBIDDEN: 108,
  CALL_TOO_FREQUENT: 109,
  CALL_OUT_OF_HOURS: 111,
}

const answered = (reason: StatusCode): EndStatus => status(1, 'system', reason)

/** `wasAnswered` tells a failure in the talk from one of the line. */
export function endStatusOf(outcome: CallOutcome, wasAnswered: boolean): EndStatus {
  switch (outcome.kind) {
    case 'completed':
      if (outcome.by === 'user') return status(1, 'user')
      return answered(outcome.by === 'assistant' ? 228 : 231)
    case 'unanswered':
      return status(unansweredCodes[outcome.reason], outcome.reason === 'declined' ? 'user' : 'system')
    case 'cancelled':
      return status(outcome.rang ? 220 : 209, 'system')
    case 'expired':
      return answered(outcome.limit === 'silence' ? 230 : 229)
    case 'transferred':
      if (outcome.by === 'human') return status(1, 'seat')
      return status(1, outcome.by ?? 'system')
    case 'failed': {
      const reason = wasAnswered ? talkFailure(outcome.code) : undefined
      return reason ? answered(reason) : status(ruleStatuses[outcome.code] ?? 208, 'system')
    }
    default:
      return outcome satisfies never
  }
}

/** Failures the API has a reason for. The rest (line, media, our own faults) shows as `operatorError`. */
function talkFailure(code: ErrorCode): StatusCode | undefined {
  if (code.startsWith('ASR_')) return 225
  if (code.startsWith('LLM_')) return 226
  return code.startsWith('TTS_') ? 227 : undefined
}

function status(code: StatusCode, hungUpSide: EndStatus['hungUpSide'], reason?: StatusCode): EndStatus {
  return {
    endStatus: code,
    endStatusString: names[code],
    sysHangupReason: reason ?? null,
    sysHangupReasonString: reason ? names[reason] : null,
    hungUpSide,
  }
}
