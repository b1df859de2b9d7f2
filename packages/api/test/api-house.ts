import { applicationId, type CallRecord, type PushOutbox, Secret } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import type { ApiOptions, ApiSkillGroup } from '../src/api-options.ts'
import type { Api } from '../src/create-api.ts'
import { createApi } from '../src/create-api.ts'
import { FakeAgentBook } from './fake-agent-book.ts'
import { FakeCampaigns } from './fake-campaigns.ts'
import { FakeDoNotCall } from './fake-do-not-call.ts'
import { fakeErasure } from './fake-erasure.ts'
import { FakeEventLog, FakeFeed } from './fake-event-log.ts'
import { FakeManagement } from './fake-management.ts'
import { CapturingLogger, FakeControl, FakeIntake, FakeRecordings, FakeRecords } from './fake-ports.ts'
import { FakeSkillGroups } from './fake-skill-groups.ts'
import { fakeSounds } from './fake-sounds.ts'
import { fakeTrunks } from './fake-trunks.ts'
import { FakeWebhooks } from './fake-webhooks.ts'
import { appId, ownNumber, secretId, secretKey, someCallId, wallAtStartMs } from './house-ids.ts'

export { appId, ownNumber, secretId, secretKey, someCallId, wallAtStartMs }

const noPushes: PushOutbox = { dead: async () => [], replay: async () => undefined }

/** `skillGroups`: those of the configuration. */
export type HouseOptions = Partial<ApiOptions> & { readonly skillGroups?: readonly ApiSkillGroup[] }

/** An API over fakes. `wallMs`: Unix ms the clock stands at. */
export function apiHouse({ skillGroups = [], ...options }: HouseOptions = {}, wallMs = wallAtStartMs) {
  const clock = new VirtualClock(0, wallMs)
  const logger = new CapturingLogger()
  const intake = new FakeIntake()
  const records = new FakeRecords()
  const control = new FakeControl()
  const recordings = new FakeRecordings()
  const campaigns = new FakeCampaigns()
  const agents = new FakeAgentBook()
  const api = createApi({
    applications: [{ applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] }],
    intake,
    records,
    recordings,
    control,
    campaigns,
    clock,
    random: new SeededRandom(1),
    logger,
    urlSigningKey: Buffer.alloc(32, 7),
    allowPrivateUrls: true,
    trunks: fakeTrunks(appId, ownNumber),
    sounds: fakeSounds(),
    erasure: fakeErasure(),
    agents,
    numbers: async () => [],
    pushes: noPushes,
    webhooks: new FakeWebhooks(),
    doNotCall: new FakeDoNotCall(),
    eventLog: new FakeEventLog(),
    liveEvents: new FakeFeed(),
    skillGroupDesk: new FakeSkillGroups(skillGroups),
    management: new FakeManagement(),
    readiness: async () => ({ problems: [], warnings: [] }),
    ...options,
  })
  answersAsDeclared(api)
  return { api, clock, logger, intake, records, control, recordings, agents, campaigns }
}

/** Makes an answer of `/v1` that is not as its route declares it a failure of the server. */
function answersAsDeclared({ server, routes }: Api): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const url = request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}')
    const declared = routes.find(({ method, path }) => method === request.method && path === url)
    if (!declared || reply.statusCode >= 400 || reply.statusCode === 204) return payload
    const { status, schema } = declared.answer
    const isJson = String(reply.getHeader('content-type')).startsWith('application/json')
    if (reply.statusCode !== status) throw new Error(`${declared.path} answered ${reply.statusCode}`)
    if (isJson) schema?.parse(JSON.parse(String(payload)))
    return payload
  })
}

/** An answered and finished outbound call that the callee ended. */
export function finishedCall(changes: Partial<CallRecord> = {}): CallRecord {
  const startMs = wallAtStartMs - 3_600_000
  return {
    callId: someCallId,
    applicationId: applicationId(appId),
    direction: 'outbound',
    caller: '008601012340000',
    callee: '008613000000000',
    trunk: 'main',
    state: 'ended',
    createdAtMs: startMs,
    ringingAtMs: startMs + 1200,
    answeredAtMs: startMs + 5400,
    endedAtMs: startMs + 65_900,
    outcome: { kind: 'completed', by: 'user' },
    recording: { path: `/recordings/${someCallId}.wav`, durationMs: 60_500, bytes: 1000 },
    transfers: [],
    keys: [{ key: '5', atWallMs: startMs + 9000 }],
    ...changes,
  }
}

/** The smallest valid `CreateAICall`. */
export const minimalCall = {
  SdkAppId: appId,
  Callee: '008613000000000',
  LLMType: 'openai',
  APIKey: 'sk-very-secret-key',
  APIUrl: 'http://127.0.0.1:9/v1',
}
