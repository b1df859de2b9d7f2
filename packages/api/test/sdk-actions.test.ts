import { type CallEvent, callId, generation, turnId } from '@parley/core'
import { expect, test } from 'vitest'
import { appId, finishedCall, minimalCall, ownNumber, someCallId } from './api-house.ts'
import { fakeTrunks } from './fake-trunks.ts'
import { failureOf, listeningHouse } from './listening-house.ts'

const nowS = () => Math.floor(Date.now() / 1000)
const app = { SdkAppId: appId }
const page = { ...app, PageSize: 10, PageNumber: 0 }
const period = () => ({ StartTimeStamp: nowS() - 86_400, EndTimeStamp: nowS() })
const otherCallId = callId('3fa85f64-5717-4562-b3fc-2c963f66afa7')
const running = {
  state: 'answered',
  endedAtMs: undefined,
  outcome: undefined,
  recording: undefined,
} as unknown as Parameters<typeof finishedCall>[0]

test('DescribePSTNActiveSessionList shows calls in progress, page by page', async () => {
  const { client, records } = await listeningHouse()
  const createdAtMs = (nowS() - 100) * 1000
  records.calls.push(
    finishedCall(),
    finishedCall({ ...running, callId: otherCallId, createdAtMs, answeredAtMs: createdAtMs + 5000 }),
  )
  const { Total, Sessions } = await client().DescribePSTNActiveSessionList({ ...app, Offset: 0, Limit: 25 })
  expect(Total).toBe(1)
  expect(Sessions?.[0]).toMatchObject({
    SessionID: otherCallId,
    StartTimestamp: String(createdAtMs / 1000),
    AcceptTimestamp: String(createdAtMs / 1000 + 5),
    SessionStatus: 'inProgress',
    Direction: 1,
  })
  const beyond = await client().DescribePSTNActiveSessionList({ ...app, Offset: 1, Limit: 25 })
  expect(beyond).toMatchObject({ Total: 1, Sessions: [] })
})

test('DescribeTelCallInfo counts each begun minute of a talk, by direction', async () => {
  const { client, records } = await listeningHouse()
  const createdAtMs = (nowS() - 1000) * 1000
  const talk = (seconds: number) => ({ answeredAtMs: createdAtMs, endedAtMs: createdAtMs + seconds * 1000 })
  records.calls.push(
    finishedCall({ createdAtMs, ...talk(61) }),
    finishedCall({ createdAtMs, ...talk(60) }),
    finishedCall({ createdAtMs, ...talk(5), direction: 'inbound' }),
  )
  const answer = await client().DescribeTelCallInfo({ ...period(), SdkAppIdList: [appId] })
  expect(answer).toMatchObject({ TelCallOutCount: 3, TelCallInCount: 1, AsrRealtimeCount: 4, SeatUsedCount: 0 })
  expect(await failureOf(client().DescribeTelCallInfo({ ...period(), SdkAppIdList: [appId, 1] }))).toMatchObject({
    code: 'InvalidParameterValue.InstanceNotExist',
  })
})

test('DescribeAICallInteractionRecords tells the talk round by round', async () => {
  const { client, records } = await listeningHouse()
  const call = finishedCall()
  records.calls.push(call)
  const said = { turn: turnId(2), fromMs: 4000, toMs: 5000 }
  const bodies: readonly CallEvent['body'][] = [
    {
      ...{ type: 'assistant.said', turn: turnId(1), heard: 'Hello.', intended: 'Hello.', interrupted: false },
      ...{ fromMs: 100, toMs: 900, source: 'greeting', remember: true },
    } as const,
    { type: 'user.said', ...said, text: 'what time is it' },
    {
      ...{ type: 'assistant.said', turn: turnId(2), heard: 'It is', intended: 'It is noon.', interrupted: true },
      ...{ fromMs: 5600, toMs: 6000, source: 'reply', remember: true },
    } as const,
    {
      type: 'turn.completed',
      timings: {
        ...{ turn: turnId(2), generation: generation(1), discarded: 0, userStoppedAtMs: 1000 },
        ...{ transcriptFinalAtMs: 1300, modelRequestAtMs: 1310, modelFirstTokenAtMs: 1410, firstPacketAtMs: 1600 },
      },
    },
  ]
  records.journal.push(...bodies.map((body, seq) => ({ callId: someCallId, seq, wallMs: 0, body })))
  const answer = await client().DescribeAICallInteractionRecords({ ...app, SessionId: someCallId })
  const [greeting, round] = answer.InteractionEventList ?? []
  expect(greeting).toMatchObject({
    ...{ RoundId: '1', RoundIndex: 1, Tags: '', Paths: [] },
    Messages: [{ Timestamp: (call.answeredAtMs ?? 0) + 100, AISpeak: { SpokenText: 'Hello.', SpokenType: 'Script' } }],
  })
  expect(round?.Messages).toMatchObject([
    { Timestamp: (call.answeredAtMs ?? 0) + 4000, UserReply: { ASRTranscript: 'what time is it' }, AISpeak: null },
    {
      AISpeak: {
        ...{ SpokenText: 'It is', SpokenType: 'LLMFallback', CanBeInterrupted: true },
        LatencyMetrics: { AsrLatency: 300, LLMFirstTokenLatency: 100, TTSLatency: -1, TotalLatency: 600 },
      },
    },
  ])
})

