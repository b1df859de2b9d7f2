import { expect } from 'vitest'
import type { Fields } from './sdk-client.ts'

/** What the requests of a run are made of. */
export interface Stage {
  readonly sdkAppId: number
  /** Whom `CreateAICall` calls. */
  readonly callee: string
  readonly modelUrl: string
  /** Where a sound can be had. */
  readonly soundUrl: string
  /** A trunk of the application that was made at run time. */
  readonly sipTrunkId: number
  /** Of the run's call; empty before it was placed. */
  readonly sessionId: string
  /** Unix seconds. */
  readonly nowS: number
  /** The response to an action further up in the table; empty when it failed. */
  earlier(action: string): Fields
}

/**
 * One use of one action.
 *
 * `at`: `idle` needs no call; then the call is `placed`; when it was answered the `talking` rows run in their order; when it
 * is over, the `ended` ones.
 */
export interface ActionRow {
  readonly action: string
  readonly at: 'idle' | 'placed' | 'talking' | 'ended'
  request(stage: Stage): Fields
  /** Members of a successful answer, by the matchers of `expect`. */
  expected(stage: Stage): Fields
}

export const trunkNumber = '+8675500000001'
export const skillGroup = { id: 7, name: 'desk' }
export const agent = { id: 9, name: 'clerk' }
/** A number that is busy. */
const busyCallee = '008613000008888'
export const greeting = '您好, this is the desk — "100%" & more.'

const some = (form: Fields) => expect.arrayContaining([expect.objectContaining(form)])
const app = ({ sdkAppId }: Stage) => ({ SdkAppId: sdkAppId })
const session = ({ sdkAppId, sessionId }: Stage) => ({ SdkAppId: sdkAppId, SessionId: sessionId })
const page = (stage: Stage) => ({ ...app(stage), PageSize: 50, PageNumber: 0 })
const stamps = ({ nowS }: Stage) => ({ StartTimeStamp: nowS - 3600, EndTimeStamp: nowS + 600 })
const times = ({ nowS }: Stage) => ({ StartTime: nowS - 3600, EndTime: nowS + 600 })

const idle = (action: string, request: ActionRow['request'], expected: Fields = {}): ActionRow => ({
  ...{ action, at: 'idle', request },
  expected: () => expected,
})
const talking = (action: string, request: ActionRow['request'], expected: ActionRow['expected']): ActionRow => ({
  ...{ action, at: 'talking', request, expected },
})
const ended = (action: string, request: ActionRow['request'], expected: ActionRow['expected']): ActionRow => ({
  ...{ action, at: 'ended', request, expected },
})

/** Nested, every type, characters that encodings stumble over. */
const newCall = (stage: Stage): Fields => ({
  ...app(stage),
  Callee: stage.callee,
  Callers: [trunkNumber],
  LLMType: 'openai',
  APIKey: 'sk-test-secret',
  APIUrl: stage.modelUrl,
  Model: 'telling',
  SystemPrompt: '你是客服 {{name}}.\nBe "brief" + kind; 50% off & a=b?',
  WelcomeMessage: greeting,
  WelcomeMessagePriority: 2,
  Languages: ['en', 'zh'],
  Temperature: 0.5,
  TopP: 1,
  MaxDuration: 120_000,
  NotifyMaxCount: 0,
  EndFunctionEnable: true,
  EnableVoicemailDetection: false,
  EnableComplianceAudio: false,
  Variables: [
    { Key: 'name', Value: '张三 é' },
    { Key: 'parley-analysis', Value: 'true' },
  ],
  ToneWord: { FirstSentenceTimeout: 3.5, ZHToneWords: { Neutral: ['嗯'] } },
  ExtractConfig: [
    { InfoType: 'Text', InfoName: 'wish', InfoContent: 'What is wanted' },
    { InfoType: 'Selector', InfoName: 'colour', Choices: ['red', 'blue'] },
  ],
})

const newAgentCall = (stage: Stage): Fields => ({
  ...app(stage),
  AIAgentId: agent.id,
  Callee: busyCallee,
  Callers: [trunkNumber],
  Variables: [{ Key: 'name', Value: '张三 & Söhne' }],
  AcquireTimeoutSecond: 5,
})

/** For tomorrow, so that it calls nobody. */
const newTask = (stage: Stage): Fields => ({
  ...app(stage),
  NotBefore: stage.nowS + 86_400,
  Callees: [busyCallee],
  Callers: [trunkNumber],
  AIAgentId: agent.id,
  Name: '回访 & co',
})
const uploadedSound = (stage: Stage) => ({
  ...app(stage),
  AudioList: [{ CustomFileName: `铃 ${stage.callee}`, AudioUrl: stage.soundUrl }],
})
const fileOf = ({ SuccessFileList: files }: Fields) => (files as readonly { FileId: number }[] | undefined)?.[0]?.FileId

