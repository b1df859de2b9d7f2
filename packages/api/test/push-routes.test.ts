import { type ApplicationId, applicationId, type PushOutbox, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, secretId, secretKey, someCallId } from './api-house.ts'

class FakeOutbox implements PushOutbox {
  readonly asked: unknown[] = []
  broken = false

  async dead(applicationIds: readonly ApplicationId[], limit: number) {
    this.asked.push({ applicationIds, limit })
    if (this.broken) throw new Error('the database is away')
    const facts = { id: 'p1', webhook: 'crm', event: 'call.ended' as const, tries: 8, reason: 'status 500' }
    const all = [
      { ...facts, applicationId: applicationId(appId), callId: someCallId, occurredAtMs: 0, diedAtMs: 1_000 },
    ]
    return all.filter((push) => applicationIds.includes(push.applicationId))
  }

  async replay(webhook: string, applicationIds: readonly ApplicationId[], ids?: readonly string[]) {
    this.asked.push({ webhook, ids })
    if (this.broken) throw new Error('the database is away')
    return webhook === 'crm' && applicationIds.includes(applicationId(appId)) ? 3 : undefined
  }
}

function house() {
  const pushes = new FakeOutbox()
  const { api, logger } = apiHouse({
    pushes,
    applications: [
      { applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] },
      { applicationId: applicationId(7), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] },
    ],
  })
  const ask = (method: 'GET' | 'POST', url: string, body?: string, user = `${secretId}:${secretKey}`) =>
    api.server.inject({
      method,
      url,
      headers: { authorization: `Basic ${btoa(user)}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body } : {}),
    })
  return { pushes, ask, logger }
}

test('dead pushes are listed for their application only', async () => {
  const { pushes, ask } = house()
  const answer = await ask('GET', '/v1/webhooks/dead?limit=5')
  expect(answer.json().pushes).toEqual([
    {
      id: 'p1',
      webhook: 'crm',
      event: 'call.ended',
      sdkAppId: appId,
      callId: someCallId,
      occurredAt: '1970-01-01T00:00:00.000Z',
      tries: 8,
      reason: 'status 500',
      diedAt: '1970-01-01T00:00:01.000Z',
    },
  ])
  expect((await ask('GET', '/v1/webhooks/dead', undefined, 'other:other-key')).json()).toEqual({ pushes: [] })
  expect(pushes.asked).toEqual([
    { applicationIds: [appId], limit: 5 },
    { applicationIds: [7], limit: 100 },
  ])
})

test('a replay takes all, or those that are named', async () => {
  const { pushes, ask } = house()
  const id = '5b2cf6c5-7f2b-4b56-8bb2-b9bd36f05d54'
  expect((await ask('POST', '/v1/webhooks/crm/replay')).json()).toEqual({ replayed: 3 })
  expect((await ask('POST', '/v1/webhooks/crm/replay', `{"ids":["${id}"]}`)).json()).toEqual({ replayed: 3 })
  expect(pushes.asked).toEqual([
    { webhook: 'crm', ids: undefined },
    { webhook: 'crm', ids: [id] },
  ])
})

test.each<['GET' | 'POST', string, string | undefined, string, number]>([
  ['GET', '/v1/webhooks/dead', undefined, `${secretId}:wrong`, 401],
  ['POST', '/v1/webhooks/crm/replay', undefined, 'nobody:x', 401],
  ['POST', '/v1/webhooks/crm/replay', undefined, 'other:other-key', 404],
  ['POST', '/v1/webhooks/unknown/replay', undefined, `${secretId}:${secretKey}`, 404],
  ['POST', '/v1/webhooks/%00/replay', undefined, `${secretId}:${secretKey}`, 404],
  ['GET', '/v1/webhooks/dead?limit=0', undefined, `${secretId}:${secretKey}`, 400],
  ['GET', '/v1/webhooks/dead?limit=1&limit=2', undefined, `${secretId}:${secretKey}`, 400],
  ['POST', '/v1/webhooks/crm/replay', '{', `${secretId}:${secretKey}`, 400],
  ['POST', '/v1/webhooks/crm/replay', '{"ids":["x"]}', `${secretId}:${secretKey}`, 400],
  ['POST', '/v1/webhooks/crm/replay', '{"all":true}', `${secretId}:${secretKey}`, 400],
])('%s %s with %s by %s is a problem', async (method, url, body, user, status) => {
  const answer = await house().ask(method, url, body, user)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json'])
})

test('a database that is away is 503 and logged', async () => {
  const { pushes, ask, logger } = house()
  pushes.broken = true
  expect((await ask('GET', '/v1/webhooks/dead')).statusCode).toBe(503)
  expect((await ask('POST', '/v1/webhooks/crm/replay')).statusCode).toBe(503)
  expect(logger.lines.join()).toContain('error management request failed')
})