test('DescribeProtectedTelCdr shows the end of every number and nothing more', async () => {
  const { client, records } = await listeningHouse()
  const createdAtMs = (nowS() - 100) * 1000
  const human = {
    attempt: 0,
    skillGroupId: 1,
    skillGroupName: 'desk',
    mode: 'bridge',
    callee: '008613912345678',
  } as const
  records.calls.push(finishedCall({ createdAtMs, transfers: [{ ...human, startedAtMs: createdAtMs }] }))
  const answer = await client().DescribeProtectedTelCdr({ ...page, ...period() })
  expect(answer.TotalCount).toBe(1)
  const [cdr] = answer.TelCdrList ?? []
  expect(cdr).toMatchObject({ Caller: '', Callee: '', ProtectedCaller: '***********0000', SessionId: someCallId })
  for (const number of ['008601012340000', '008613000000000', '008613912345678']) {
    expect(JSON.stringify(answer)).not.toContain(number)
  }
})

test('DescribeSkillGroupInfoList shows the configured groups by id, name and page', async () => {
  const skillGroups = [
    { id: 1, name: 'front desk' },
    { id: 2, name: 'back office' },
  ]
  const { client } = await listeningHouse({ skillGroups })
  const sdk = client()
  expect(await sdk.DescribeSkillGroupInfoList(page)).toMatchObject({
    TotalCount: 2,
    SkillGroupList: [{ SkillGroupId: 1, SkillGroupName: 'front desk', SkillGroupType: 0 }, { SkillGroupId: 2 }],
  })
  const ids = async (more: object) =>
    (await sdk.DescribeSkillGroupInfoList({ ...page, ...more })).SkillGroupList?.map(({ SkillGroupId }) => SkillGroupId)
  expect(await ids({ SkillGroupId: 2 })).toEqual([2])
  expect(await ids({ SkillGroupName: 'front' })).toEqual([1])
  expect(await ids({ PageSize: 1, PageNumber: 1 })).toEqual([2])
  expect(await failureOf(sdk.DeleteCCCSkillGroup({ ...app, SkillGroupId: 1 } as never))).toMatchObject({
    code: 'UnsupportedOperation',
    message: expect.stringContaining('parley.yaml'),
  })
})

test('actions without a counterpart here answer in their whole form, with nothing in it', async () => {
  const { client } = await listeningHouse()
  const sdk = client()
  const answers = {
    buyInfo: await sdk.DescribeCCCBuyInfoList({ SdkAppIds: [appId] }),
    tasks: await sdk.DescribeAutoCalloutTasks(page),
  }
  const RequestId = expect.stringMatching(/^[0-9a-f-]{36}$/)
  expect(answers).toEqual({
    buyInfo: { TotalCount: 0, SdkAppIdBuyList: [], PackageBuyList: [], RequestId },
    tasks: { TotalCount: 0, Tasks: [], RequestId },
  })
})

