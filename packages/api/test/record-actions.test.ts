import { type CallEvent, type CallOutcome, type CallRecord, callId, generation, turnId } from '@parley/core'
import type { TelCdrInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/v20200210/ccc_models.js'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, someCallId, wallAtStartMs } from './api-house.ts'
import { type ApiResponse, call } from './signed-inject.ts'

const nowS = wallAtStartMs / 1000
const session = { SdkAppId: appId, SessionId: someCallId }
const page = { SdkAppId: appId, StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS, PageSize: 10, PageNumber: 0 }
const ringing = {
  state: 'ringing',
  answeredAtMs: undefined,
  endedAtMs: undefined,
  outcome: undefined,
  recording: undefined,
}

type Kind = 'int' | 'string' | 'strings' | 'objects' | 'object'

/** Every member of `TelCdrInfo` and its type in the vendor's model. */
const telCdrKinds = {
  ...{ Caller: 'string', Callee: 'string', Time: 'int', Direction: 'int', CallType: 'int', Duration: 'int' },
  ...{ RecordURL: 'string', RecordId: 'string', SeatUser: 'object', EndStatus: 'int', SkillGroup: 'string' },
  ...{ CallerLocation: 'string', IVRDuration: 'int', RingTimestamp: 'int', AcceptTimestamp: 'int' },
  ...{ EndedTimestamp: 'int', IVRKeyPressed: 'strings', IVRKeyPressedEx: 'objects', HungUpSide: 'string' },
  ...{ ServeParticipants: 'objects', SkillGroupId: 'int', EndStatusString: 'string', StartTimestamp: 'int' },
  ...{ QueuedTimestamp: 'int', PostIVRKeyPressed: 'objects', PostIVRKeyPressedEx: 'objects' },
  ...{ QueuedSkillGroupId: 'int', SessionId: 'string', ProtectedCaller: 'string', ProtectedCallee: 'string' },
  ...{ Uui: 'string', UUI: 'string', AsrUrl: 'string', AsrStatus: 'string', CustomRecordURL: 'string' },
  ...{ Remark: 'string', QueuedSkillGroupName: 'string', VoicemailRecordURL: 'strings', VoicemailAsrURL: 'strings' },
  ...{ AIAgentId: 'int', AIAgentName: 'string', SysHangupReason: 'int', SysHangupReasonString: 'string' },
} as const satisfies Record<keyof TelCdrInfo, Kind>

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (kind === 'objects') return Array.isArray(value) && value.every((item) => typeof item === 'object')
  if (value === null) return true
  if (kind === 'int') return Number.isSafeInteger(value)
  return kind === 'string' ? typeof value === 'string' && value !== '' : typeof value === 'object'
}

const outcomes: readonly (CallOutcome | undefined)[] = [
  { kind: 'completed', by: 'user' },
  { kind: 'completed', by: 'assistant' },
  { kind: 'unanswered', reason: 'busy' },
  { kind: 'cancelled', rang: true },
  { kind: 'failed', code: 'LLM_TIMEOUT' },
  undefined,
]

test('every call record has every member of TelCdrInfo with the right type', async () => {
  const { api, records } = apiHouse()
  for (const [index, outcome] of outcomes.entries()) {
    const id = callId(`3fa85f64-5717-4562-b3fc-2c963f66af0${index}`)
    const changes = outcome ? { outcome } : ringing
    const unanswered = outcome?.kind === 'unanswered' ? { answeredAtMs: undefined, recording: undefined } : {}
    records.calls.push({ ...finishedCall({ callId: id }), ...changes, ...unanswered } as CallRecord)
  }
  const answer = await call(api, 'DescribeTelCdr', page)
  const list = answer.TelCdrList as Record<string, unknown>[]
  expect(answer).toMatchObject({ TotalCount: 6 })
  expect(answer.TelCdrs).toEqual(list)
  for (const record of list) {
    expect(Object.keys(record).toSorted()).toEqual(Object.keys(telCdrKinds).toSorted())
    const wrong = Object.entries(telCdrKinds).filter(([name, kind]) => !isOfKind(record[name], kind))
    expect(wrong).toEqual([])
  }
})

