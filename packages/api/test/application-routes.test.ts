import type { CallErasure } from '@parley/core'
import { expect, test } from 'vitest'
import { appId } from './api-house.ts'
import { managementHouse, otherApp } from './management-house.ts'
import { tc3Headers } from './signed-inject.ts'

const keysOf = (id: number) => `/v1/applications/${id}/keys`

/** With a key of this role, made by the installation. */
async function houseWithKey(role = 'admin') {
  const house = managementHouse()
  const made = (await house.ask('installation', 'POST', keysOf(otherApp), { body: { role, name: 'new' } })).json()
  const act = async (action: string, parameters: object = {}, pair = made) => {
    const payload = JSON.stringify({ SdkAppId: otherApp, ...parameters })
    const headers = tc3Headers(action, payload, {}, pair)
    const answer = await house.api.server.inject({ method: 'POST', url: '/', payload, headers })
    return answer.json().Response.Error?.Code ?? 'success'
  }
  const describe = (pair = made) => act('DescribePSTNActiveSessionList', { Offset: 0, Limit: 25 }, pair)
  return { ...house, made, act, describe, url: `${keysOf(otherApp)}/${made.secretId}` }
}

test('a made application has a number, an address and a version', async () => {
  const { ask } = managementHouse()
  const made = await ask('installation', 'POST', '/v1/applications', { body: { name: 'Acme' } })
  expect(made.statusCode).toBe(201)
  const { location, etag } = made.headers
  const found = await ask('installation', 'GET', String(location))
  expect([found.json(), found.headers.etag]).toEqual([made.json(), etag])
  expect(found.json()).toMatchObject({ name: 'Acme', enabled: true, declared: false })
})

test('a taken number, one of parley.yaml and an old version are refused, each in its way', async () => {
  const { ask } = managementHouse()
  expect((await ask('installation', 'POST', '/v1/applications', { body: { sdkAppId: appId } })).statusCode).toBe(409)
  const change = (id: number, ifMatch: string) =>
    ask('installation', 'PATCH', `/v1/applications/${id}`, { body: { name: 'x' }, ifMatch })
  const declared = await change(appId, '*')
  expect([declared.statusCode, declared.json().title]).toEqual([409, 'the application is declared in parley.yaml'])
  expect((await change(otherApp, '"1"')).headers.etag).toBe('"2"')
  expect((await change(otherApp, '"1"')).statusCode).toBe(412)
  expect((await change(77, '*')).statusCode).toBe(404)
})

test('applications come in pages by number, and to a key its own alone', async () => {
  const { ask, management } = managementHouse()
  management.add(1400000008)
  const seen: number[] = []
  let cursor = ''
  do {
    const page = (await ask('installation', 'GET', `/v1/applications?limit=2${cursor}`)).json()
    seen.push(...page.applications.map(({ sdkAppId }: { sdkAppId: number }) => sdkAppId))
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
  } while (cursor)
  expect(seen).toEqual([appId, otherApp, 1400000008])
  const own = (await ask('viewer', 'GET', '/v1/applications')).json()
  expect(own.applications.map(({ sdkAppId }: { sdkAppId: number }) => sdkAppId)).toEqual([appId])
  expect((await ask('viewer', 'GET', '/v1/applications?cursor=eHg')).statusCode).toBe(400)
  expect((await ask('admin', 'GET', `${keysOf(appId)}?cursor=%00`)).statusCode).toBe(400)
})

test('a made key acts for its application by signature, by key pair and by token, and its secret is shown once', async () => {
  const { made, api, describe, ask, url } = await houseWithKey()
  expect(await describe()).toBe('success')
  for (const authorization of [`Basic ${btoa(`${made.secretId}:${made.secretKey}`)}`, `Bearer ${made.token}`]) {
    const own = await api.server.inject({ url: '/v1/applications', headers: { authorization } })
    expect(own.json().applications.map(({ sdkAppId }: { sdkAppId: number }) => sdkAppId)).toEqual([otherApp])
  }
  for (const wrong of [`${made.token}x`, 'parley_', 'x', made.secretKey]) {
    const { statusCode } = await api.server.inject({ url: '/v1/calls', headers: { authorization: `Bearer ${wrong}` } })
    expect(statusCode).toBe(401)
  }
  const shown = await ask('foreigner', 'GET', url)
  expect(shown.json()).toMatchObject({ secretId: made.secretId, role: 'admin', name: 'new' })
  expect(shown.body + (await ask('foreigner', 'GET', keysOf(otherApp))).body).not.toContain(made.secretKey)
})

test('a key that is switched off, or whose application is, or that is deleted, stops working at once', async () => {
  const { describe, ask, url } = await houseWithKey()
  const change = (address: string, enabled: boolean) =>
    ask('installation', 'PATCH', address, { body: { enabled }, ifMatch: '*' })
  for (const address of [url, `/v1/applications/${otherApp}`]) {
    await change(address, false)
    expect(await describe()).toBe('AuthFailure.SecretIdNotFound')
    await change(address, true)
    expect(await describe()).toBe('success')
  }
  expect((await ask('foreigner', 'DELETE', url)).statusCode).toBe(204)
  expect(await describe()).toBe('AuthFailure.SecretIdNotFound')
  expect((await ask('foreigner', 'DELETE', url)).statusCode).toBe(404)
})