test('numbers are put on a trunk, limited, switched off and bound to skill groups', async () => {
  const trunks = fakeTrunks(appId, ownNumber)
  const { registry } = trunks
  const { client } = await listeningHouse({ trunks, skillGroups: [{ id: 1, name: 'front desk' }] })
  const sdk = client()
  const number = { CallType: 0, PhoneNumber: '+861012340001', MaxCallCount: 3, MaxCallPSec: 0 }
  const made = await sdk.CreateOwnNumberApply({ ...app, SipTrunkId: 1, DetailList: [number] })
  expect(made.ApplyId).toBe(1)
  const settings = () => registry.numbers.map((one) => [one.number, one.settings])
  expect(settings()[1]).toEqual([number.PhoneNumber, { inbound: true, outbound: false, maxConcurrent: 3 }])
  const further = { CallType: 2, PhoneNumber: '+861012340002', MaxCallCount: 0, MaxCallPSec: 0 }
  const changed = { ...number, PhoneNumber: '00861012340001', CallType: 2, MaxCallPSec: 2 }
  await sdk.ModifyOwnNumberApply({ ...app, ApplyId: 1, DetailList: [changed, further] })
  expect(settings().slice(1)).toEqual([
    [number.PhoneNumber, { inbound: true, outbound: true, maxConcurrent: 3, maxCps: 2 }],
    [further.PhoneNumber, { inbound: true, outbound: true }],
  ])
  await sdk.DisableCCCPhoneNumber({ PhoneNumbers: [ownNumber], Disabled: 1 })
  expect(registry.numbers[0]?.isEnabled).toBe(false)
  await sdk.DisableCCCPhoneNumber({ PhoneNumbers: [ownNumber], Disabled: 0, SdkAppId: appId })
  expect(registry.numbers[0]?.isEnabled).toBe(true)
  const binding = { ...app, Number: ownNumber, SkillGroupIds: [1] }
  await sdk.BindNumberCallOutSkillGroup(binding)
  expect(registry.numbers[0]?.skillGroupIds).toEqual([1])
  await sdk.UnbindNumberCallOutSkillGroup(binding)
  expect(registry.numbers[0]?.skillGroupIds).toEqual([])
  const desk = { ...app, Number: ownNumber, NumberType: 'number' }
  await sdk.BindNumberCallInInterface({ ...desk, CallInInterface: { URL: 'https://desk.test/who?key=1' } })
  expect(registry.callIn.get(ownNumber)).toBe('https://desk.test/who?key=1')
  await sdk.BindNumberCallInInterface(desk)
  expect(registry.callIn.get(ownNumber)).toBeUndefined()
})

test('DescribeAICallExtractResult and DescribeAIAnalysisResult tell what the model said, once it has', async () => {
  const { client, records, intake } = await listeningHouse()
  const sdk = client()
  await sdk.CreateAICall({
    ...minimalCall,
    Variables: [{ Key: 'parley-analysis', Value: 'true' }],
    ExtractConfig: [
      { InfoType: 'Text', InfoName: 'name', InfoContent: 'the name' },
      { InfoType: 'Selector', InfoName: 'colour', Choices: ['red'], Examples: ['red'] },
      { InfoType: 'Boolean', InfoName: 'adult' },
      { InfoType: 'Number', InfoName: 'constructor' },
    ],
  })
  const plan = intake.calls[0]?.assistant.afterCall
  expect(plan).toEqual({
    extract: [
      { kind: 'text', name: 'name', description: 'the name' },
      { kind: 'selector', name: 'colour', examples: ['red'], choices: ['red'] },
      { kind: 'boolean', name: 'adult' },
      { kind: 'number', name: 'constructor' },
    ],
    analyse: true,
  })
  records.calls.push(finishedCall({ createdAtMs: (nowS() - 100) * 1000 }))
  const query = { ...app, SessionId: someCallId, StartTime: nowS() - 1000, EndTime: nowS() }
  const extracted = async () => (await sdk.DescribeAICallExtractResult(query)).ResultList
  const analysis = async () => (await sdk.DescribeAIAnalysisResult(query)).ResultList
  expect([await extracted(), await analysis()]).toEqual([[], []])
  if (!plan) return
  records.report = { plan, state: 'pending' }
  expect([await extracted(), await analysis()]).toEqual([[], []])
  records.report = { plan, state: 'failed' }
  expect((await extracted())?.map(({ Result }) => Result)).toEqual([null, null, null, null])
  records.report = {
    ...{ plan, state: 'done' },
    result: {
      extracted: { name: 'Jane', colour: ['red'], adult: false },
      analysis: { summary: 'A call.', mood: null, intention: 'to ask' },
    },
  }
  expect(await extracted()).toEqual([
    { InfoType: 'Text', InfoName: 'name', InfoContent: 'the name', Result: { Text: 'Jane' } },
    { InfoType: 'Selector', InfoName: 'colour', InfoContent: '', Result: { Chosen: ['red'] } },
    { InfoType: 'Boolean', InfoName: 'adult', InfoContent: '', Result: { Boolean: false } },
    { InfoType: 'Number', InfoName: 'constructor', InfoContent: '', Result: null },
  ])
  expect(await analysis()).toEqual([
    { Type: 'summary', Result: 'A call.' },
    { Type: 'intention', Result: 'to ask' },
  ])
  const early = sdk.DescribeAICallExtractResult({ ...query, EndTime: query.StartTime })
  expect(await failureOf(early)).toMatchObject({ code: 'InvalidParameterValue' })
})
