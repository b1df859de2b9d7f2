import { appId, minimalCall, ownNumber, someCallId, wallAtStartMs } from './api-house.ts'

const nowS = wallAtStartMs / 1000
const app = { SdkAppId: appId }
const session = { ...app, SessionId: someCallId }
const extension = { ...app, ExtensionId: '1001' }
const task = { ...app, TaskId: 1 }
const page = { ...app, PageSize: 10, PageNumber: 0 }
const stamps = { StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS }
const times = { StartTime: nowS - 86_400, EndTime: nowS }
const number = { CallType: 1, PhoneNumber: ownNumber, MaxCallCount: 1, MaxCallPSec: 1 }
const binding = { ...app, Number: ownNumber, SkillGroupIds: [1] }

/** The smallest request of each action that is a success, with `finishedCall` and `someCampaign` on record. */
export const validRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreateAICall: minimalCall,
  CreateAIAgentCall: { ...app, AIAgentId: 7, Callee: '008613000000000' },
  ControlAIConversation: { ...session, Command: 'InvokeLLM', InvokeLLM: { Content: 'Say bye.' } },
  HangUpCall: session,
  TransferToManual: { ...session, SkillGroupId: 1 },
  DescribeTelCdr: { ...page, ...stamps },
  DescribeProtectedTelCdr: { ...page, ...stamps },
  DescribeSessionDetail: { ...session, StartTimestamp: nowS - 86_400, EndTimestamp: nowS },
  DescribeTelSession: session,
  DescribePSTNActiveSessionList: { ...app, Offset: 0, Limit: 25 },
  DescribeTelRecordAsr: session,
  DescribeAILatency: { ...session, ...times },
  DescribeAICallExtractResult: { ...session, ...times },
  DescribeAIAnalysisResult: { ...session, ...times },
  DescribeAICallInteractionRecords: session,
  DescribeTelCallInfo: { ...stamps, SdkAppIdList: [appId] },
  DescribeNumbers: app,
  DescribeSkillGroupInfoList: page,
  CreateCCCSkillGroup: { ...app, SkillGroupName: 'support', SkillGroupType: 0 },
  UpdateCCCSkillGroup: { ...app, SkillGroupID: 1000001 },
  DeleteCCCSkillGroup: { ...app, SkillGroupId: 1000001 },
  DescribeCCCBuyInfoList: {},
  DisableCCCPhoneNumber: { PhoneNumbers: [ownNumber], Disabled: 1 },
  CreateOwnNumberApply: { ...app, SipTrunkId: 1, DetailList: [{ ...number, PhoneNumber: '008601012340001' }] },
  ModifyOwnNumberApply: { ...app, DetailList: [number] },
  BindNumberCallOutSkillGroup: binding,
  UnbindNumberCallOutSkillGroup: binding,
  BindNumberCallInInterface: { ...app, Number: ownNumber },
  CreateExtension: { ...app, ExtensionId: '1002', ExtensionName: 'hall' },
  ModifyExtension: extension,
  DeleteExtension: extension,
  ResetExtensionPassword: extension,
  DescribeExtension: extension,
  DescribeExtensions: { ...app, PageNumber: 0 },
  DescribeIvrAudioList: page,
  UploadIvrAudio: { ...app, AudioList: [{ CustomFileName: 'hello', AudioUrl: 'https://files.test/hello.mp3' }] },
  PlaySoundCall: { ...session, FileId: 1 },
  DescribeAIAgentInfoList: page,
  CreateAutoCalloutTask: { ...app, NotBefore: nowS, Callees: ['008613000000000'], Callers: [], AIAgentId: 7 },
  StopAutoCalloutTask: task,
  PauseAutoCalloutTask: task,
  ResumeAutoCalloutTask: task,
  DescribeAutoCalloutTask: task,
  DescribeAutoCalloutTasks: page,
}
