import type { ApplicationId } from '@parley/core'
import { minimalCall } from '../../../../packages/api/test/api-house.ts'
import { callsOf, foreignAgent, handOverTo, nowS, transferTo, victimTasks } from './aims.ts'
import { type Tenant, victimExtension, victimOnly } from './seed-tenant.ts'

/** `as`: the application the requests say they are for, the intruder's own or the victim's. */
type Aim = (victim: Tenant, as: ApplicationId) => readonly object[]

const page = { PageSize: 100, PageNumber: 0 }
const stamps = { StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS }
const times = { StartTime: nowS - 86_400, EndTime: nowS }

/** The same request for each call of the victim. */
const forCalls =
  (more: object): Aim =>
  (victim, SdkAppId) =>
    callsOf(victim).map((SessionId) => ({ SdkAppId, SessionId, ...more }))

const ofApplication =
  (...requests: readonly object[]): Aim =>
  (_victim, SdkAppId) =>
    requests.map((request) => ({ SdkAppId, ...request }))

const numberRow = (PhoneNumber: string) => ({ CallType: 2, PhoneNumber, MaxCallCount: 1, MaxCallPSec: 1 })
const aiCall = (
  { APIUrl = 'https://model.example/v1', ...more }: Record<string, unknown>,
  SdkAppId: ApplicationId,
) => ({
  ...minimalCall,
  APIUrl,
  SdkAppId,
  AcquireTimeoutSecond: 5,
  ...more,
})

/** The victim has both, the intruder none. */
const onExtension =
  (more: object): Aim =>
  (_victim, SdkAppId) =>
    [victimOnly, '1999'].map((ExtensionId) => ({ SdkAppId, ExtensionId, ...more }))

/**
 * What an intruder may try, by action. A new action fails the test until it has a row here: requests that aim at everything of
 * the victim that it can name. A new kind of thing is given to the victim in seed-tenant.ts.
 */