test('a finished call reads as the API counts it', async () => {
  const { api, records } = apiHouse({ publicUrl: 'https://calls.example.com/' })
  records.calls.push(finishedCall({ outcome: { kind: 'completed', by: 'assistant' } }))
  const [record] = (await call(api, 'DescribeTelCdr', page)).TelCdrList as Record<string, unknown>[]
  const startS = nowS - 3600
  expect(record).toMatchObject({
    Caller: '008601012340000',
    Callee: '008613000000000',
    Time: startS,
    StartTimestamp: startS,
    RingTimestamp: startS + 1,
    AcceptTimestamp: startS + 5,
    EndedTimestamp: startS + 65,
    Duration: 60,
    Direction: 1,
    CallType: 1,
    EndStatus: 1,
    EndStatusString: 'ok',
    SysHangupReason: 228,
    SysHangupReasonString: 'functionCallHangup',
    HungUpSide: 'system',
    RecordId: someCallId,
    IVRKeyPressed: ['5'],
    IVRKeyPressedEx: [{ Key: '5', Timestamp: (startS + 9) * 1000 }],
    AsrStatus: 'Complete',
    RecordURL: expect.stringMatching(`^https://calls.example.com/recordings/${someCallId}.wav\\?app=${appId}&expires=`),
    AsrUrl: expect.stringMatching(`^https://calls.example.com/transcripts/${someCallId}.json\\?`),
  })
})

test('an inbound call that nobody answered has no recording, no transcript and no duration', async () => {
  const { api, records } = apiHouse()
  const outcome = { kind: 'unanswered', reason: 'noAnswer' } as const
  const { answeredAtMs, recording, ...rest } = finishedCall({ direction: 'inbound', outcome })
  records.calls.push(rest)
  const [record] = (await call(api, 'DescribeTelCdr', page)).TelCdrList as Record<string, unknown>[]
  expect([answeredAtMs, recording]).not.toContain(undefined)
  expect(record).toMatchObject({
    ...{ Direction: 0, CallType: 2, Duration: 0, AcceptTimestamp: null, RecordURL: null, RecordId: null },
    ...{ AsrUrl: null, AsrStatus: 'NotExists', EndStatus: 202, HungUpSide: 'system', SysHangupReason: null },
  })
})

test('a call that was taken over names the humans who were called, and the group that took it', async () => {
  const { api, records } = apiHouse()
  const { createdAtMs } = finishedCall()
  const offered = {
    skillGroupId: 7,
    skillGroupName: 'sales',
    mode: 'bridge',
    startedAtMs: createdAtMs + 20_000,
  } as const
  records.calls.push(
    finishedCall({
      outcome: { kind: 'transferred', by: 'human' },
      transfers: [
        { ...offered, attempt: 0, callee: '+861', endedAtMs: createdAtMs + 21_000, failure: 'busy' },
        {
          ...offered,
          attempt: 1,
          callee: '+862',
          startedAtMs: createdAtMs + 21_000,
          ringingAtMs: createdAtMs + 22_000,
          answeredAtMs: createdAtMs + 25_000,
          endedAtMs: createdAtMs + 65_000,
        },
      ],
    }),
  )
  const [record] = (await call(api, 'DescribeTelCdr', page)).TelCdrList as Record<string, unknown>[]
  const startS = createdAtMs / 1000
  expect(record).toMatchObject({
    ...{ EndStatus: 1, EndStatusString: 'ok', HungUpSide: 'seat', SysHangupReason: null },
    ...{ SkillGroupId: 7, SkillGroup: 'sales' },
    ServeParticipants: [
      { Sequence: 0, Phone: '+861', Type: 'outboundSeat', EndStatusString: 'busy', AcceptTimestamp: null },
      {
        ...{ Sequence: 1, Phone: '+862', EndStatusString: 'ok', SkillGroupId: 7, SkillGroupName: 'sales' },
        ...{ StartTimestamp: startS + 21, RingTimestamp: startS + 22, AcceptTimestamp: startS + 25 },
        EndedTimestamp: startS + 65,
      },
    ],
  })
})

test('records are paged and filtered', async () => {
  const { api, records } = apiHouse()
  for (let index = 0; index < 5; index += 1) {
    const id = callId(`3fa85f64-5717-4562-b3fc-2c963f66af0${index}`)
    const callee = index === 2 ? '1002' : '1001'
    records.calls.push(finishedCall({ callId: id, callee, createdAtMs: wallAtStartMs - 10_000 + index * 1000 }))
  }
  const ids = async (extra: object) =>
    ((await call(api, 'DescribeTelCdr', { ...page, ...extra })).TelCdrList as { SessionId: string }[]).map((record) =>
      record.SessionId.slice(-1),
    )
  expect(await ids({ PageSize: 2 })).toEqual(['4', '3'])
  expect(await ids({ PageSize: 2, PageNumber: 2 })).toEqual(['0'])
  expect(await ids({ PageSize: 2, PageNumber: 9 })).toEqual([])
  expect(await ids({ Phones: ['1002'] })).toEqual(['2'])
  expect(await ids({ SessionIds: ['3FA85F64-5717-4562-B3FC-2C963F66AF01', 'x'] })).toEqual(['1'])
  expect(await ids({ StartTimeStamp: nowS - 7, EndTimeStamp: nowS - 7 })).toEqual(['3'])
  records.queries.length = 0
  expect(await ids({ SessionIds: ['x'] })).toEqual([])
  expect(records.queries).toEqual([])
})

