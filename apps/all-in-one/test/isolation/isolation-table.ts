import type { ApplicationId } from '@parley/core'
import { minimalCall, wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import type { Request } from './isolation-house.ts'
import type { Tenant } from './seed-tenant.ts'

/*
 * What an intruder may try. A new action or route fails the test until it has a row here: requests that aim at everything of
 * the victim that it can name. `asOwn`: the application the request says it is for, the intruder's own or the victim's. A new
 * kind of thing is given to the victim in seed-tenant.ts.
 */

type Aim = (victim: Tenant, as: ApplicationId) => readonly object[]

const nowS = wallAtStartMs / 1_000
const page = { PageSize: 100, PageNumber: 0 }
const stamps = { StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS }
const times = { StartTime: nowS - 86_400, EndTime: nowS }
const unknownSession = '00000000-0000-4000-8000-000000000000'

/** The same request for each call of the victim. */
const forCalls =
  (more: object): Aim =>
  ({ endedCall, liveCall }, SdkAppId) =>
    [endedCall, liveCall, liveCall.toUpperCase(), unknownSession].map((SessionId) => ({ SdkAppId, SessionId, ...more }))

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

/** By action. */
export const actionRows: Readonly<Record<string, Aim>> = {
  CreateAICall: ({ number, skillGroupId }, as) => [
    aiCall({ Callers: [number] }, as),
    aiCall(
      {
        TransferFunctionEnable: true,
        TransferItems: [{ TransferFunctionName: 'f', TransferFunctionDesc: 'd', TransferSkillGroupId: skillGroupId }],
      },
      as,
    ),
  ],
  ControlAIConversation: (victim, as) => [
    ...forCalls({ Command: 'InvokeLLM', InvokeLLM: { Content: 'Say bye.' } })(victim, as),
    ...forCalls({ Command: 'ServerPushText', ServerPushText: { Text: 'Hello.' } })(victim, as),
  ],
  HangUpCall: forCalls({}),
  TransferToManual: (victim, as) => [
    ...forCalls({ SkillGroupId: victim.skillGroupId })(victim, as),
    ...forCalls({ SkillGroupId: 99 })(victim, as),
  ],
  DescribeTelCdr: ({ endedCall, liveCall, number }, as) =>
    ofApplication(
      { ...page, ...stamps },
      { ...page, ...stamps, SessionIds: [endedCall, liveCall] },
      { ...page, ...stamps, Phones: [number, '+8613912345678'] },
      { ...page, ...stamps, PageNumber: 1 },
    )({} as Tenant, as),
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
  DescribeSkillGroupInfoList: ({ skillGroupId }, as) =>
    ofApplication(
      page,
      { ...page, SkillGroupId: skillGroupId },
      { ...page, SkillGroupName: 'victim' },
    )({} as Tenant, as),
  DescribeCCCBuyInfoList: (_victim, as) => [{}, { SdkAppIds: [as] }],
  DisableCCCPhoneNumber: ({ number }, as) => [
    { PhoneNumbers: [number], Disabled: 1 },
    { PhoneNumbers: [number], Disabled: 1, SdkAppId: as },
  ],
  CreateOwnNumberApply: ({ number }, as) => [{ SdkAppId: as, SipTrunkId: 1, DetailList: [numberRow(number)] }],
  ModifyOwnNumberApply: ({ number }, as) => [
    { SdkAppId: as, DetailList: [numberRow(number)] },
    { SdkAppId: as, ApplyId: 1, DetailList: [numberRow(number)] },
  ],
  BindNumberCallOutSkillGroup: ({ number, skillGroupId }, as) => [
    { SdkAppId: as, Number: number, SkillGroupIds: [skillGroupId] },
  ],
  UnbindNumberCallOutSkillGroup: ({ number, skillGroupId }, as) => [
    { SdkAppId: as, Number: number, SkillGroupIds: [skillGroupId] },
  ],
  DescribeExtensions: ofApplication(page),
  DescribeIvrAudioList: ({ secretId }, as) =>
    ofApplication(
      { PageSize: 50, PageNumber: 0 },
      { PageSize: 50, PageNumber: 0, CustomFileName: [`sound of ${secretId}`] },
    )({} as Tenant, as),
  UploadIvrAudio: ofApplication({ AudioList: [{ CustomFileName: 'x', AudioUrl: 'https://files.test/x.mp3' }] }),
  PlaySoundCall: (victim, as) => [...forCalls({ FileId: 1 })(victim, as), ...forCalls({ FileId: 99 })(victim, as)],
  DescribeAIAgentInfoList: ofApplication(page),
  DescribeAutoCalloutTasks: ofApplication(page),
}

type AimRoute = (victim: Tenant, as: ApplicationId, method: 'GET') => readonly Request[]

const calls = ({ endedCall, liveCall }: Tenant) => [endedCall, liveCall, liveCall.toUpperCase(), unknownSession]
const forEachCall =
  (method: 'GET' | 'POST' | 'DELETE', tails: readonly string[], body?: unknown): AimRoute =>
  (victim) =>
    calls(victim).flatMap((id) =>
      tails.map((tail) => ({ method, url: `/v1/calls/${id}${tail}`, ...(body === undefined ? {} : { body }) })),
    )

/** A signature cannot be made without the house's key: taken from an address of one's own, it must not fit another. */
const forged =
  (path: (victim: Tenant) => string): AimRoute =>
  (victim, as) =>
    [as, victim.applicationId].map((app) => ({
      method: 'GET',
      url: `${path(victim)}?app=${app}&expires=${nowS + 3_600}&signature=${'0'.repeat(64)}`,
    }))

/** By method and route. */
export const routeRows: Readonly<Record<string, AimRoute>> = {
  'GET /v1/calls': ({ endedCall, liveCall }, as) => [
    { method: 'GET', url: `/v1/calls?sdkAppId=${as}` },
    { method: 'GET', url: `/v1/calls?sdkAppId=${as}&limit=1` },
    ...[endedCall, liveCall].map((id) => {
      const cursor = Buffer.from(`${wallAtStartMs}.${id}`).toString('base64url')
      return { method: 'GET' as const, url: `/v1/calls?sdkAppId=${as}&cursor=${cursor}` }
    }),
  ],
  'GET /v1/calls/:id': forEachCall('GET', ['']),
  'GET /v1/calls/:id/transcript': forEachCall('GET', [
    '/transcript',
    '/transcript?format=vtt',
    '/transcript?format=text',
  ]),
  'DELETE /v1/calls/:id/recording': forEachCall('DELETE', ['/recording']),
  'DELETE /v1/calls/:id': forEachCall('DELETE', ['']),
  'POST /v1/calls/:id/recording': forEachCall('POST', ['/recording'], { action: 'pause' }),
  'POST /v1/erasures': ({ number }, as) => [
    { method: 'POST', url: '/v1/erasures', body: { phone: number, sdkAppId: as } },
    { method: 'POST', url: '/v1/erasures', body: { phone: number } },
  ],
  'GET /v1/retention': (_victim, as) => [
    { method: 'GET', url: `/v1/retention?sdkAppId=${as}` },
    { method: 'GET', url: `/v1/retention?sdkAppId=${as}&recordsDays=1&recordingsDays=1` },
  ],
  'GET /v1/calls/:id/sip': forEachCall('GET', ['/sip', '/sip?format=text']),
  'POST /v1/calls/:id/keys': forEachCall('POST', ['/keys'], { keys: '1' }),
  'GET /v1/calls/:id/events': (victim) =>
    calls(victim).flatMap((id) => [
      { method: 'GET', url: `/v1/calls/${id}/events` },
      { method: 'GET', url: `/v1/calls/${id}/events`, headers: { 'last-event-id': `${victim.endedCall}:3` } },
    ]),
  'GET /v1/webhooks/dead': () => [{ method: 'GET', url: '/v1/webhooks/dead?limit=1000' }],
  'POST /v1/webhooks/:name/replay': ({ webhook, pushId }) => [
    { method: 'POST', url: `/v1/webhooks/${webhook}/replay` },
    { method: 'POST', url: `/v1/webhooks/${webhook}/replay`, body: { ids: [pushId] } },
    { method: 'POST', url: '/v1/webhooks/intruder-crm/replay', body: { ids: [pushId] } },
  ],
  'GET /recordings/*': forged(({ endedCall }) => `/recordings/${endedCall}.wav`),
  'GET /transcripts/*': forged(({ endedCall }) => `/transcripts/${endedCall}.json`),
}

/** Routes on nothing of a tenant, and those that a test of its own looks at. */
export const otherRoutes: ReadonlySet<string> = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET *',
  'POST *',
  'HEAD /recordings/*',
  'HEAD /transcripts/*',
  // Never ends; see the test of streams.
  'GET /v1/events',
])
