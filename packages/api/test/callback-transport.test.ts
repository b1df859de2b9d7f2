import {
  applicationId,
  type CallbackAuth,
  type CampaignCallback,
  type HttpAnswer,
  type HttpPostRequest,
  Secret,
} from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { createPushTransport } from '../src/pushes/push-transport.ts'
import { appId, someCallId } from './api-house.ts'
import { FakeRecords } from './fake-ports.ts'

const push = {
  id: 'p1',
  webhook: `campaigns:${appId}`,
  event: 'campaign.matched.1',
  applicationId: applicationId(appId),
  callId: someCallId,
  occurredAtMs: 0,
  tryNumber: 1,
} as const

const trigger = {
  statuses: [1],
  tags: [],
  oncePerNumber: false,
  url: 'https://crm.example.com/hook',
  headers: { 'X-Team': 'a', 'Content-Type': 'text/plain' },
  params: { who: 'for {{name}}, {{other}}', count: 3 },
  returns: [],
  auth: { kind: 'none' },
} as const

function house(change: Partial<CampaignCallback['trigger']> = {}, ...answers: readonly HttpAnswer[]) {
  const sent: HttpPostRequest[] = []
  const left = [...answers]
  const transport = createPushTransport({
    receiverOf: (name) => ({
      format: 'standard',
      name,
      url: 'https://x.example/',
      timeoutMs: 1,
      secrets: [new Secret('whsec_AAAA')],
    }),
    records: new FakeRecords(),
    clock: new VirtualClock(0, 0),
    urlSigningKey: Buffer.alloc(32, 7),
    origin: 'https://calls.example.com',
    callbacks: {
      find: async (application, callId, index) =>
        application === appId && callId === someCallId && index === 1
          ? {
              trigger: { ...trigger, ...change },
              campaignId: 4,
              callee: '+493011111',
              status: 1,
              tags: [{ name: 'wish', value: 'buy' }],
              variables: { name: 'Jane' },
              uui: 'u',
            }
          : undefined,
    },
    post: async (request) => {
      sent.push(request)
      return left.shift() ?? { kind: 'answered', status: 200, text: '' }
    },
  })
  return { sent, deliver: (one = push) => transport.deliver(one, new AbortController().signal) }
}

const answered = (status: number, text = ''): HttpAnswer => ({ kind: 'answered', status, text })

test('a callback tells what is known of the call, and what the task asks for', async () => {
  const { sent, deliver } = house()
  expect(await deliver()).toEqual({ kind: 'delivered' })
  const [request] = sent
  expect(request).toMatchObject({ url: trigger.url, answerBytes: 0 })
  expect(request?.headers).toEqual({
    'user-agent': 'Parley',
    'x-team': 'a',
    'content-type': 'application/json',
    'x-tccc-push-uuid': 'p1',
  })
  expect(JSON.parse(request?.body ?? '')).toEqual({
    SdkAppId: appId,
    TaskId: 4,
    SessionId: someCallId,
    Callee: '+493011111',
    EndStatus: 1,
    Tags: [{ TagName: 'wish', TagValue: 'buy' }],
    UUI: 'u',
    who: 'for Jane, {{other}}',
    count: 3,
  })
})

test.each<[CallbackAuth, object]>([
  [{ kind: 'basic', token: 'user:pass' }, { authorization: `Basic ${btoa('user:pass')}` }],
  [{ kind: 'basic', token: 'dXNlcjpwYXNz' }, { authorization: 'Basic dXNlcjpwYXNz' }],
  [{ kind: 'bearer', token: 't' }, { authorization: 'Bearer t' }],
  [{ kind: 'header', name: 'X-Key', value: 'k' }, { 'x-key': 'k' }],
])('%j authorises the request', async (auth, headers) => {
  const { sent, deliver } = house({ auth })
  await deliver()
  expect(sent[0]?.headers).toMatchObject(headers)
})

const oauth2 = { kind: 'oauth2', tokenUrl: 'https://id.example.com/t', clientId: 'a:b', clientSecret: 'c d' } as const

test('OAuth2 fetches a token by client credentials first', async () => {
  const { sent, deliver } = house({ auth: oauth2 }, answered(200, '{"access_token":"tok","token_type":"Bearer"}'))
  expect(await deliver()).toEqual({ kind: 'delivered' })
  expect(sent[0]).toMatchObject({
    url: oauth2.tokenUrl,
    body: 'grant_type=client_credentials',
    headers: { authorization: `Basic ${btoa('a%3Ab:c%20d')}`, 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(sent[1]?.headers).toMatchObject({ authorization: 'Bearer tok' })
})

test('without a token nothing is sent, and it is tried again', async () => {
  const { sent, deliver } = house({ auth: oauth2 }, answered(401, '{"access_token":"tok"}'))
  expect(await deliver()).toEqual({ kind: 'failed', reason: 'token: status 401' })
  expect(sent).toHaveLength(1)
})

test('an answer must be a success and have the expected members', async () => {
  const expecting = { returns: ['ok'] }
  expect(await house(expecting, answered(200, '{"ok":0}')).deliver()).toEqual({ kind: 'delivered' })
  expect(await house(expecting, answered(200, '{}')).deliver()).toMatchObject({ kind: 'failed' })
  expect(await house(expecting, answered(200, 'no JSON')).deliver()).toMatchObject({ kind: 'failed' })
  expect(await house({}, answered(500)).deliver()).toEqual({ kind: 'failed', reason: 'status 500' })
  expect(await house({}, { kind: 'failed', reason: 'private address' }).deliver()).toEqual({
    kind: 'failed',
    reason: 'private address',
  })
})

test('a callback of a campaign that is gone is given up', async () => {
  const { sent, deliver } = house()
  expect(await deliver({ ...push, event: 'campaign.matched.2' } as never)).toMatchObject({ final: true })
  expect(sent).toEqual([])
})