const day = 86_400

test.each([
  [{ PageSize: undefined }, 'MissingParameter', 'PageSize'],
  [{ PageNumber: undefined }, 'MissingParameter', 'PageNumber'],
  [{ StartTimeStamp: undefined }, 'MissingParameter', 'StartTimeStamp'],
  [{ PageSize: 0 }, 'InvalidParameterValue', 'PageSize'],
  [{ PageSize: 101 }, 'InvalidParameterValue', 'PageSize'],
  [{ PageNumber: -1 }, 'InvalidParameterValue', 'PageNumber'],
  [{ PageSize: '10' }, 'InvalidParameter', 'PageSize'],
  [{ StartTimeStamp: nowS - 181 * day, EndTimeStamp: nowS - 180 * day }, 'InvalidParameterValue', 'StartTimeStamp'],
  [{ StartTimeStamp: nowS - 91 * day }, 'InvalidParameterValue', 'EndTimeStamp'],
  [{ StartTimeStamp: nowS, EndTimeStamp: nowS - 1 }, 'InvalidParameterValue', 'EndTimeStamp'],
  [{ StartTimeStamp: (nowS - 10) * 1000 }, 'InvalidParameterValue', 'StartTimeStamp'],
  [{ SdkAppId: 1 }, 'InvalidParameterValue.InstanceNotExist', 'SdkAppId'],
])('DescribeTelCdr with %j is refused with %s', async (changes, code, name) => {
  const { api } = apiHouse()
  const { Error: error } = await call(api, 'DescribeTelCdr', { ...page, ...changes })
  expect(error?.Code).toBe(code)
  expect(error?.Message).toContain(name)
})

test('the limits themselves are allowed', async () => {
  const { api } = apiHouse()
  for (const startDay of [180, 90]) {
    const range = { StartTimeStamp: nowS - startDay * day, EndTimeStamp: nowS - startDay * day + 90 * day }
    expect((await call(api, 'DescribeTelCdr', { ...page, ...range, PageSize: 100 })).Error).toBeUndefined()
  }
})

test('DescribeSessionDetail answers with the fields of one call, directly in the response', async () => {
  const { api, records } = apiHouse()
  records.calls.push(finishedCall())
  const range = { StartTimestamp: nowS - day, EndTimestamp: nowS }
  const answer = await call(api, 'DescribeSessionDetail', { ...session, ...range })
  expect(Object.keys(answer).toSorted()).toEqual(
    [
      ...['Caller', 'Callee', 'CallType', 'StartTimeStamp', 'RingTimestamp', 'AcceptTimestamp', 'EndedTimestamp'],
      ...['QueuedTimestamp', 'StaffUserId', 'EndStatus', 'QueuedSkillGroupId', 'QueuedSkillGroupName', 'RecordURL'],
      ...['CustomRecordURL', 'AsrURL', 'VoicemailRecordURL', 'VoicemailAsrURL', 'IVRKeyPressed', 'PostIVRKeyPressed'],
      ...['HungUpSide', 'UUI', 'Events', 'ServeParticipants', 'SysHangupReason', 'SysHangupReasonString', 'RequestId'],
    ].toSorted(),
  )
  expect(answer).toMatchObject({
    EndStatus: 1,
    HungUpSide: 'user',
    StartTimeStamp: nowS - 3600,
    IVRKeyPressed: [{ Key: '5' }],
  })
  const early = { StartTimestamp: nowS - day, EndTimestamp: nowS - 3601 }
  for (const other of [early, { ...range, SessionId: 'x' }, { ...range, SessionId: someCallId.replace('3', '4') }]) {
    const refused = await call(api, 'DescribeSessionDetail', { ...session, ...other })
    expect(refused.Error?.Code).toBe('FailedOperation.SessionNotExists')
  }
})

test.each([
  ['created', 'ringing'],
  ['dialing', 'ringing'],
  ['ringing', 'ringing'],
  ['answered', 'inProgress'],
  ['ending', 'finished'],
  ['ended', 'finished'],
] as const)('DescribeTelSession shows a call that is %s as %s', async (state, shown) => {
  const { api, records } = apiHouse()
  records.calls.push(finishedCall({ state }))
  const { Session } = await call(api, 'DescribeTelSession', session)
  expect(Session).toMatchObject({
    SessionID: someCallId,
    SessionStatus: shown,
    Direction: 1,
    AcceptTimestamp: nowS - 3595,
  })
})