const task = (stage: Stage) => ({ ...app(stage), TaskId: stage.earlier('CreateAutoCalloutTask').TaskId })

/** One for each run. */
const extension = (stage: Stage) => ({ ...app(stage), ExtensionId: `1${stage.callee.slice(-4)}` })

const ownNumber = ({ callee }: Stage) => `0086010${callee.slice(-8)}`
const ownNumbers = (stage: Stage) => ({
  ...app(stage),
  DetailList: [{ CallType: 1, PhoneNumber: ownNumber(stage), MaxCallCount: 1, MaxCallPSec: 1 }],
})
const binding = (stage: Stage) => ({ ...app(stage), Number: ownNumber(stage), SkillGroupIds: [skillGroup.id] })

/** Every action of this version that somebody may need, and those that answer in their form with nothing in it. */
export const actionRows: readonly ActionRow[] = [
  idle('DescribeNumbers', app, {
    Numbers: some({ Number: trunkNumber }),
  }),
  idle('DescribeSkillGroupInfoList', page, {
    TotalCount: expect.any(Number),
    SkillGroupList: some({ SkillGroupId: skillGroup.id, SkillGroupName: skillGroup.name }),
  }),
  idle('CreateCCCSkillGroup', (stage) => ({ ...app(stage), SkillGroupName: `组 ${stage.callee}`, SkillGroupType: 0 }), {
    SkillGroupId: expect.any(Number),
  }),
  idle('UpdateCCCSkillGroup', (stage) => ({
    ...app(stage),
    SkillGroupID: stage.earlier('CreateCCCSkillGroup').SkillGroupId,
    SkillGroupName: `night ${stage.callee}`,
  })),
  idle('DeleteCCCSkillGroup', (stage) => ({
    ...app(stage),
    SkillGroupId: stage.earlier('CreateCCCSkillGroup').SkillGroupId,
  })),
  idle('DescribeAIAgentInfoList', page, {
    TotalCount: 1,
    AIAgentInfoList: some({ AIAgentId: agent.id, AIAgentName: agent.name, VariableNames: ['name'] }),
  }),
  idle('CreateAutoCalloutTask', newTask, { TaskId: expect.any(Number) }),
  idle('DescribeAutoCalloutTask', task, { Callees: some({ Callee: busyCallee }) }),
  idle('DescribeAutoCalloutTasks', page, { Tasks: some({ TaskId: expect.any(Number), CalleeCount: 1 }) }),
  idle('PauseAutoCalloutTask', task),
  idle('ResumeAutoCalloutTask', task),
  idle('StopAutoCalloutTask', task),
  // Go's answers leave empty lists out.
  idle('UploadIvrAudio', uploadedSound, { SuccessFileList: some({ FileId: expect.any(Number) }) }),
  idle('DescribeIvrAudioList', page, { FileInfo: some({ AudioFileName: 'tone.wav' }) }),
  idle('CreateExtension', (stage) => ({
    ...extension(stage),
    ExtensionName: '前台 & co',
    SkillGroupIds: [skillGroup.id],
    Relation: 'anna@example.com',
  })),
  idle('ModifyExtension', (stage) => ({ ...extension(stage), ExtensionName: 'desk' })),
  idle('ResetExtensionPassword', extension),
  idle('DescribeExtension', extension, { Transport: 'UDP', Password: expect.any(String) }),
  idle('DescribeExtensions', (stage) => ({ ...page(stage), IsNeedStatus: true, FuzzingKeyWord: 'desk' }), {
    // Runs go on beside each other.
    Total: expect.any(Number),
    ExtensionList: some({ ExtensionName: 'desk', SkillGroupId: String(skillGroup.id), Status: 0, Register: false }),
  }),
  idle('DeleteExtension', extension),
  idle('DescribeCCCBuyInfoList', ({ sdkAppId }) => ({ SdkAppIds: [sdkAppId] }), { TotalCount: 0 }),
  idle('CreateOwnNumberApply', (stage) => ({ ...ownNumbers(stage), SipTrunkId: stage.sipTrunkId }), {
    ApplyId: expect.any(Number),
  }),
  idle('ModifyOwnNumberApply', (stage) => ({ ...ownNumbers(stage), ApplyId: stage.sipTrunkId })),
  idle('BindNumberCallOutSkillGroup', binding),
  idle('UnbindNumberCallOutSkillGroup', binding),
  idle('BindNumberCallInInterface', (stage) => ({
    ...{ ...app(stage), Number: ownNumber(stage), NumberType: 'number' },
    CallInInterface: { URL: 'https://desk.example.com/who?a=b&c=d' },
  })),
  idle('DisableCCCPhoneNumber', (stage) => ({ ...app(stage), PhoneNumbers: [ownNumber(stage)], Disabled: 1 })),

  { action: 'CreateAICall', at: 'placed', request: newCall, expected: () => ({ SessionId: expect.any(String) }) },

  idle('CreateAIAgentCall', newAgentCall, { SessionId: expect.any(String) }),

  talking('DescribeTelSession', session, () => ({
    Session: expect.objectContaining({ SessionStatus: 'inProgress', Direction: 1 }),
  })),
  talking(
    'DescribePSTNActiveSessionList',
    (stage) => ({ ...app(stage), Offset: 0, Limit: 25 }),
    ({ sessionId }) => ({ Sessions: some({ SessionID: sessionId, SessionStatus: 'inProgress' }) }),
  ),
  talking(
    'PlaySoundCall',
    (stage) => ({ ...session(stage), FileId: fileOf(stage.earlier('UploadIvrAudio')), PlayTimes: 1 }),
    () => ({}),
  ),
  talking(
    'ControlAIConversation',
    (stage) => ({
      ...session(stage),
      Command: 'InvokeLLM',
      InvokeLLM: { Content: 'Say hello. 你好', Interrupt: true },
    }),
    () => ({}),
  ),
  talking(
    'TransferToManual',
    (stage) => ({ ...session(stage), SkillGroupId: skillGroup.id }),
    () => ({}),
  ),
  talking('HangUpCall', session, () => ({})),

  ended(
    'DescribeTelCdr',
    (stage) => ({ ...page(stage), ...stamps(stage), SessionIds: [stage.sessionId] }),
    ({ sessionId, callee }) => ({
      TotalCount: 1,
      TelCdrList: [expect.objectContaining({ SessionId: sessionId, Callee: callee, EndStatusString: 'ok' })],
    }),
  ),
  ended(
    'DescribeProtectedTelCdr',
    (stage) => ({ ...page(stage), ...stamps(stage) }),
    ({ sessionId }) => ({ TelCdrList: some({ SessionId: sessionId, Callee: '' }) }),
  ),
  ended(
    'DescribeSessionDetail',
    (stage) => ({ ...session(stage), StartTimestamp: stage.nowS - 3600, EndTimestamp: stage.nowS + 600 }),
    ({ callee }) => ({ Callee: callee, EndStatus: 1 }),
  ),
  ended('DescribeTelRecordAsr', session, () => ({ AsrDataList: some({ User: 'bot', Message: greeting }) })),
  ended(
    'DescribeAILatency',
    (stage) => ({ ...session(stage), ...times(stage) }),
    () => ({ AILatencyDetail: some({ RoundId: expect.any(String), LLMLatency: expect.any(Number) }) }),
  ),
  ended('DescribeAICallInteractionRecords', session, () => ({ InteractionEventList: some({ RoundIndex: 1 }) })),
  ended(
    'DescribeAICallExtractResult',
    (stage) => ({ ...session(stage), ...times(stage) }),
    () => ({
      ResultList: [
        expect.objectContaining({
          InfoType: 'Text',
          InfoName: 'wish',
          Result: expect.objectContaining({ Text: 'a 椅子' }),
        }),
        expect.objectContaining({ InfoName: 'colour', Result: expect.objectContaining({ Chosen: ['red'] }) }),
      ],
    }),
  ),
  ended(
    'DescribeAIAnalysisResult',
    (stage) => ({ ...session(stage), ...times(stage) }),
    () => ({ ResultList: some({ Type: 'summary', Result: 'Somebody was called.' }) }),
  ),
  ended(
    'DescribeTelCallInfo',
    (stage) => ({ ...stamps(stage), SdkAppIdList: [stage.sdkAppId] }),
    () => ({ TelCallInCount: 0, TelCallOutCount: expect.any(Number) }),
  ),
]

/** The same request for an application that is not the key's. */
export function ofAnotherApplication(request: Fields): Fields {
  const another = 1_499_999_999
  return {
    ...request,
    ...(Object.hasOwn(request, 'SdkAppId') && { SdkAppId: another }),
    ...(Object.hasOwn(request, 'SdkAppIds') && { SdkAppIds: [another] }),
    ...(Object.hasOwn(request, 'SdkAppIdList') && { SdkAppIdList: [another] }),
  }
}
