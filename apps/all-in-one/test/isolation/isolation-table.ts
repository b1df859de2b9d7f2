import { type ApplicationId, firstMadeAgentId } from '@parley/core'
import { minimalCall, wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import type { Request } from './isolation-house.ts'
import { blockedBy, type Tenant, victimExtension, victimOnly } from './seed-tenant.ts'

/*
 * What an intruder may try. A new action or route fails the test until it has a row here: requests that aim at everything of
 * the victim that it can name. `asOwn`: the application the request says it is for, the intruder's own or the victim's. A new
 * kind of thing is given to the victim in seed-tenant.ts.
 */

/** The victim has it, the intruder has one agent less. */
const foreignAgent = firstMadeAgentId + 1

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

/** The victim has both, the intruder none. */
const onExtension =
  (more: object): Aim =>
  (_victim, SdkAppId) =>
    [victimOnly, '1999'].map((ExtensionId) => ({ SdkAppId, ExtensionId, ...more }))

/** Tasks are counted within their application: the second is the victim's alone, the third is nobody's. */
const victimTasks = [{ TaskId: 2 }, { TaskId: 3 }]

/** By action. */
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
  CreateCCCSkillGroup: () => [],
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
  DescribeIvrAudioList: ({ secretId }, as) =>
    ofApplication(
      { PageSize: 50, PageNumber: 0 },
      { PageSize: 50, PageNumber: 0, CustomFileName: [`sound of ${secretId}`] },
    )({} as Tenant, as),
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

type AimRoute = (victim: Tenant, as: ApplicationId, method: 'GET') => readonly Request[]

const calls = ({ endedCall, liveCall }: Tenant) => [endedCall, liveCall, liveCall.toUpperCase(), unknownSession]
const forEachCall =
  (method: 'GET' | 'POST' | 'DELETE', tails: readonly string[], body?: unknown): AimRoute =>
  (victim) =>
    calls(victim).flatMap((id) =>
      tails.map((tail) => ({ method, url: `/v1/calls/${id}${tail}`, ...(body === undefined ? {} : { body }) })),
    )

const agentWith = (fields: object) => ({
  name: 'new',
  settings: { LLMType: 'openai', APIKey: 'sk', APIUrl: 'https://model.example/v1', ...fields },
})
const transferTo = (TransferSkillGroupId: number) => ({
  TransferFunctionEnable: true,
  TransferItems: [{ TransferFunctionName: 'f', TransferFunctionDesc: 'd', TransferSkillGroupId }],
})
const handOverTo = (TransferToAgentId: number) => ({
  TransferToAgentEnable: true,
  TransferToAgentItems: [{ TransferToAgentName: 'f', TransferToAgentDesc: 'd', TransferToAgentId }],
})

const onAgent =
  (method: 'GET' | 'POST' | 'PUT' | 'DELETE', tail: string, body?: unknown): AimRoute =>
  (_victim, as) => [
    {
      method,
      url: `/v1/agents/${foreignAgent}${tail}?sdkAppId=${as}`,
      headers: { 'if-match': '*' },
      ...(body === undefined ? {} : { body }),
    },
  ]

const onTrunk =
  (method: 'GET' | 'POST' | 'PUT' | 'DELETE', tail: string, body?: unknown): AimRoute =>
  ({ trunkId }) =>
    ['*', '"1"', '"9"'].map((match) => ({
      method,
      url: `/v1/trunks/${trunkId}${tail}`,
      headers: { 'if-match': match },
      ...(body === undefined ? {} : { body }),
    }))

/** Its own number, and its number of the shared trunk. */
const onNumber =
  (method: 'GET' | 'POST' | 'PUT' | 'DELETE', tail: string, body?: unknown): AimRoute =>
  ({ numberId, sharedNumberId }, as) =>
    [numberId, sharedNumberId].map((id) => ({
      method,
      url: `/v1/numbers/${id}${tail}?sdkAppId=${as}`,
      headers: { 'if-match': '*' },
      ...(body === undefined ? {} : { body }),
    }))

/** A signature cannot be made without the house's key: taken from an address of one's own, it must not fit another. */
const forged =
  (path: (victim: Tenant) => string): AimRoute =>
  (victim, as) =>
    [as, victim.applicationId].map((app) => ({
      method: 'GET',
      url: `${path(victim)}?app=${app}&expires=${nowS + 3_600}&signature=${'0'.repeat(64)}`,
    }))

const oldCursor = Buffer.from(`1000000.${unknownSession}`).toString('base64url')

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const changing = (method: Method, url: string, body?: unknown) => ({
  method,
  url,
  ...(body === undefined ? {} : { body }),
  headers: { 'if-match': '*' },
})

/** Keys of the configuration, made ones, and one that nobody has. */
const forKeys =
  (method: Method, tail = '', body?: unknown): AimRoute =>
  ({ secretId, madeSecretId }, as) =>
    [secretId, madeSecretId, 'AKIDnobody'].map((id) =>
      changing(method, `/v1/applications/${as}/keys/${id}${tail}`, body),
    )

const forGroups =
  (method: Method, body?: unknown): AimRoute =>
  ({ skillGroupId, madeGroupId }, as) =>
    [skillGroupId, madeGroupId, 99].map((id) => changing(method, `/v1/skill-groups/${id}?sdkAppId=${as}`, body))

const forWebhooks =
  (method: Method, tail = '', body?: unknown): AimRoute =>
  ({ webhook, madeWebhook }) =>
    [webhook, madeWebhook, 'wh_nobodys'].map((id) => changing(method, `/v1/webhooks/${id}${tail}`, body))

const forVictimTasks =
  (method: 'GET' | 'POST', tail: string): AimRoute =>
  (_victim, as) =>
    victimTasks.map(({ TaskId }) => ({ method, url: `/v1/campaigns/${TaskId}${tail}?sdkAppId=${as}` }))

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
  'GET /v1/calls/{id}': forEachCall('GET', ['']),
  'GET /v1/calls/{id}/transcript': forEachCall('GET', [
    '/transcript',
    '/transcript?format=vtt',
    '/transcript?format=text',
  ]),
  'DELETE /v1/calls/{id}/recording': forEachCall('DELETE', ['/recording']),
  'DELETE /v1/calls/{id}': forEachCall('DELETE', ['']),
  'POST /v1/calls/{id}/recording': forEachCall('POST', ['/recording'], { action: 'pause' }),
  'POST /v1/erasures': ({ number }, as) => [
    { method: 'POST', url: '/v1/erasures', body: { phone: number, sdkAppId: as } },
    { method: 'POST', url: '/v1/erasures', body: { phone: number } },
  ],
  'GET /v1/retention': (_victim, as) => [
    { method: 'GET', url: `/v1/retention?sdkAppId=${as}` },
    { method: 'GET', url: `/v1/retention?sdkAppId=${as}&recordsDays=1&recordingsDays=1` },
  ],
  'GET /v1/calls/{id}/sip': forEachCall('GET', ['/sip', '/sip?format=text']),
  'POST /v1/calls/{id}/keys': forEachCall('POST', ['/keys'], { keys: '1' }),
  'GET /v1/calls/{id}/events': (victim) =>
    calls(victim).flatMap((id) => [
      { method: 'GET', url: `/v1/calls/${id}/events` },
      { method: 'GET', url: `/v1/calls/${id}/events`, headers: { 'last-event-id': `${victim.endedCall}:3` } },
    ]),
  'GET /v1/trunks': (_victim, as) => [
    { method: 'GET', url: `/v1/trunks?sdkAppId=${as}` },
    { method: 'GET', url: '/v1/trunks?limit=1' },
  ],
  // A name that the victim has is free.
  'POST /v1/trunks': (_victim, as) => [
    { method: 'POST', url: `/v1/trunks?sdkAppId=${as}`, body: { name: 'own', gateways: [{ host: 'sip.example' }] } },
    { method: 'POST', url: `/v1/trunks?sdkAppId=${as}`, body: { name: 'own' } },
  ],
  'GET /v1/trunks/{id}': onTrunk('GET', ''),
  'PUT /v1/trunks/{id}': onTrunk('PUT', '', { gateways: [{ host: 'evil.example' }] }),
  'DELETE /v1/trunks/{id}': onTrunk('DELETE', ''),
  'POST /v1/trunks/{id}/enable': onTrunk('POST', '/enable'),
  'POST /v1/trunks/{id}/disable': onTrunk('POST', '/disable'),
  'GET /v1/trunks/{id}/status': onTrunk('GET', '/status'),
  'GET /v1/numbers': (_victim, as) => [{ method: 'GET', url: `/v1/numbers?sdkAppId=${as}` }],
  'POST /v1/numbers': ({ trunkId, ownNumber }, as) => [
    { method: 'POST', url: `/v1/numbers?sdkAppId=${as}`, body: { trunkId, number: ownNumber } },
    { method: 'POST', url: `/v1/numbers?sdkAppId=${as}`, body: { trunkId, number: '4711' } },
  ],
  'GET /v1/numbers/{id}': onNumber('GET', ''),
  'PUT /v1/numbers/{id}': onNumber('PUT', '', { outbound: true }),
  'DELETE /v1/numbers/{id}': onNumber('DELETE', ''),
  'POST /v1/numbers/{id}/enable': onNumber('POST', '/enable'),
  'POST /v1/numbers/{id}/disable': onNumber('POST', '/disable'),
  'GET /v1/agents': (_victim, as) => [{ method: 'GET', url: `/v1/agents?sdkAppId=${as}` }],
  'POST /v1/agents': ({ skillGroupId }, as) => [
    { method: 'POST', url: `/v1/agents?sdkAppId=${as}`, body: agentWith({ ...transferTo(skillGroupId) }) },
    { method: 'POST', url: `/v1/agents?sdkAppId=${as}`, body: agentWith(handOverTo(foreignAgent)) },
  ],
  'GET /v1/agents/{id}': onAgent('GET', ''),
  'PUT /v1/agents/{id}': onAgent('PUT', '', agentWith({})),
  'DELETE /v1/agents/{id}': onAgent('DELETE', ''),
  'GET /v1/agents/{id}/versions': onAgent('GET', '/versions'),
  'POST /v1/agents/{id}/publish': onAgent('POST', '/publish', { version: 1 }),
  'GET /v1/webhooks/dead': () => [{ method: 'GET', url: '/v1/webhooks/dead?limit=1000' }],
  'GET /v1/webhooks': (_victim, as) => [{ method: 'GET', url: `/v1/webhooks?sdkAppId=${as}` }],
  'POST /v1/webhooks': ({ applicationId: id }) => [
    {
      method: 'POST',
      url: `/v1/webhooks?sdkAppId=${id}`,
      body: { name: 'x', url: 'https://crm.example/x', events: ['call.ended'] },
    },
  ],
  'GET /v1/webhooks/{id}': forWebhooks('GET'),
  'PATCH /v1/webhooks/{id}': forWebhooks('PATCH', '', { name: 'x' }),
  'DELETE /v1/webhooks/{id}': forWebhooks('DELETE'),
  'POST /v1/webhooks/{id}/rotate': forWebhooks('POST', '/rotate', {}),
  'POST /v1/webhooks/{id}/enable': forWebhooks('POST', '/enable'),
  'POST /v1/webhooks/{id}/disable': forWebhooks('POST', '/disable'),
  'POST /v1/webhooks/{id}/test': forWebhooks('POST', '/test'),
  'GET /v1/webhooks/{id}/deliveries': forWebhooks('GET', '/deliveries'),
  'POST /v1/webhooks/{id}/replay': ({ webhook, madeWebhook, pushId }) => [
    { method: 'POST', url: `/v1/webhooks/${webhook}/replay` },
    { method: 'POST', url: `/v1/webhooks/${madeWebhook}/replay` },
    { method: 'POST', url: `/v1/webhooks/${webhook}/replay`, body: { ids: [pushId] } },
    { method: 'POST', url: '/v1/webhooks/intruder-crm/replay', body: { ids: [pushId] } },
  ],
  'GET /v1/applications': () => [{ method: 'GET', url: '/v1/applications' }],
  'POST /v1/applications': ({ applicationId: id }) => [
    { method: 'POST', url: '/v1/applications', body: { sdkAppId: id } },
  ],
  'GET /v1/applications/{sdkAppId}': (_victim, as) => [{ method: 'GET', url: `/v1/applications/${as}` }],
  'PATCH /v1/applications/{sdkAppId}': (_victim, as) => [
    { method: 'PATCH', url: `/v1/applications/${as}`, body: { enabled: false }, headers: { 'if-match': '*' } },
  ],
  'GET /v1/applications/{sdkAppId}/keys': ({ applicationId: id }) => [
    { method: 'GET', url: `/v1/applications/${id}/keys` },
  ],
  'POST /v1/applications/{sdkAppId}/keys': ({ applicationId: id }) => [
    { method: 'POST', url: `/v1/applications/${id}/keys`, body: {} },
  ],
  'GET /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('GET'),
  'PATCH /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('PATCH', '', { enabled: false }),
  'DELETE /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('DELETE'),
  'POST /v1/applications/{sdkAppId}/keys/{secretId}/rotate': forKeys('POST', '/rotate', {}),
  'GET /v1/skill-groups': (_victim, as) => [{ method: 'GET', url: `/v1/skill-groups?sdkAppId=${as}` }],
  'POST /v1/skill-groups': ({ applicationId: id }) => [
    { method: 'POST', url: `/v1/skill-groups?sdkAppId=${id}`, body: { name: 'x' } },
  ],
  'GET /v1/skill-groups/{id}': forGroups('GET'),
  'PATCH /v1/skill-groups/{id}': forGroups('PATCH', { name: 'x' }),
  'DELETE /v1/skill-groups/{id}': forGroups('DELETE'),
  // What the requests of this table leave there bears dates: from before them.
  'GET /v1/audit': () => [{ method: 'GET', url: `/v1/audit?cursor=${oldCursor}` }],
  'GET /v1/campaigns': (_victim, as) => [
    { method: 'GET', url: `/v1/campaigns?sdkAppId=${as}` },
    { method: 'GET', url: `/v1/campaigns?sdkAppId=${as}&cursor=${Buffer.from('3').toString('base64url')}` },
  ],
  'GET /v1/campaigns/{id}': forVictimTasks('GET', ''),
  'GET /v1/campaigns/{id}/callees': forVictimTasks('GET', '/callees'),
  'POST /v1/campaigns/{id}/pause': forVictimTasks('POST', '/pause'),
  'POST /v1/campaigns/{id}/resume': forVictimTasks('POST', '/resume'),
  'POST /v1/campaigns/{id}/stop': forVictimTasks('POST', '/stop'),
  'GET /v1/do-not-call': (_victim, as) => [{ method: 'GET', url: `/v1/do-not-call?sdkAppId=${as}` }],
  'POST /v1/do-not-call': ({ number }, as) => [
    { method: 'POST', url: `/v1/do-not-call?sdkAppId=${as}`, body: { numbers: [number] } },
  ],
  'POST /v1/do-not-call/import': ({ number }, as) => [
    { method: 'POST', url: `/v1/do-not-call/import?sdkAppId=${as}`, body: [number] },
  ],
  'GET /v1/do-not-call/{number}': (victim, as) => [
    { method: 'GET', url: `/v1/do-not-call/${blockedBy(victim)}?sdkAppId=${as}` },
  ],
  'DELETE /v1/do-not-call/{number}': (victim, as) => [
    { method: 'DELETE', url: `/v1/do-not-call/${blockedBy(victim)}?sdkAppId=${as}` },
  ],
  'GET /recordings/*': forged(({ endedCall }) => `/recordings/${endedCall}.wav`),
  'GET /transcripts/*': forged(({ endedCall }) => `/transcripts/${endedCall}.json`),
}

/** Routes on nothing of a tenant, and those that a test of its own looks at. */
export const otherRoutes: ReadonlySet<string> = new Set([
  'GET /v1/openapi.json',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /v1/openapi.json',
  'GET *',
  'POST *',
  'HEAD /recordings/*',
  'HEAD /transcripts/*',
  // Never ends; see the test of streams.
  'GET /v1/events',
])