test('a rotated key has a successor of the same name and role', async () => {
  const { ask, url, describe, made } = await houseWithKey('viewer')
  const next = await ask('foreigner', 'POST', `${url}/rotate`, { body: { graceS: 60 } })
  expect(next.statusCode).toBe(201)
  expect(next.json()).toMatchObject({ name: 'new', role: 'viewer' })
  expect(next.json().secretId).not.toBe(made.secretId)
  expect(await describe(next.json())).toBe('success')
  expect((await ask('foreigner', 'POST', `${url}/rotate`, { body: { graceS: -1 } })).json().errors[0].field).toBe(
    'graceS',
  )
})

test.each([
  ['viewer', 'AuthFailure.UnauthorizedOperation'],
  ['operator', 'FailedOperation.SessionNotExists'],
])('a key of role %s asks by signature for what changes something and gets %s', async (role, code) => {
  const { act, describe } = await houseWithKey(role)
  expect(await describe()).toBe('success')
  expect(await act('HangUpCall', { SessionId: '3fa85f64-5717-4562-b3fc-2c963f66afa6' })).toBe(code)
})

test('changes are in the audit log of their application and of the installation, without secrets', async () => {
  const { ask, made, url } = await houseWithKey()
  await ask('foreigner', 'PATCH', url, { body: { role: 'viewer' }, ifMatch: '*' })
  await ask('foreigner', 'PATCH', url, { body: { role: 'nonsense' }, ifMatch: '*' })
  const log = await ask('foreigner', 'GET', '/v1/audit')
  expect(log.json().entries).toMatchObject([
    {
      actor: 'foreigner',
      operation: 'patchApplicationsSdkAppIdKeysSecretId',
      target: url,
      sdkAppId: otherApp,
      details: { role: 'viewer' },
    },
    { actor: 'installation', operation: 'postApplicationsSdkAppIdKeys', target: url, details: { name: 'new' } },
  ])
  expect(log.body).not.toContain(made.secretKey)
  expect((await ask('admin', 'GET', '/v1/audit')).json().entries).toEqual([])
  expect((await ask('installation', 'GET', '/v1/audit?limit=1')).json().entries).toHaveLength(1)
})

test('of what an object holds the audit log has the names alone', async () => {
  const { ask, management } = managementHouse()
  const settings = { LLMType: 'openai', APIKey: 'sk-very-secret', APIUrl: 'https://model.example/v1' }
  expect((await ask('admin', 'POST', '/v1/agents', { body: { name: 'sales', settings } })).statusCode).toBe(201)
  expect(management.entries).toMatchObject([
    { details: { name: 'sales', settings: { members: ['LLMType', 'APIKey', 'APIUrl'] } } },
  ])
})

test('what is typed into a call stays out of the audit log', async () => {
  const { ask, records, management } = managementHouse()
  const id = records.calls[0]?.callId
  expect((await ask('operator', 'POST', `/v1/calls/${id}/keys`, { body: { keys: '4929' } })).statusCode).toBe(204)
  expect(management.entries).toMatchObject([{ operation: 'postCallsIdKeys', details: { keys: '[secret]' } }])
})

test('a number that is erased stays out of the audit log', async () => {
  const erasure = { erasePhone: async () => ({ erased: 1, inProgress: 0 }) } as unknown as CallErasure
  const { ask, management } = managementHouse({ erasure })
  expect((await ask('admin', 'POST', '/v1/erasures', { body: { phone: '+49170555' } })).statusCode).toBe(200)
  expect(management.entries).toMatchObject([{ operation: 'postErasures', details: { phone: '[secret]' } }])
})

test('nothing is changed that the audit log cannot be told of', async () => {
  const { ask, management } = managementHouse()
  const before = management.rows.size
  management.audit.begin = async () => {
    throw new Error('the database is away')
  }
  expect((await ask('installation', 'POST', '/v1/applications', { body: {} })).statusCode).toBe(503)
  expect(management.rows.size).toBe(before)
})

test('a change whose outcome cannot be noted stays, and its entry as begun', async () => {
  const { ask, management, logger } = managementHouse()
  management.audit.settle = async () => {
    throw new Error('the database is away')
  }
  expect((await ask('installation', 'POST', '/v1/applications', { body: {} })).statusCode).toBe(201)
  expect(management.entries).toMatchObject([{ operation: 'postApplications', outcome: 'begun' }])
  expect(logger.lines.join()).toContain('audit entry was not settled')
})

test('the audit log tells what was done from what was refused and what failed', async () => {
  const erasure = {
    erasePhone: async () => {
      throw new Error('the database is away')
    },
  } as unknown as CallErasure
  const { ask, management } = managementHouse({ erasure })
  await ask('installation', 'POST', '/v1/applications', { body: {} })
  await ask('installation', 'PATCH', '/v1/applications/7', { body: { name: 'x' }, ifMatch: '*' })
  await ask('admin', 'POST', '/v1/erasures', { body: { phone: '+49170555' } })
  expect(management.entries.map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'failed'])
})

test('use of keys is told to the database with the next look, of keys that were proven alone', async () => {
  const { management, describe, made, api, ask } = await houseWithKey()
  await describe()
  await api.server.inject({ url: '/v1/calls', headers: { authorization: `Basic ${btoa('viewer:wrong')}` } })
  await ask('installation', 'POST', '/v1/applications', { body: {} })
  expect(management.used).toContain(made.secretId)
  expect(management.used).not.toContain('viewer')
})
