import { type CallRecord, type DuePush, type HttpAnswer, type HttpPostRequest, Secret } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createPushTransport, type PushReceiver } from '../src/index.ts'
import { finishedCall, someCallId } from './api-house.ts'
import { FakeRecords } from './fake-ports.ts'

const key = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const crm: Extract<PushReceiver, { format: 'standard' }> = {
  format: 'standard',
  name: 'crm',
  url: 'https://crm.example.com/calls',
  timeoutMs: 9_000,
  secrets: [new Secret(key)],
}
const ccc: PushReceiver = {
  format: 'ccc',
  name: 'ccc',
  url: 'https://old.example.com/push?tenant=4',
  timeoutMs: 9_000,
  auth: { kind: 'basic', username: 'u', password: new Secret('p:w') },
}

function house(answer: HttpAnswer, call: CallRecord | null = finishedCall(), secrets = crm.secrets) {
  // Now: receivers' libraries look at their own clock.
  const clock = new VirtualClock(0, Date.now())
  const records = new FakeRecords()
  if (call) records.calls.push(call)
  const sent: HttpPostRequest[] = []
  const transport = createPushTransport({
    receiverOf: (name) => [{ ...crm, secrets }, ccc].find((receiver) => receiver.name === name),
    records,
    clock,
    urlSigningKey: Buffer.alloc(32, 7),
    origin: 'https://calls.example.com/',
    post: async (request) => {
      sent.push(request)
      return answer
    },
  })
  const deliver = (webhook: string, event: DuePush['event'], tryNumber = 1) =>
    transport.deliver(
      {
        id: '5b2cf6c5-7f2b-4b56-8bb2-b9bd36f05d54',
        webhook,
        event,
        tryNumber,
        applicationId: finishedCall().applicationId,
        callId: someCallId,
        occurredAtMs: finishedCall().endedAtMs ?? 0,
      },
      new AbortController().signal,
    )
  return { clock, sent, deliver, records }
}

const answered = (status: number, text = ''): HttpAnswer => ({ kind: 'answered', status, text })

test("a receiver's own library accepts the signature, at every try, and notices a changed body", async () => {
  const { clock, sent, deliver } = house(answered(500))
  await deliver('crm', 'call.ended')
  await clock.advance(5_000)
  await deliver('crm', 'call.ended', 2)
  const library = new Webhook(key)
  for (const { headers, body } of sent) {
    expect(library.verify(body, { ...headers })).toEqual(JSON.parse(body))
    expect(() => library.verify(body.replace('"user"', '"engine"'), { ...headers })).toThrow(/signature/i)
  }
  const [first, second] = sent
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp'])).toBe(5)
  // Addresses work for a day from each try.
  const bare = (body = '') => ({ ...JSON.parse(body), data: { ...JSON.parse(body).data, transcriptUrl: undefined } })
  expect(bare(second?.body)).toEqual(bare(first?.body))
})

test('while a secret is being replaced both sign, and libraries with either accept', async () => {
  const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  const { sent, deliver } = house(answered(204), finishedCall(), [new Secret(next), new Secret(key)])
  await deliver('crm', 'call.ended')
  const [{ headers, body } = { headers: {}, body: '' }] = sent
  expect(Object.entries(headers).find(([name]) => name === 'webhook-signature')?.[1]).toMatch(/^v1,\S+ v1,\S+$/)
  for (const secret of [next, key]) expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body))
})

test('a test says no more than whose it is, and a data push has none', async () => {
  const { sent, deliver } = house(answered(204), null)
  expect(await deliver('crm', 'webhook.test')).toEqual({ kind: 'delivered', status: 204 })
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    type: 'webhook.test',
    timestamp: '2025-06-15T14:07:45.900Z',
    data: { sdkAppId: 1400000000 },
  })
  expect(await deliver('ccc', 'webhook.test')).toEqual({ kind: 'failed', reason: 'no test in this format' })
  expect(sent).toHaveLength(1)
})

test('call.ended tells the whole call, recording.ready where the recording is', async () => {
  const { sent, deliver } = house(answered(204))
  expect(await deliver('crm', 'call.ended')).toEqual({ kind: 'delivered', status: 204 })
  expect(await deliver('crm', 'recording.ready')).toEqual({ kind: 'delivered', status: 204 })
  const [ended, recording] = sent.map(({ body }) => JSON.parse(body))
  expect(ended).toMatchObject({
    type: 'call.ended',
    timestamp: '2025-06-15T14:07:45.900Z',
    data: {
      callId: someCallId,
      sdkAppId: 1400000000,
      direction: 'outbound',
      callee: '008613000000000',
      answeredAt: '2025-06-15T14:06:45.400Z',
      durationS: 60,
      outcome: { kind: 'completed', by: 'user' },
      endStatus: 'ok',
      keys: [{ key: '5' }],
    },
  })
  expect(recording).toMatchObject({ type: 'recording.ready', data: { durationMs: 60_500, bytes: 1000 } })
  expect(recording.data.url).toMatch(/^https:\/\/calls\.example\.com\/recordings\/3fa85f64-.*signature=[0-9a-f]{64}$/)
})

