import { type Api, createApi } from '@parley/api'
import { applicationId, type CallId, type Clock, callId, Secret, silentLogger } from '@parley/core'
import { openStore, type Store, type TrunkConfiguration } from '@parley/store'
import { SeededRandom } from '@parley/testkit'
import { wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import { FakeControl, FakeRecordings } from '../../../../packages/api/test/fake-ports.ts'
import { fakeSounds } from '../../../../packages/api/test/fake-sounds.ts'
import { tc3Headers } from '../../../../packages/api/test/signed-inject.ts'
import { realClock, realRandom } from '../../../../packages/store/test/support/real-time.ts'
import { recordingsDir } from '../../../../packages/store/test/support/sample-calls.ts'
import { createTestDatabase } from '../../../../packages/store/test/support/test-database.ts'
import { callerNumbers, trunkManagement } from '../../src/trunk-management.ts'
import { logged } from './port-log.ts'
import { seedCampaign, seedTenant, type Tenant, victimExtension, victimOnly } from './seed-tenant.ts'

/** Who has something to hide. */
export const victim: Tenant = {
  applicationId: applicationId(1_400_000_001),
  secretId: 'AKIDvictim',
  secretKey: 'key of the victim',
  number: '+8675500000001',
  skillGroupId: 1,
  madeGroupId: 1_000_001,
  madeSecretId: 'AKIDmadeByVictim',
  agents: 2,
  trunkId: 711,
  numberId: 712,
  sharedNumberId: 713,
  ownNumber: '+8675500000101',
  extensions: [victimExtension, victimOnly],
  webhook: 'victim-crm',
  madeWebhook: 'wh_victim',
  endedCall: callId('aaaaaaaa-0000-4000-8000-000000000001'),
  liveCall: callId('aaaaaaaa-0000-4000-8000-000000000002'),
  pushId: 'aaaaaaaa-0000-4000-8000-00000000000a',
  idempotencyKey: 'victims-request-1',
  words: 'the words of the victim',
}

/** Who asks. */
export const intruder: Tenant = {
  applicationId: applicationId(1_400_000_002),
  secretId: 'AKIDintruder',
  secretKey: 'key of the intruder',
  number: '+8675500000002',
  skillGroupId: 2,
  madeGroupId: 1_000_002,
  madeSecretId: 'AKIDmadeByIntruder',
  agents: 1,
  trunkId: 721,
  numberId: 722,
  sharedNumberId: 723,
  ownNumber: '+8675500000102',
  extensions: [],
  webhook: 'intruder-crm',
  madeWebhook: 'wh_intruder',
  endedCall: callId('bbbbbbbb-0000-4000-8000-000000000001'),
  liveCall: callId('bbbbbbbb-0000-4000-8000-000000000002'),
  pushId: 'bbbbbbbb-0000-4000-8000-00000000000a',
  idempotencyKey: 'intruders-request-1',
  words: 'what the intruder said',
}

/** One request, by whoever signs it. */
export type Request =
  | { readonly action: string; readonly parameters: object; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
      readonly url: string
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }

/** What a client sees of an answer, and which ports were asked for it, in order. */
export interface Seen {
  readonly answer: string
  readonly lookUps: readonly string[]
}

export interface IsolationHouse extends AsyncDisposable {
  readonly api: Api
  readonly store: Store
  readonly control: FakeControl
  readonly recordings: FakeRecordings
  readonly databaseUrl: string
  ask(request: Request, by: Tenant): Promise<Seen>
}

const noHealth = { registrationOf: () => undefined, gatewayStates: () => [] }

/** Answers bear dates: the API's clock stands, the database's goes. */
const standing: Clock = { ...realClock, wallMs: () => wallAtStartMs }

/** An API over a real database in which these tenants have everything that a tenant can have. */
export async function openIsolationHouse(tenants: readonly Tenant[]): Promise<IsolationHouse> {
  await using building = new AsyncDisposableStack()
  const databaseUrl = await createTestDatabase('bundled 18')
  const ports = { clock: realClock, random: realRandom, logger: silentLogger }
  const masterKey = new Uint8Array(32).fill(7)
  const store = building.use(
    await openStore({ ...ports, connection: { url: databaseUrl }, recordingsDir: recordingsDir(), masterKey }),
  )
  await store.configure({
    applications: tenants,
    trunks: [trunkOf(tenants)],
    webhooks: tenants.map((tenant) => ({
      name: tenant.webhook,
      applicationId: tenant.applicationId,
      events: ['call.ended'],
      retryDelaysMs: [],
      timeoutMs: 1_000,
    })),
  })
  const recordings = new FakeRecordings()
  for (const tenant of tenants) await seedTenant(tenant, store, recordings, databaseUrl)
  // One more than the intruder has.
  if (tenants.includes(victim)) await seedCampaign(victim, store)
  const control = new FakeControl()
  const log: string[] = []
  const groups = tenants.flatMap(({ applicationId: id, secretId, skillGroupId, madeGroupId }) =>
    [skillGroupId, madeGroupId].map((group) => ({
      id: group,
      name: `people ${group} of ${secretId}`,
      applicationIds: [id],
    })),
  )
  const api = building.use(
    createApi({
      applications: tenants.map(({ applicationId: id, secretId, secretKey }) => ({
        applicationId: id,
        keys: [{ secretId, secretKey: new Secret(secretKey) }],
      })),
      intake: logged('intake', store.intake, log),
      records: logged('records', store.records, log),
      liveEvents: { listen: () => ({ [Symbol.dispose]: () => {} }) },
      readiness: async () => ({ problems: [], warnings: [] }),
      eventLog: logged('eventLog', store.eventLog, log),
      pushes: logged('pushes', store.pushes, log),
      webhooks: logged('webhooks', store.webhooks, log),
      agents: logged('agents', store.agents, log),
      campaigns: logged('campaigns', store.campaigns, log),
      doNotCall: logged('doNotCall', store.doNotCall, log),
      recordings: logged('recordings', recordings, log),
      erasure: logged('erasure', store.erasure, log),
      sounds: { ...fakeSounds(), library: logged('sounds', store.sounds, log) },
      control: logged('control', control, log),
      clock: standing,
      random: new SeededRandom(1),
      logger: silentLogger,
      urlSigningKey: Buffer.alloc(32, 7),
      numbers: (id) => callerNumbers(store.trunks, id),
      trunks: trunkManagement(logged('registry', store.trunks, log), noHealth, {}, false),
      management: {
        applications: logged('applications', store.applications, log),
        keys: store.keys,
        audit: logged('audit', store.audit, log),
      },
      extensions: {
        book: logged('extensions', store.extensions, log),
        refresh: async () => {},
        stateOf: () => 'idle',
        outboundProxy: '192.0.2.1:5060',
      },
      skillGroupDesk: {
        book: logged('skillGroups', store.skillGroups, log),
        declared: groups.filter(({ id }) => id < 1_000_000),
        current: groups,
        refresh: async () => {},
        check: () => [],
      },
    }),
  )
  const stop = new AbortController()
  const dispatching = store.dispatch({ owner: 'engine', control: { place: async () => {} }, signal: stop.signal })
  building.defer(async () => {
    stop.abort()
    await dispatching
  })
  const resources = building.move()
  return {
    api,
    store,
    control,
    recordings,
    databaseUrl,
    async ask(request, by) {
      log.length = 0
      const answer = await send(api, request, by)
      return { answer, lookUps: [...log] }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** One trunk for all, with a number for each. */
const trunkOf = (tenants: readonly Tenant[]): TrunkConfiguration => ({
  name: 'shared',
  limits: { maxConcurrent: 1_000, maxCps: 1_000 },
  numbers: tenants.map(({ number, applicationId: id }) => ({ number, applicationIds: [id] })),
})

async function send(api: Api, request: Request, by: Tenant): Promise<string> {
  const answer = await api.server.inject('action' in request ? signedAction(request, by) : basicRequest(request, by))
  const { date: _date, 'x-tc-requestid': requestId, ...headers } = answer.headers
  const body = answer.body.replaceAll(String(requestId ?? 'no id'), '<RequestId>')
  return JSON.stringify({ status: answer.statusCode, headers, body })
}

function signedAction(request: Extract<Request, { action: string }>, { secretId, secretKey }: Tenant) {
  const payload = JSON.stringify(request.parameters)
  const headers = tc3Headers(request.action, payload, request.headers, { secretId, secretKey })
  return { method: 'POST' as const, url: '/', payload, headers }
}

function basicRequest(request: Extract<Request, { url: string }>, { secretId, secretKey }: Tenant) {
  const { method, url, body, headers } = request
  const authorization = `Basic ${Buffer.from(`${secretId}:${secretKey}`).toString('base64')}`
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return { method, url, ...payload, headers: { host: 'api.test', authorization, ...type, ...headers } }
}

/** Calls of a tenant, for what must be the same before and after. */
export const recordsOf = async ({ store }: IsolationHouse, { applicationId: id, endedCall, liveCall }: Tenant) =>
  Promise.all(
    [endedCall, liveCall].flatMap((call: CallId) => [
      store.records.find(id, call),
      store.records.transcript(id, call),
      store.records.events(id, call),
    ]),
  )
