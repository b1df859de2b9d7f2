import type { CallOutcome } from '@parley/core'
import { expect, test } from 'vitest'
import { endStatusOf } from './end-status.ts'

type Row = readonly [CallOutcome, boolean, number, string, number | null, string | null, 'user' | 'seat' | 'system']

const rows: readonly Row[] = [
  [{ kind: 'completed', by: 'user' }, true, 1, 'ok', null, null, 'user'],
  [{ kind: 'completed', by: 'assistant' }, true, 1, 'ok', 228, 'functionCallHangup', 'system'],
  [{ kind: 'completed', by: 'operator' }, true, 1, 'ok', 231, 'callTerminatedByAPI', 'system'],
  [{ kind: 'completed', by: 'say' }, true, 1, 'ok', 231, 'callTerminatedByAPI', 'system'],
  [{ kind: 'unanswered', reason: 'busy', sipStatus: 486 }, false, 206, 'busy', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'noAnswer' }, false, 202, 'notAnswer', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'declined', sipStatus: 603 }, false, 203, 'userReject', null, null, 'user'],
  [{ kind: 'unanswered', reason: 'numberNotExist' }, false, 205, 'numberNotExist', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'numberInvalid' }, false, 215, 'numberInvalid', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'unreachable' }, false, 210, 'notInService', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'restricted' }, false, 216, 'callRestricted', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'powerOff' }, false, 204, 'powerOff', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'outOfCredit' }, false, 207, 'outOfCredit', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'blocked' }, false, 212, 'carrierBlocked', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'voicemail' }, true, 222, 'voiceMailReached', null, null, 'system'],
  [{ kind: 'unanswered', reason: 'carrierFault' }, false, 208, 'operatorError', null, null, 'system'],
  [{ kind: 'cancelled', rang: true }, false, 220, 'callerCancelWhileRing', null, null, 'system'],
  [{ kind: 'cancelled', rang: false }, false, 209, 'callerCancel', null, null, 'system'],
  [{ kind: 'expired', limit: 'silence' }, true, 1, 'ok', 230, 'userInactivity', 'system'],
  [{ kind: 'expired', limit: 'duration' }, true, 1, 'ok', 229, 'maxCallDurationReached', 'system'],
  [{ kind: 'transferred' }, true, 1, 'ok', null, null, 'system'],
  [{ kind: 'transferred', by: 'user' }, true, 1, 'ok', null, null, 'user'],
  [{ kind: 'transferred', by: 'human' }, true, 1, 'ok', null, null, 'seat'],
  [{ kind: 'failed', code: 'ASR_TIMEOUT' }, true, 1, 'ok', 225, 'asrError', 'system'],
  [{ kind: 'failed', code: 'LLM_AUTH' }, true, 1, 'ok', 226, 'llmasrError', 'system'],
  [{ kind: 'failed', code: 'TTS_FAILED' }, true, 1, 'ok', 227, 'ttsError', 'system'],
  [{ kind: 'failed', code: 'MEDIA_RTP_TIMEOUT' }, true, 208, 'operatorError', null, null, 'system'],
  [{ kind: 'failed', code: 'ENGINE_LOST' }, true, 208, 'operatorError', null, null, 'system'],
  [{ kind: 'failed', code: 'SIP_UNREACHABLE', sipStatus: 503 }, false, 208, 'operatorError', null, null, 'system'],
  [{ kind: 'failed', code: 'LLM_AUTH' }, false, 208, 'operatorError', null, null, 'system'],
]

test.each(rows)('%j, answered %s, is %i %s', (outcome, answered, code, name, reason, reasonName, side) => {
  expect(endStatusOf(outcome, answered)).toEqual({
    endStatus: code,
    endStatusString: name,
    sysHangupReason: reason,
    sysHangupReasonString: reasonName,
    hungUpSide: side,
  })
})