test('the data push carries the record under its own headers, address and credentials', async () => {
  const { sent, deliver } = house(answered(200, '{"ErrCode":0,"ErrMsg":""}'))
  expect(await deliver('ccc', 'call.ended')).toEqual({ kind: 'delivered', status: 200 })
  expect(await deliver('ccc', 'recording.ready', 2)).toEqual({ kind: 'delivered', status: 200 })
  const [cdr, record] = sent
  expect(cdr?.url).toBe('https://old.example.com/push?tenant=4&action=cdr&version=1')
  expect(record?.url).toBe('https://old.example.com/push?tenant=4&action=record&version=1')
  expect(cdr?.headers).toMatchObject({
    'content-type': 'application/json;charset=utf8',
    'x-tccc-push-uuid': '5b2cf6c5-7f2b-4b56-8bb2-b9bd36f05d54',
    authorization: `Basic ${btoa('u:p:w')}`,
  })
  const body = JSON.parse(cdr?.body ?? '')
  expect(Object.keys(body).toSorted()).toEqual(
    [
      ...['SdkAppId', 'SessionId', 'Caller', 'Callee', 'Direction', 'CallType', 'Duration', 'SeatUser'],
      ...['CallerLocation', 'IVRDuration', 'RingTimestamp', 'AcceptTimestamp', 'EndedTimestamp', 'StartTimestamp'],
      ...['IVRKeyPressed', 'IVRKeyPressedEx', 'HungUpSide', 'ServeParticipants', 'EndStatusString', 'QueuedTimestamp'],
      ...['PostIVRKeyPressed', 'QueuedSkillGroupName', 'QueuedSkillGroupId', 'RecordId', 'Remark'],
    ].toSorted(),
  )
  expect(body).toMatchObject({
    SdkAppId: 1400000000,
    Direction: 1,
    CallType: 1,
    Duration: 60,
    EndedTimestamp: 1749996465,
    HungUpSide: 'user',
    IVRKeyPressed: ['5'],
    IVRKeyPressedEx: [{ Key: '5', Label: '' }],
  })
  expect(JSON.parse(record?.body ?? '')).toEqual({
    SdkAppId: 1400000000,
    RecordId: someCallId,
    SessionId: someCallId,
    Timestamp: 1749996465,
    EndpointUser: '008613000000000',
    RecordURL: expect.stringMatching(/^https:\/\/calls\.example\.com\/recordings\//),
  })
})

test.each<[string, HttpAnswer, object]>([
  ['crm', answered(500), { reason: 'status 500' }],
  ['crm', answered(307), { reason: 'status 307' }],
  ['crm', answered(199), { reason: 'status 199' }],
  ['crm', answered(410), { reason: 'status 410', final: true }],
  ['crm', { kind: 'failed', reason: 'private address' }, { reason: 'private address' }],
  ['crm', { kind: 'failed', reason: 'timeout' }, { reason: 'timeout' }],
  ['ccc', answered(500, '{"ErrCode":0}'), { reason: 'status 500' }],
  ['ccc', answered(302), { reason: 'status 302' }],
  ['ccc', answered(200, '{"ErrCode":1}'), { reason: 'answer without ErrCode 0' }],
  ['ccc', answered(200, '{"ErrCode":"0"}'), { reason: 'answer without ErrCode 0' }],
  ['ccc', answered(200, ''), { reason: 'answer without ErrCode 0' }],
  ['ccc', answered(200, 'null'), { reason: 'answer without ErrCode 0' }],
  ['ccc', answered(200, '<html>'), { reason: 'answer without ErrCode 0' }],
  ['ccc', { kind: 'failed', reason: 'no connection' }, { reason: 'no connection' }],
])('receiver %s with %j has failed', async (webhook, answer, result) => {
  const status = answer.kind === 'answered' && { status: answer.status }
  expect(await house(answer).deliver(webhook, 'call.ended')).toEqual({ kind: 'failed', ...status, ...result })
})

test('a call that was deleted meanwhile, and a receiver nobody knows, send nothing', async () => {
  const empty = house(answered(200), null)
  expect(await empty.deliver('gone', 'call.ended')).toEqual({ kind: 'failed', reason: 'unknown receiver' })
  expect(await empty.deliver('crm', 'call.ended')).toEqual({ kind: 'failed', reason: 'no such call', final: true })
  expect(empty.sent).toEqual([])
})

test('what the model said about a call that is over is told, and that it said nothing', async () => {
  const { sent, deliver, records } = house(answered(200))
  const plan = {
    extract: [{ kind: 'text', name: 'wish' }],
    analyse: false,
    tags: [{ name: 'interest', values: ['high'] }],
  } as const
  const tags = [{ name: 'interest', value: 'high' }]
  records.report = { plan, state: 'done', result: { extracted: { wish: 'a table' }, tags } }
  await deliver('crm', 'call.analysed')
  records.report = { plan, state: 'failed' }
  await deliver('crm', 'call.analysed')
  const [told, failed] = sent.map(({ body }) => JSON.parse(body))
  expect(told).toMatchObject({
    type: 'call.analysed',
    data: { callId: someCallId, isAnswered: true, extracted: { wish: 'a table' }, analysis: null, tags },
  })
  expect(failed.data).toMatchObject({ isAnswered: false, extracted: {}, analysis: null, tags: [] })
})