export const actionRows: Readonly<Record<string, Aim>> = {
  CreateAICall: ({ number, skillGroupId }, as) => [
    aiCall({ Callers: [number] }, as),
    aiCall(transferTo(skillGroupId), as),
    aiCall(handOverTo(foreignAgent), as),
  ],
  CreateAIAgentCall: (_victim, SdkAppId) => [{ SdkAppId, AIAgentId: foreignAgent, Callee: '008613000000000' }],
  ControlAIConversation: (victim, as) => [
    ...forCalls({ Command: 'InvokeLLM', InvokeLLM: { Content: 'Say bye.' } })(victim, as),
    ...forCalls({ Command: 'ServerPushText', ServerPushText: { Text: 'Hello.' } })(victim, as),
  ],
  HangUpCall: forCalls({}),
  TransferToManual: (victim, as) => [
    ...forCalls({ SkillGroupId: victim.skillGroupId })(victim, as),
    ...forCalls({ SkillGroupId: 99 })(victim, as),
  ],
  DescribeTelCdr: ({ endedCall, liveCall, number }, SdkAppId) =>
    [{}, { SessionIds: [endedCall, liveCall] }, { Phones: [number, '+8613912345678'] }, { PageNumber: 1 }].map(
      (more) => ({ SdkAppId, ...page, ...stamps, ...more }),
    ),
  DescribeProtectedTelCdr: ofApplication({ ...page, ...stamps }),
  DescribeSessionDetail: forCalls({ StartTimestamp: nowS - 86_400, EndTimestamp: nowS }),
  DescribeTelSession: forCalls({}),
  DescribePSTNActiveSessionList: ofApplication({ Offset: 0, Limit: 25 }),
  DescribeTelRecordAsr: forCalls({}),
  DescribeAILatency: forCalls(times),
  DescribeAICallExtractResult: forCalls(times),
  DescribeAIAnalysisResult: forCalls(times),
  DescribeAICallInteractionRecords: forCalls({}),
  DescribeTelCallInfo: (_victim, as) => [{ ...stamps, SdkAppIdList: [as] }],
  DescribeNumbers: ofApplication({}, { PageNumber: 1, PageSize: 1 }),
  DescribeSkillGroupInfoList: ({ skillGroupId }, SdkAppId) =>
    [{}, { SkillGroupId: skillGroupId }, { SkillGroupName: 'victim' }].map((more) => ({ SdkAppId, ...page, ...more })),
  // A name that the victim has is free.
  CreateCCCSkillGroup: ({ secretId }, SdkAppId) => [{ SdkAppId, SkillGroupName: `made by ${secretId}` }],
  UpdateCCCSkillGroup: ({ skillGroupId, madeGroupId }, as) =>
    [skillGroupId, madeGroupId, 99].map((SkillGroupID) => ({ SdkAppId: as, SkillGroupID, SkillGroupName: 'x' })),
  DeleteCCCSkillGroup: ({ skillGroupId, madeGroupId }, as) =>
    [skillGroupId, madeGroupId, 99].map((SkillGroupId) => ({ SdkAppId: as, SkillGroupId })),
  DescribeCCCBuyInfoList: (_victim, as) => [{}, { SdkAppIds: [as] }],
  DisableCCCPhoneNumber: ({ number, ownNumber }, as) => [
    { PhoneNumbers: [ownNumber], Disabled: 1 },
    { PhoneNumbers: ['+8675500000002', ownNumber], Disabled: 1, SdkAppId: as },
    { PhoneNumbers: [number], Disabled: 1 },
    { PhoneNumbers: [number], Disabled: 1, SdkAppId: as },
  ],
  CreateOwnNumberApply: ({ number, trunkId }, as) => [
    { SdkAppId: as, SipTrunkId: trunkId, DetailList: [numberRow('4711')] },
    { SdkAppId: as, SipTrunkId: 1, DetailList: [numberRow(number)] },
  ],
  ModifyOwnNumberApply: ({ number, ownNumber, trunkId }, as) => [
    { SdkAppId: as, DetailList: [numberRow(ownNumber)] },
    { SdkAppId: as, ApplyId: trunkId, DetailList: [numberRow(ownNumber)] },
    { SdkAppId: as, DetailList: [numberRow(number)] },
    { SdkAppId: as, ApplyId: 1, DetailList: [numberRow(number)] },
  ],
  BindNumberCallOutSkillGroup: ({ number, skillGroupId, ownNumber }, as) => [
    { SdkAppId: as, Number: ownNumber, SkillGroupIds: [2] },
    { SdkAppId: as, Number: '+8675500000002', SkillGroupIds: [skillGroupId] },
    { SdkAppId: as, Number: number, SkillGroupIds: [skillGroupId] },
  ],
  UnbindNumberCallOutSkillGroup: ({ number, skillGroupId }, as) => [
    { SdkAppId: as, Number: number, SkillGroupIds: [skillGroupId] },
  ],
  BindNumberCallInInterface: ({ number, ownNumber }, as) => [
    { SdkAppId: as, Number: ownNumber, CallInInterface: { URL: 'https://thief.example.com' } },
    { SdkAppId: as, Number: number, CallInInterface: { URL: 'https://thief.example.com' } },
  ],
  CreateExtension: ({ skillGroupId }, as) => [
    // The victim has one of this id.
    { SdkAppId: as, ExtensionId: victimExtension, ExtensionName: 'x' },
    { SdkAppId: as, ExtensionId: '1777', ExtensionName: 'x', SkillGroupIds: [skillGroupId] },
    { SdkAppId: as, ExtensionId: '1777', ExtensionName: 'x', SkillGroupIds: [99] },
  ],
  ModifyExtension: onExtension({ ExtensionName: 'x' }),
  ResetExtensionPassword: onExtension({}),
  DescribeExtension: onExtension({}),
  DescribeExtensions: ofApplication(
    { ...page, IsNeedStatus: true },
    { ...page, IsNeedStatus: true, ExtensionIds: [victimOnly] },
    { ...page, FuzzingKeyWord: 'desk of' },
  ),
  DeleteExtension: onExtension({}),
  DescribeIvrAudioList: ({ secretId }, SdkAppId) =>
    [{}, { CustomFileName: [`sound of ${secretId}`] }].map((more) => ({ SdkAppId, ...page, PageSize: 50, ...more })),
  UploadIvrAudio: ofApplication({ AudioList: [{ CustomFileName: 'x', AudioUrl: 'https://files.test/x.mp3' }] }),
  PlaySoundCall: (victim, as) => [...forCalls({ FileId: 1 })(victim, as), ...forCalls({ FileId: 99 })(victim, as)],
  DescribeAIAgentInfoList: ofApplication(page),
  CreateAutoCalloutTask: ({ number }, as) => [
    { SdkAppId: as, NotBefore: nowS, Callees: ['+8613912345678'], Callers: [number], AIAgentId: 7 },
  ],
  StopAutoCalloutTask: ofApplication(...victimTasks),
  PauseAutoCalloutTask: ofApplication(...victimTasks),
  ResumeAutoCalloutTask: ofApplication(...victimTasks),
  DescribeAutoCalloutTask: ofApplication(...victimTasks),
  DescribeAutoCalloutTasks: ofApplication(page),
}
