import { VoiceError } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { actions } from '../src/actions/action-index.ts'
import { apiHouse, appId, finishedCall, ownNumber, wallAtStartMs } from './api-house.ts'
import { someAgent } from './fake-agent-book.ts'
import { FakeExtensions } from './fake-extensions.ts'
import { FakeSkillGroups } from './fake-skill-groups.ts'
import { call } from './signed-inject.ts'
import { someCampaign } from './some-campaign.ts'
import { validRequests } from './valid-requests.ts'

const dayS = 86_400
const nowS = wallAtStartMs / 1000
const unknownCall = { SessionId: '00000000-0000-4000-8000-000000000000' }
const tooOld = nowS - 181 * dayS
const older = 'InvalidParameter.InstanceNotExist'
const newer = 'InvalidParameterValue.InstanceNotExist'

function house() {
  const skillGroupDesk = new FakeSkillGroups([{ id: 1, name: 'sales' }])
  skillGroupDesk.add(appId, 'first')
  const extensions = new FakeExtensions()
  extensions.add(appId, '1001')
  const built = { ...apiHouse({ skillGroupDesk, extensions }), extensions }
  built.records.calls.push(finishedCall())
  built.campaigns.kept.push(someCampaign)
  built.agents.add(appId, 7, someAgent)
  return built
}

async function codeOf(action: string, change: object, { api } = house()): Promise<string> {
  const answer = await call(api, action, { ...validRequests[action], ...change })
  return answer.Error?.Code ?? 'success'
}

const toAgent = (TransferToAgentId: number) => ({
  TransferToAgentEnable: true,
  TransferToAgentItems: [{ TransferToAgentName: 'to_sales', TransferToAgentDesc: '', TransferToAgentId }],
})

const numberRow = { CallType: 1, PhoneNumber: ownNumber, MaxCallCount: 1, MaxCallPSec: 1 }

