import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { sdkClient } from '../src/demo/sdk-client.ts'
import { testAuthorization } from './engine-process.ts'
import { type ReceivedPush, startPushReceiver } from './push-receiver.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

const signaturesOf = ({ headers }: ReceivedPush) => String(headers['webhook-signature']).split(' ')
/** What was sent, if this secret signed it. */
function openedWith(secret: string, message: ReceivedPush): unknown {
  const { 'webhook-id': id, 'webhook-timestamp': at } = message.headers
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${message.body}`).digest('base64')
  return signaturesOf(message).includes(`v1,${signature}`) && JSON.parse(message.body)
}

interface Answer {
  readonly id: string
  readonly secret: string
  readonly webhooks: readonly { readonly id: string }[]
  readonly deliveries: readonly unknown[]
}

test('a webhook made while the engine runs is told of calls, by both secrets while one is replaced, until it is deleted', {
  timeout: 180_000,
}, async () => {
  using receiver = await startPushReceiver()
  await using house = await startTestHouse({ '0001': saysGoodbye, '0002': saysGoodbye })
  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${house.engine.httpPort}/v1/webhooks${path}`, {
      method,
      headers: { authorization: testAuthorization, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    })
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true)
    return (answer.status === 204 ? {} : await answer.json()) as Answer
  }

  const made = await ask('POST', '', { name: 'CRM', url: receiver.url, events: ['call.ended'] })
  const session = await house.call('0001')
  const first = await receiver.count(1)
  expect(openedWith(made.secret, first)).toMatchObject({ type: 'call.ended', data: { callId: session } })
  expect(signaturesOf(first)).toHaveLength(1)

  const rotated = await ask('POST', `/${made.id}/rotate`, { graceS: 600 })
  expect(rotated.secret).not.toBe(made.secret)
  const tested = await ask('POST', `/${made.id}/test`)
  const second = await receiver.count(2)
  expect(second.headers['webhook-id']).toBe(tested.id)
  expect(signaturesOf(second)).toHaveLength(2)
  for (const secret of [made.secret, rotated.secret]) {
    expect(openedWith(secret, second)).toMatchObject({ type: 'webhook.test' })
  }
  await expect
    .poll(async () => (await ask('GET', `/${made.id}/deliveries`)).deliveries, { timeout: 10_000 })
    .toMatchObject([
      { id: tested.id, event: 'webhook.test', state: 'delivered', tries: 1, status: 204 },
      { event: 'call.ended', callId: session, state: 'delivered', tries: 1, status: 204 },
    ])

  await ask('DELETE', `/${made.id}`)
  const witness = await ask('POST', '', { name: 'witness', url: receiver.url, events: ['call.ended'] })
  const other = await house.call('0002')
  const third = await receiver.count(3)
  expect(openedWith(witness.secret, third)).toMatchObject({ type: 'call.ended', data: { callId: other } })
  expect((await ask('GET', '')).webhooks.map(({ id }) => id)).toEqual([witness.id])
  await expect
    .poll(async () => (await ask('GET', `/${witness.id}/deliveries`)).deliveries, { timeout: 10_000 })
    .toMatchObject([{ callId: other, state: 'delivered' }])
  expect(receiver.received).toHaveLength(3)
})

test('campaigns of an application that was made while the engine runs have their callbacks sent', {
  timeout: 120_000,
}, async () => {
  using receiver = await startPushReceiver()
  const token = 'token-of-this-installation'
  await using house = await startTestHouse({}, { environment: { PARLEY_ADMIN_TOKEN: token } })
  const { httpPort } = house.engine
  const make = async <Made>(path: string, body: object): Promise<Made> => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`http://127.0.0.1:${httpPort}/v1${path}`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify(body),
    })
    expect(answer.status, path).toBe(201)
    return (await answer.json()) as Made
  }
  const { sdkAppId } = await make<{ sdkAppId: number }>('/applications', { name: 'Acme' })
  const key = await make<{ secretId: string; secretKey: string }>(`/applications/${sdkAppId}/keys`, {})
  const settings = { LLMType: 'openai', APIUrl: house.modelUrl, APIKey: 'sk', Languages: ['en'] }
  const agent = await make<{ id: number }>(`/agents?sdkAppId=${sdkAppId}`, { name: 'desk', settings })
  const { TaskId } = await sdkClient(httpPort, key).CreateAutoCalloutTask({
    SdkAppId: sdkAppId,
    NotBefore: Math.floor(Date.now() / 1_000) - 1,
    AIAgentId: agent.id,
    // Nobody has this number: busy.
    Callees: ['008613000000009'],
    Callers: [],
    TriggerStrategy: [{ InterfaceConfig: { Url: receiver.url } }],
  })
  const { body } = await receiver.count(1)
  expect(JSON.parse(body)).toMatchObject({ SdkAppId: sdkAppId, TaskId, Callee: '008613000000009', EndStatus: 206 })
})
