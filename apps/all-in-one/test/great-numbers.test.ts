import { firstMadeAgentId } from '@parley/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actions } from '../../../packages/api/src/actions/action-index.ts'
import type { Route } from '../../../packages/api/src/management/route.ts'
import { appId, someCallId } from '../../../packages/api/test/api-house.ts'
import { validRequests } from '../../../packages/api/test/valid-requests.ts'
import { type IsolationHouse, openIsolationHouse, type Request, victim as tenant } from './isolation/isolation-house.ts'

/*
 * Numbers that the columns of the database cannot hold, wherever a request has a number: in paths, cursors, versions, bodies
 * and parameters. They name nothing that is there; the database is not asked in a way that it refuses.
 */
const { applicationId: SdkAppId, liveCall, number } = tenant
const great = [
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551616',
  '1'.repeat(40),
  -1,
  -(2 ** 31) - 1,
  -(2 ** 53) + 1,
  '-9223372036854775809',
  '1e300',
]
/** Digits alone, as our own cursors are made of. */
const digits = great.map(String).filter((text) => /^\d+$/.test(text))

let house: IsolationHouse
beforeAll(async () => {
  house = await openIsolationHouse([tenant])
}, 60_000)
afterAll(() => house?.[Symbol.asyncDispose]())

/** Asks, and gives status and body. Status 5xx fails the test. */
async function ask(request: Request): Promise<{ readonly status: number; readonly body: string }> {
  const { answer } = await house.ask(request, tenant)
  const { status, body } = JSON.parse(answer)
  expect(status < 500 && !body.includes('InternalError'), `${JSON.stringify(request)} ${answer}`).toBe(true)
  return { status, body }
}

const cursor = (place: string) => Buffer.from(place).toString('base64url')
const uuid = '00000000-0000-4000-8000-000000000000'

/** A path with things that are there: what follows it is looked at. */
const pathOf = ({ path }: Pick<Route, 'path'>): string => {
  const id =
    {
      calls: tenant.endedCall,
      trunks: tenant.trunkId,
      numbers: tenant.numberId,
      agents: firstMadeAgentId,
      webhooks: tenant.madeWebhook,
      'skill-groups': tenant.madeGroupId,
      campaigns: 1,
    }[path.split('/')[2] ?? ''] ?? 0
  return path
    .replace('{id}', String(id))
    .replace('{sdkAppId}', String(SdkAppId))
    .replace('{secretId}', tenant.madeSecretId)
    .replace('{number}', number)
}

/** A body that the route takes, for those with numbers in it. */
const bodies: Readonly<Record<string, object>> = {
  'POST /v1/numbers': { trunkId: 1, number: '4711', maxConcurrent: 1, maxCps: 1 },
  'PUT /v1/numbers/{id}': { maxConcurrent: 1, maxCps: 1 },
  'POST /v1/trunks': {
    name: 'x',
    gateways: [{ host: 'sip.example', port: 5060 }],
    limits: { maxConcurrent: 1, maxCps: 1 },
  },
  'PUT /v1/trunks/{id}': { gateways: [{ host: 'sip.example', port: 5060 }], limits: { maxConcurrent: 1, maxCps: 1 } },
  'POST /v1/applications': { sdkAppId: 1 },
  'POST /v1/applications/{sdkAppId}/keys/{secretId}/rotate': { graceS: 1 },
  'POST /v1/skill-groups': { name: 'x', ringMs: 1_000 },
  'PATCH /v1/skill-groups/{id}': { ringMs: 1_000 },
  'POST /v1/agents/{id}/publish': { version: 1 },
  'POST /v1/webhooks': { name: 'x', url: 'https://crm.example/x', events: ['call.ended'], timeoutMs: 1_000 },
  'PATCH /v1/webhooks/{id}': { timeoutMs: 1_000 },
  'POST /v1/webhooks/{id}/rotate': { graceS: 1 },
}

/** Each request that has one number of `request` changed to `value`. */
function* withEach(request: unknown, value: unknown): Generator<unknown> {
  if (typeof request === 'number') yield value
  if (typeof request !== 'object' || request === null) return
  for (const [name, member] of Object.entries(request))
    for (const changed of withEach(member, value))
      yield Array.isArray(request) ? request.with(Number(name), changed) : { ...request, [name]: changed }
}

/** Without those that never end. */
const routes = () => house.api.routes.filter(({ path }) => !path.endsWith('/events'))

test('a path with a great number names nothing', async () => {
  for (const route of routes()) {
    for (const name of ['id', 'sdkAppId']) {
      if (!route.path.includes(`{${name}}`)) continue
      for (const value of great) {
        const url = pathOf({ path: route.path.replace(`{${name}}`, String(value)) })
        const { method } = route
        const body = bodies[`${method} ${route.path}`] ?? {}
        const { status } = await ask({ method, url, ...(method !== 'GET' && { body }), headers: { 'if-match': '*' } })
        expect([400, 403, 404], `${method} ${url}`).toContain(status)
      }
    }
  }
})