/** An action, what makes its valid request bad, and the code. */
const rows: readonly (readonly [string, object, string])[] = [
  ['CreateAICall', { Callee: 'x y' }, 'InvalidParameterValue'],
  ['CreateAICall', { Callee: '' }, 'InvalidParameterValue'],
  ['CreateAICall', { LLMType: 'parrot' }, 'InvalidParameterValue'],
  ['CreateAICall', { APIUrl: 'ftp://model.example' }, 'InvalidParameterValue'],
  ['CreateAICall', { Callers: ['?'] }, 'InvalidParameterValue'],
  ['CreateAICall', { VadSilenceTime: 239 }, 'InvalidParameterValue'],
  ['CreateAICall', { VadSilenceTime: '500' }, 'InvalidParameter'],
  ['CreateAICall', { Temperature: 2.1 }, 'InvalidParameterValue'],
  ['CreateAICall', { Languages: ['tlh'] }, 'InvalidParameterValue'],
  ['CreateAICall', { LLMExtraBody: '[]' }, 'InvalidParameterValue'],
  ['CreateAICall', { CustomTTSConfig: 'no JSON' }, 'InvalidParameterValue'],
  ['CreateAICall', { CustomTTSConfig: '{"TTSType":"flow","VoiceId":"v","Model":"m"}' }, 'InvalidParameterValue'],
  ['CreateAICall', { CustomTTSConfig: '{"TTSType":"elevenlabs","APIKey":"k"}' }, 'InvalidParameterValue'],
  ['CreateAICall', { CustomTTSConfig: '{"TTSType":"volcengine","AppId":"1"}' }, 'InvalidParameterValue'],
  ['CreateAICall', { ExtractConfig: [{ InfoType: 'Colour', InfoName: 'x' }] }, 'InvalidParameterValue'],
  ['CreateAICall', { ExtractConfig: [{ InfoType: 'Text' }] }, 'MissingParameter'],
  ['CreateAICall', { ExtractConfig: [{ InfoType: 'Selector', InfoName: 'x' }] }, 'InvalidParameterValue'],
  ['CreateAICall', { ExtractConfig: Array(2).fill({ InfoType: 'Text', InfoName: 'x' }) }, 'InvalidParameterValue'],
  ['CreateAICall', { Variables: [{ Key: 'parley-analysis', Value: 'maybe' }] }, 'InvalidParameterValue'],
  ['CreateAICall', { Variables: [{ Key: 'a' }] }, 'MissingParameter'],
  ['CreateAICall', toAgent(8), 'InvalidParameterValue'],
  ['CreateAICall', toAgent(7), 'success'],
  ['CreateAIAgentCall', { AIAgentId: 8 }, 'InvalidParameterValue'],
  ['CreateAIAgentCall', { AIAgentId: -1 }, 'InvalidParameterValue'],
  ['CreateAIAgentCall', { Callee: 'x y' }, 'InvalidParameterValue'],
  ['CreateAIAgentCall', { Callers: ['?'] }, 'InvalidParameterValue'],
  ['CreateAIAgentCall', { AcquireTimeoutSecond: 6 }, 'InvalidParameterValue'],
  ['CreateAIAgentCall', { Variables: [{ Key: 'a' }] }, 'MissingParameter'],
  ['CreateAIAgentCall', { Variables: [{ Key: 'welcome-message-delay', Value: 'soon' }] }, 'InvalidParameterValue'],
  ['ControlAIConversation', unknownCall, 'FailedOperation.SessionNotExists'],
  ['ControlAIConversation', { Command: 'Dance' }, 'InvalidParameterValue'],
  ['ControlAIConversation', { Command: 'ServerPushText', ServerPushText: { Audio: '?' } }, 'InvalidParameterValue'],
  ['PlaySoundCall', unknownCall, 'FailedOperation.SessionNotExists'],
  ['PlaySoundCall', { FileId: 2 }, 'InvalidParameterValue.FileNotExist'],
  ['PlaySoundCall', { PlayTimes: 0 }, 'InvalidParameterValue'],
  ['UploadIvrAudio', { AudioList: [] }, 'InvalidParameterValue'],
  ['UploadIvrAudio', { AudioList: [{ CustomFileName: 'x' }] }, 'MissingParameter'],
  ['HangUpCall', unknownCall, 'FailedOperation.SessionNotExists'],
  ['TransferToManual', unknownCall, 'FailedOperation.SessionNotExists'],
  ['TransferToManual', { SkillGroupId: 2 }, 'InvalidParameterValue.SkillGroupError'],
  ['DescribeTelCdr', { StartTimeStamp: tooOld, EndTimeStamp: tooOld }, 'InvalidParameterValue'],
  ['DescribeTelCdr', { StartTimeStamp: nowS - 91 * dayS }, 'InvalidParameterValue'],
  ['DescribeTelCdr', { EndTimeStamp: nowS - 2 * dayS }, 'InvalidParameterValue'],
  ['DescribeTelCdr', { PageSize: 101 }, 'InvalidParameterValue'],
  ['DescribeTelCdr', { PageNumber: -1 }, 'InvalidParameterValue'],
  ['DescribeProtectedTelCdr', { StartTimeStamp: nowS - 91 * dayS }, 'InvalidParameterValue'],
  ['DescribeProtectedTelCdr', { PageSize: 0 }, 'InvalidParameterValue'],
  ['DescribeSessionDetail', unknownCall, 'FailedOperation.SessionNotExists'],
  ['DescribeSessionDetail', { StartTimestamp: nowS }, 'FailedOperation.SessionNotExists'],
  ['DescribeSessionDetail', { StartTimestamp: tooOld }, 'InvalidParameterValue'],
  ['DescribeTelSession', unknownCall, 'success'],
  ['DescribePSTNActiveSessionList', { Limit: 26 }, 'InvalidParameterValue'],
  ['DescribeTelRecordAsr', unknownCall, 'ResourceNotFound'],
  ['DescribeAICallExtractResult', unknownCall, 'InvalidParameterValue'],
  ['DescribeAICallExtractResult', { StartTime: nowS }, 'InvalidParameterValue'],
  ['DescribeAIAnalysisResult', unknownCall, 'success'],
  ['DescribeAILatency', unknownCall, 'success'],
  ['DescribeAICallInteractionRecords', unknownCall, 'FailedOperation.SessionNotExists'],
  ['DescribeTelCallInfo', { SdkAppIdList: [] }, 'InvalidParameterValue'],
  ['DescribeTelCallInfo', { SdkAppIdList: ['x'] }, 'InvalidParameter'],
  ['DescribeTelCallInfo', { SdkAppIdList: [appId, 1] }, newer],
  ['DescribeTelCallInfo', { StartTimeStamp: nowS - 91 * dayS }, 'InvalidParameterValue'],
  ['DescribeNumbers', { PageSize: 101 }, 'InvalidParameterValue'],
  ['DescribeSkillGroupInfoList', { PageSize: 101 }, 'InvalidParameterValue'],
  ['CreateCCCSkillGroup', { SkillGroupName: 'sales' }, 'InvalidParameterValue.SkillGroupExist'],
  ['CreateCCCSkillGroup', { SkillGroupType: 1 }, 'InvalidParameterValue'],
  ['CreateCCCSkillGroup', { MaxConcurrency: 2 }, 'InvalidParameterValue'],
  ['UpdateCCCSkillGroup', { SkillGroupID: 8 }, 'InvalidParameterValue.SkillGroupError'],
  ['UpdateCCCSkillGroup', { RingAll: true }, 'InvalidParameterValue'],
  ['UpdateCCCSkillGroup', { SkillGroupName: 'sales' }, 'InvalidParameterValue.SkillGroupExist'],
  ['DeleteCCCSkillGroup', { SkillGroupId: 8 }, 'InvalidParameterValue.SkillGroupError'],
  ['DescribeCCCBuyInfoList', { SdkAppIds: [1] }, 'InvalidParameter'],
  ['DisableCCCPhoneNumber', { SdkAppId: 1 }, newer],
  ['DisableCCCPhoneNumber', { Disabled: 2 }, 'InvalidParameterValue'],
  ['DisableCCCPhoneNumber', { PhoneNumbers: [ownNumber, '4711'] }, 'InvalidParameter.InvalidPhoneNumber'],
  ['CreateOwnNumberApply', { DetailList: [{}] }, 'MissingParameter'],
  ['CreateOwnNumberApply', { SipTrunkId: 99 }, 'InvalidParameter.SipTrunkNotFound'],
  ['CreateOwnNumberApply', { SipTrunkId: -1 }, 'InvalidParameter.SipTrunkNotFound'],
  ['CreateOwnNumberApply', { SipTrunkId: 2 }, 'FailedOperation.PermissionDenied'],
  ['CreateOwnNumberApply', { Prefix: '9' }, 'InvalidParameterValue'],
  ['CreateOwnNumberApply', { DetailList: [{ ...numberRow, CarrierPhoneNumber: '1' }] }, 'InvalidParameterValue'],
  ['CreateOwnNumberApply', { DetailList: [numberRow] }, 'InvalidParameterValue.PhoneNumInvalid'],
  [
    'CreateOwnNumberApply',
    { DetailList: [{ ...numberRow, PhoneNumber: 'alice' }] },
    'InvalidParameterValue.PhoneNumInvalid',
  ],
  ['ModifyOwnNumberApply', { DetailList: [] }, 'InvalidParameterValue'],
  ['ModifyOwnNumberApply', { ApplyId: 1 }, 'success'],
  ['ModifyOwnNumberApply', { ApplyId: 99 }, 'InvalidParameterValue.ApplyIDNotExist'],
  ['ModifyOwnNumberApply', { ApplyId: 2 }, 'FailedOperation.PermissionDenied'],
  [
    'ModifyOwnNumberApply',
    { DetailList: [{ ...numberRow, PhoneNumber: '4711' }] },
    'InvalidParameterValue.PhoneNumInvalid',
  ],
  ['BindNumberCallOutSkillGroup', { Number: '?' }, 'InvalidParameterValue'],
  ['BindNumberCallOutSkillGroup', { Number: '4711' }, 'InvalidParameterValue.PhoneNumInvalid'],
  ['BindNumberCallOutSkillGroup', { SkillGroupIds: [99] }, 'InvalidParameterValue.SkillGroupError'],
  ['UnbindNumberCallOutSkillGroup', { SkillGroupIds: 7 }, 'InvalidParameter'],
  ['BindNumberCallInInterface', { Number: '4711' }, 'InvalidParameterValue.PhoneNumInvalid'],
  ['BindNumberCallInInterface', { NumberType: 'inner' }, 'InvalidParameterValue'],
  ['BindNumberCallInInterface', { CallInInterface: 'https://desk.test' }, 'InvalidParameter'],
  ['BindNumberCallInInterface', { CallInInterface: { URL: 'ftp://desk.test' } }, 'InvalidParameterValue'],
  ['BindNumberCallInInterface', { CallInInterface: { URL: 'https://user:word@desk.test' } }, 'InvalidParameterValue'],
  ['BindNumberCallInInterface', { CallInInterface: {} }, 'success'],
  ['CreateExtension', { ExtensionId: '1001' }, 'InvalidParameterValue'],
  ['CreateExtension', { ExtensionId: '0001' }, 'InvalidParameterValue'],
  ['CreateExtension', { ExtensionId: '1234567' }, 'InvalidParameterValue'],
  ['CreateExtension', { ExtensionName: '' }, 'InvalidParameterValue'],
  ['CreateExtension', { SkillGroupIds: [99] }, 'InvalidParameterValue.SkillGroupError'],
  ['ModifyExtension', { ExtensionId: '1999' }, 'InvalidParameterValue'],
  ['ModifyExtension', { SkillGroupIds: [99] }, 'InvalidParameterValue.SkillGroupError'],
  ['DeleteExtension', { ExtensionId: '1999' }, 'InvalidParameterValue'],
  ['ResetExtensionPassword', { ExtensionId: '1999' }, 'InvalidParameterValue'],
  ['DescribeExtension', { ExtensionId: '1999' }, 'InvalidParameterValue'],
  ['DescribeExtensions', { PageSize: 101 }, 'InvalidParameterValue'],
  ['DescribeIvrAudioList', { PageSize: 51 }, 'InvalidParameterValue'],
  ['DescribeAIAgentInfoList', { PageSize: 101 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { IvrId: 3, AIAgentId: undefined }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { AIAgentId: 8 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { Callees: [] }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { Callees: ['x y'] }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { NotAfter: nowS - 1 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { NotBefore: nowS + 9, NotAfter: nowS + 9 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { Tries: 4 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { RetryInterval: 599 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { RetryHangupTypes: ['1'] }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { TimeZone: 'Mars/Olympus' }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { AvailableTime: [{ StartTime: '25:00', EndTime: '26:00' }] }, 'InvalidParameterValue'],
  [
    'CreateAutoCalloutTask',
    { AvailableWorkTimeConfig: [{ DayType: 'Custom', TimeRanges: [] }] },
    'InvalidParameterValue',
  ],
  ['CreateAutoCalloutTask', { CalleeAttributes: [{ Callee: '008613000000001' }] }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { ConcurrencyLimit: 0 }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { TriggerStrategy: [{ InterfaceConfig: { Url: 'ftp://x' } }] }, 'InvalidParameterValue'],
  ['CreateAutoCalloutTask', { TriggerStrategy: [{ InterfaceConfig: {} }] }, 'MissingParameter'],
  [
    'CreateAutoCalloutTask',
    { TriggerStrategy: [{ InterfaceConfig: { Url: 'http://h/', AuthType: 1 } }] },
    'InvalidParameterValue',
  ],
  ['StopAutoCalloutTask', { TaskId: 2 }, 'InvalidParameterValue'],
  ['PauseAutoCalloutTask', { TaskId: 2 }, 'InvalidParameterValue'],
  ['ResumeAutoCalloutTask', { TaskId: 2 }, 'InvalidParameterValue'],
  ['DescribeAutoCalloutTask', { TaskId: 2 }, 'InvalidParameterValue'],
  ['DescribeAutoCalloutTask', { TaskId: 'one' }, 'InvalidParameter'],
  ['DescribeAutoCalloutTasks', { PageNumber: 'first' }, 'InvalidParameter'],
]

test.each(rows)('%s with %j is answered %s', async (action, change, code) => {
  expect(await codeOf(action, change)).toBe(code)
})

test('every action that is performed has a valid request here and a row above', () => {
  expect(Object.keys(validRequests).toSorted()).toEqual([...actions.keys()].toSorted())
  expect([...new Set(rows.map(([action]) => action))].toSorted()).toEqual([...actions.keys()].toSorted())
})

/** Declared by the older actions. All others have the code of the newer ones. */
const olderActions = new Set(['DescribeTelRecordAsr'])
const ofOneApplication = Object.entries(validRequests).filter(([, request]) => 'SdkAppId' in request)

describe.each(Object.entries(validRequests))('%s', (action, request) => {
  test('is a success when nothing is wrong', async () => {
    expect(await codeOf(action, {})).toBe('success')
  })

  test('misses each member it needs, and refuses each in the wrong type', async () => {
    for (const name of Object.keys(request)) {
      const without = await codeOf(action, { [name]: undefined })
      expect(without, name).toBe('MissingParameter')
      // Neither a number nor a text nor a list; an object would be one for `InvokeLLM`.
      expect(await codeOf(action, { [name]: true }), name).toBe('InvalidParameter')
    }
  })
})

test.each(ofOneApplication)('%s refuses an application of somebody else', async (action) => {
  expect(await codeOf(action, { SdkAppId: appId + 1 })).toBe(olderActions.has(action) ? older : newer)
})

const readsRecords = ['ControlAIConversation', 'HangUpCall', 'TransferToManual', 'DescribeTelCdr']
readsRecords.push('DescribeProtectedTelCdr', 'DescribeSessionDetail', 'DescribeTelSession', 'DescribeTelRecordAsr')
readsRecords.push('DescribePSTNActiveSessionList', 'DescribeAILatency', 'DescribeAICallExtractResult')
readsRecords.push('DescribeAIAnalysisResult', 'DescribeAICallInteractionRecords', 'DescribeTelCallInfo')

test.each(readsRecords)('%s says when the database is away', async (action) => {
  const built = house()
  built.records.failure = new VoiceError('STORE_FAILED')
  expect(await codeOf(action, {}, built)).toBe('InternalError.DBError')
})

test.each(['CreateAIAgentCall', 'DescribeAIAgentInfoList'])('%s says when agents cannot be read', async (action) => {
  const built = house()
  built.agents.failure = new VoiceError('STORE_FAILED')
  expect(await codeOf(action, {}, built)).toBe('InternalError.DBError')
})

test.each([
  [{ kind: 'refused', reason: 'noNumber' }, 'FailedOperation.NoCallOutNumber'],
  [{ kind: 'refused', reason: 'noCapacity' }, 'FailedOperation.AcquireQuota'],
  [new VoiceError('STORE_FAILED'), 'InternalError.DBError'],
  [new VoiceError('SHUTDOWN'), 'ServiceUnavailable'],
  [new Error('of a kind nobody foresaw'), 'InternalError'],
] as const)('CreateAICall and CreateAIAgentCall hear why a call is not taken: %j', async (answer, code) => {
  const built = house()
  built.intake.answer = answer
  expect(await codeOf('CreateAICall', {}, built)).toBe(code)
  expect(await codeOf('CreateAIAgentCall', {}, built)).toBe(code)
})

test.each([
  ['ControlAIConversation', 'CALL_NOT_CONTROLLABLE', 'FailedOperation.SessionNotInControlState'],
  ['ControlAIConversation', 'CALL_NOT_FOUND', 'FailedOperation.SessionNotInControlState'],
  ['TransferToManual', 'CALL_NOT_CONTROLLABLE', 'FailedOperation.SessionNotExists'],
  ['TransferToManual', 'CALL_NOT_FOUND', 'FailedOperation.SessionNotExists'],
  ['TransferToManual', 'SKILL_GROUP_NOT_FOUND', 'InvalidParameterValue.SkillGroupError'],
] as const)('%s of a call that answers %s is %s', async (action, failure, code) => {
  const built = house()
  built.control.failure = new VoiceError(failure)
  expect(await codeOf(action, {}, built)).toBe(code)
})

test.each(['CreateExtension', 'DescribeExtension', 'DescribeExtensions'])(
  '%s says when the database is away',
  async (action) => {
    const built = house()
    built.extensions.failure = new VoiceError('STORE_FAILED')
    expect(await codeOf(action, {}, built)).toBe('InternalError.DBError')
  },
)

const commands = ['StopAutoCalloutTask', 'PauseAutoCalloutTask', 'ResumeAutoCalloutTask']

test.each(commands)('%s of a task in another state is UnsupportedOperation', async (action) => {
  const built = house()
  built.campaigns.answer = 'wrongState'
  expect(await codeOf(action, {}, built)).toBe('UnsupportedOperation')
})

test.each([...commands, 'CreateAutoCalloutTask', 'DescribeAutoCalloutTask', 'DescribeAutoCalloutTasks'])(
  '%s says when the database is away',
  async (action) => {
    const built = house()
    built.campaigns.failure = new VoiceError('STORE_FAILED')
    expect(await codeOf(action, {}, built)).toBe('InternalError.DBError')
  },
)
