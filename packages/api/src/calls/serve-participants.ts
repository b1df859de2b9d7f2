import type { CallRecord, TransferAttempt, TransferFailure } from '@parley/core'

/** How the API names the end of a human's leg. */
const endStatusStrings: Readonly<Record<TransferFailure, string>> = {
  busy: 'busy',
  noAnswer: 'notAnswer',
  rejected: 'userReject',
  unreachable: 'operatorError',
  left: 'seatGiveUp',
  refused: 'operatorError',
  noLine: 'operatorError',
  withdrawn: 'callerCancelWhileRing',
}

/** Humans who were called to take the call over, as `ServeParticipant[]`: outside telephones, in order. */
export function serveParticipants({ transfers }: CallRecord) {
  return transfers.map((attempt, sequence) => ({
    Mail: null,
    Phone: attempt.callee,
    RingTimestamp: seconds(attempt.ringingAtMs),
    AcceptTimestamp: seconds(attempt.answeredAtMs),
    EndedTimestamp: seconds(attempt.endedAtMs),
    RecordId: null,
    Type: 'outboundSeat',
    TransferFrom: null,
    TransferFromType: null,
    TransferTo: null,
    TransferToType: null,
    SkillGroupId: attempt.skillGroupId,
    EndStatusString: endStatusOf(attempt),
    RecordURL: null,
    Sequence: sequence,
    StartTimestamp: seconds(attempt.startedAtMs),
    SkillGroupName: attempt.skillGroupName,
    CustomRecordURL: null,
  }))
}

/** The human who took the call, if one did. */
export function takenOverBy({ transfers }: CallRecord): TransferAttempt | undefined {
  return transfers.findLast(({ answeredAtMs, failure }) => answeredAtMs !== undefined && failure === undefined)
}

function endStatusOf({ failure, endedAtMs }: TransferAttempt): string | null {
  if (failure !== undefined) return endStatusStrings[failure]
  return endedAtMs === undefined ? null : 'ok'
}

function seconds(atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.floor(atMs / 1000)
}