test('a cursor with a great number is an end of the list or none of ours', async () => {
  const lists = routes().filter(({ query }) => query && 'cursor' in query.shape)
  expect(lists.length).toBeGreaterThan(8)
  for (const route of lists)
    for (const text of digits)
      for (const place of [text, `${text}.${uuid}`, `${text} ${uuid}`]) {
        const url = `${pathOf(route)}?sdkAppId=${SdkAppId}&cursor=${cursor(place)}`
        const { status, body } = await ask({ method: 'GET', url })
        expect([200, 400], url).toContain(status)
        if (status === 400) expect(JSON.parse(body).errors, url).toMatchObject([{ in: 'query', field: 'cursor' }])
      }
})

test('a cursor above the positions that a campaign can have is none of ours', async () => {
  const at = (place: number) => ask({ method: 'GET', url: `/v1/campaigns/1/callees?cursor=${cursor(String(place))}` })
  expect((await at(100_000)).status).toBe(200)
  const { status, body } = await at(100_001)
  expect([status, JSON.parse(body).errors]).toMatchObject([400, [{ in: 'query', field: 'cursor' }]])
})

test('queries with great numbers are refused or find nothing', async () => {
  for (const route of routes())
    for (const name of Object.keys(route.query?.shape ?? {}))
      for (const value of great) await ask({ method: 'GET', url: `${pathOf(route)}?${name}=${value}` })
})

test('a place in an event stream with a great number is none of ours', async () => {
  for (const text of digits)
    for (const url of [`/v1/calls/${tenant.endedCall}/events`, '/v1/events']) {
      if (text.length < 10) continue
      const { status } = await ask({ method: 'GET', url: `${url}?lastEventId=${tenant.endedCall}:${text}` })
      expect(status).toBe(400)
    }
})

test('a version with a great number is not the one of what is there', async () => {
  const changing = routes().filter(({ ifMatch }) => ifMatch)
  expect(changing.length).toBeGreaterThan(5)
  for (const route of changing)
    for (const text of digits) {
      const body = bodies[`${route.method} ${route.path}`] ?? {}
      await ask({ method: route.method, url: pathOf(route), body, headers: { 'if-match': `"${text}"` } })
    }
})

test('bodies with great numbers are refused or stored', async () => {
  for (const [name, body] of Object.entries(bodies)) {
    const [method, path = ''] = name.split(' ')
    for (const value of great.map(Number))
      for (const changed of withEach(body, value))
        await ask({ method: method as 'POST', url: pathOf({ path }), body: changed, headers: { 'if-match': '*' } })
  }
})

/** Requests with the numbers that the smallest valid ones leave out. */
const furtherRequests: Readonly<Record<string, readonly object[]>> = {
  DescribeTelCdr: [{ InstanceId: 1, Limit: 1, Offset: 1 }],
  DescribeNumbers: [{ PageNumber: 0, PageSize: 1 }],
  DescribeSkillGroupInfoList: [{ SkillGroupId: 1, ModifiedTime: 1 }],
  DescribeCCCBuyInfoList: [{ SdkAppIds: [1] }],
  DescribeIvrAudioList: [{ FileId: [1] }],
  DescribeExtensions: [{ PageSize: 1 }],
  ModifyOwnNumberApply: [{ ApplyId: 1 }],
  CreateExtension: [{ SkillGroupIds: [1] }],
  ModifyExtension: [{ SkillGroupIds: [1] }],
  CreateAICall: [
    {
      TransferFunctionEnable: true,
      TransferItems: [{ TransferFunctionName: 'f', TransferFunctionDesc: 'd', TransferSkillGroupId: 1 }],
    },
    {
      TransferToAgentEnable: true,
      TransferToAgentItems: [{ TransferToAgentName: 'f', TransferToAgentDesc: 'd', TransferToAgentId: 1 }],
    },
    {
      MaxDuration: 1,
      NotifyDuration: 10,
      NotifyMaxCount: 1,
      MaxCallDurationMs: 1,
      MaxRingTimeoutSecond: 1,
      AcquireTimeoutSecond: 1,
    },
  ],
  CreateAutoCalloutTask: [
    { Tries: 1, RetryInterval: 600, MaxRingTimeoutSecond: 1, ConcurrencyLimit: 1, NotAfter: 4_000_000_000, IvrId: 1 },
  ],
}

test('actions with great numbers refuse them or find nothing', async () => {
  for (const action of actions.keys()) {
    const owned = JSON.parse(
      JSON.stringify(validRequests[action])
        .replaceAll(String(appId), String(SdkAppId))
        .replaceAll(someCallId, liveCall)
        .replaceAll('http://127.0.0.1:9', 'https://model.example'),
    )
    for (const more of [{}, ...(furtherRequests[action] ?? [])])
      for (const value of great.map(Number))
        for (const parameters of withEach({ ...owned, ...more }, value))
          await ask({ action, parameters: parameters as object })
  }
})