test('DescribeTelSession of an unknown call is null', async () => {
  const { api } = apiHouse()
  expect(await call(api, 'DescribeTelSession', session)).toEqual({ Session: null, RequestId: expect.any(String) })
})

test('another application cannot see or end a call', async () => {
  const { api, records, control } = apiHouse()
  records.calls.push({ ...finishedCall({ state: 'answered' }), applicationId: 5 as CallRecord['applicationId'] })
  expect((await call(api, 'DescribeTelSession', session)).Session).toBeNull()
  expect((await call(api, 'DescribeTelCdr', page)).TotalCount).toBe(0)
  expect((await call(api, 'HangUpCall', session)).Error?.Code).toBe('FailedOperation.SessionNotExists')
  expect(control.hungUp).toEqual([])
})

test('the transcript names user and bot and counts from the answer', async () => {
  const { api, records } = apiHouse()
  records.calls.push(finishedCall())
  records.lines.push(
    { role: 'assistant', text: 'Hello.', fromMs: 0.4, toMs: 900 },
    { role: 'user', text: 'Hi.', fromMs: 2000, toMs: 2400 },
  )
  expect((await call(api, 'DescribeTelRecordAsr', session)).AsrDataList).toEqual([
    { User: 'bot', Message: 'Hello.', Timestamp: nowS - 3595, Start: 0, End: 900 },
    { User: 'user', Message: 'Hi.', Timestamp: nowS - 3593, Start: 2000, End: 2400 },
  ])
})

test('a call that is unknown or was not answered has no transcript', async () => {
  const { api, records } = apiHouse()
  expect((await call(api, 'DescribeTelRecordAsr', session)).Error?.Code).toBe('ResourceNotFound')
  const { answeredAtMs, ...unanswered } = finishedCall()
  records.calls.push(unanswered)
  expect(answeredAtMs).toBeDefined()
  expect((await call(api, 'DescribeTelRecordAsr', session)).Error?.Code).toBe('ResourceNotFound')
  expect((await call(api, 'DescribeTelRecordAsr', { ...session, SdkAppId: 1 })).Error?.Code).toBe(
    'InvalidParameter.InstanceNotExist',
  )
})

test('latencies come from the turns in the journal, within the time range', async () => {
  const { api, records } = apiHouse()
  records.calls.push(finishedCall())
  const timings = {
    turn: turnId(1),
    generation: generation(1),
    userStoppedAtMs: 10,
    firstPacketAtMs: 310,
    discarded: 0,
  }
  const event = (seq: number, body: CallEvent['body']): CallEvent => ({ callId: someCallId, seq, wallMs: 0, body })
  records.journal.push(event(1, { type: 'call.answered' }), event(2, { type: 'turn.completed', timings }))
  const latency = (range: object): Promise<ApiResponse> => call(api, 'DescribeAILatency', { ...session, ...range })
  const none = { MinLatency: -1, MiddleLatency: -1, P90Latency: -1 }
  expect(await latency({ StartTime: nowS - day, EndTime: nowS })).toMatchObject({
    AILatencyDetail: [
      { RoundId: '1', ASRLatency: -1, TTSLatency: -1, LLMLatency: -1, LLMFirstTokenLatency: -1, ETELatency: 300 },
    ],
    AILatencyStatistics: { ASRLatency: none, ETELatency: { MinLatency: 300, MiddleLatency: 300, P90Latency: 300 } },
  })
  expect(await latency({ StartTime: nowS - 10, EndTime: nowS })).toMatchObject({
    AILatencyDetail: [],
    AILatencyStatistics: { ASRLatency: none, TTSLatency: none, LLMLatency: none, ETELatency: none },
  })
})

test('DescribeNumbers pages through what the operator configured', async () => {
  const all = Array.from({ length: 25 }, (_, index) => ({ number: `10${index}`, suspended: index === 24 }))
  const { api } = apiHouse({ numbers: async () => all })
  const first = await call(api, 'DescribeNumbers', { SdkAppId: appId })
  expect(first.TotalCount).toBe(25)
  expect(first.Numbers).toHaveLength(20)
  expect((await call(api, 'DescribeNumbers', { SdkAppId: appId, PageNumber: 1 })).Numbers).toContainEqual({
    Number: '1024',
    CallOutSkillGroupIds: [],
    State: 4,
    CostType: 1,
  })
})
