import { applicationId } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, ownNumber, secretId, secretKey } from './api-house.ts'
import { fakeTrunks } from './fake-trunks.ts'

const authorization = `Basic ${Buffer.from(`${secretId}:${secretKey}`).toString('base64')}`
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

function house(owner = appId) {
  const trunks = fakeTrunks(owner, ownNumber)
  const { api } = apiHouse({ trunks })
  const ask = async (method: Method, path: string, body?: unknown, ifMatch?: string) => {
    const answer = await api.server.inject({
      method,
      url: `/v1${path}`,
      headers: { authorization, 'content-type': 'application/json', ...(ifMatch ? { 'if-match': ifMatch } : {}) },
      payload: JSON.stringify(body ?? {}),
    })
    const { statusCode: status, headers } = answer
    return { status, etag: headers.etag, location: headers.location, value: answer.body && answer.json() }
  }
  return { ask, registry: trunks.registry }
}

const noAssistant = 'assistant: must be one of assistants in parley.yaml, of the same application'
const described = { gateways: [{ host: 'sip.example' }] }

test('a trunk is made, seen, changed at its version, switched off and deleted', async () => {
  const { ask, registry } = house()
  const made = await ask('POST', '/trunks', { name: 'new', ...described })
  expect(made).toMatchObject({
    status: 201,
    etag: '"1"',
    value: { name: `${appId}/new`, sdkAppId: appId, enabled: true },
  })
  const path = (made.location ?? '').toString().replace('/v1', '')
  expect(await ask('GET', path)).toMatchObject({ status: 200, value: { declared: false, settings: described } })
  expect(await ask('PUT', path, described)).toMatchObject({ status: 428 })
  expect(await ask('PUT', path, described, '"7"')).toMatchObject({ status: 412 })
  expect(await ask('PUT', path, described, '"1"')).toMatchObject({ status: 200, etag: '"2"' })
  expect(await ask('POST', `${path}/disable`)).toMatchObject({ status: 200, value: { enabled: false } })
  expect(await ask('POST', `${path}/enable`)).toMatchObject({ status: 200, value: { enabled: true } })
  registry.usedBy = '2 calls'
  expect(await ask('DELETE', path, undefined, '*')).toMatchObject({
    status: 409,
    value: { title: 'the trunk is in use: 2 calls' },
  })
  registry.usedBy = undefined
  expect(await ask('DELETE', path, undefined, '*')).toMatchObject({ status: 204 })
  expect(await ask('GET', path)).toMatchObject({ status: 404 })
})

test('secrets that are left out of a change come from the stored trunk', async () => {
  const { ask } = house()
  const changed = await ask('PUT', '/trunks/1', described, '*')
  expect(changed.value.settings).toEqual({ ...described, kept: true })
})

test.each([
  ['POST', '/trunks', { name: 'own', ...described }, 409, 'there is such a trunk already'],
  [
    'POST',
    '/trunks',
    { name: 'a/b', ...described },
    400,
    'name: must be 1-64 letters, digits, dots, dashes or underscores',
  ],
  ['POST', '/trunks', { name: 'new' }, 400, 'gateways: must have an entry'],
  ['PUT', '/trunks/1', {}, 400, 'gateways: must have an entry'],
  ['PUT', '/trunks/2', described, 409, 'the trunk is declared in parley.yaml'],
  ['DELETE', '/trunks/2', undefined, 409, 'the trunk is declared in parley.yaml'],
  ['POST', '/trunks/2/disable', undefined, 409, 'the trunk is declared in parley.yaml'],
  ['GET', '/trunks/99', undefined, 404, 'no such trunk'],
  ['GET', '/trunks/x', undefined, 404, 'no such trunk'],
  ['GET', '/trunks/-1', undefined, 404, 'no such trunk'],
  ['GET', '/trunks/99/status', undefined, 404, 'no such trunk'],
  ['GET', '/trunks?cursor=xx', undefined, 400, 'the cursor is none of ours'],
  ['GET', '/trunks?sdkAppId=1', undefined, 404, 'no such application'],
  ['POST', '/numbers', { trunkId: 99, number: '4711' }, 404, 'no such trunk'],
  ['POST', '/numbers', { trunkId: 2, number: '4711' }, 409, 'the trunk is declared in parley.yaml'],
  ['POST', '/numbers', { trunkId: 1, number: ownNumber }, 409, 'there is such a number already'],
  ['POST', '/numbers', { trunkId: 1, number: 'x' }, 400, 'number: must be digits, with or without a leading +'],
  ['POST', '/numbers', { trunkId: 1, number: '4711', assistant: 'x' }, 400, noAssistant],
  ['PUT', '/numbers/99', { assistant: 'constructor' }, 400, noAssistant],
  ['PUT', '/numbers/99', { assistant: 'sales' }, 404, 'no such number'],
  ['PUT', '/numbers/99', {}, 404, 'no such number'],
  ['DELETE', '/numbers/99', undefined, 404, 'no such number'],
] as const)('%s %s %j is answered %i', async (method, path, body, status, title) => {
  expect(await house().ask(method, path, body, '*')).toMatchObject({ status, value: { title } })
})

test('numbers come onto a trunk, are changed, switched off and taken off', async () => {
  const { ask } = house()
  const made = await ask('POST', '/numbers', { trunkId: 1, number: '+4711', maxConcurrent: 2, outbound: false })
  expect(made).toMatchObject({
    status: 201,
    value: { number: '+4711', trunkId: 1, maxConcurrent: 2, inbound: true, outbound: false },
  })
  const path = (made.location ?? '').toString().replace('/v1', '')
  expect((await ask('PUT', path, { maxCps: 5 }, '*')).value).toMatchObject({ maxCps: 5, inbound: true, outbound: true })
  expect((await ask('POST', `${path}/disable`)).value).toMatchObject({ enabled: false })
  expect((await ask('GET', '/numbers')).value.numbers).toHaveLength(2)
  expect(await ask('DELETE', path, undefined, '*')).toMatchObject({ status: 204 })
  expect((await ask('GET', '/numbers?limit=1')).value).toMatchObject({ numbers: [{ number: ownNumber }] })
})

test('a number shows which server is asked about its calls, and of the address nothing else', async () => {
  const { ask, registry } = house()
  await registry.bindCallIn(applicationId(appId), ownNumber, 'https://desk.test:8443/who/s3cret?token=s3cret')
  const { value } = await ask('GET', '/numbers')
  expect(value.numbers).toMatchObject([{ number: ownNumber, callInServer: 'https://desk.test:8443' }])
  expect(JSON.stringify(value)).not.toContain('s3cret')
  await registry.bindCallIn(applicationId(appId), ownNumber, undefined)
  expect((await ask('GET', '/numbers')).value.numbers[0]).not.toHaveProperty('callInServer')
})

test('pages of trunks follow one another', async () => {
  const { ask } = house()
  const first = (await ask('GET', '/trunks?limit=1')).value
  expect(first.trunks.map(({ id }: { id: number }) => id)).toEqual([1])
  const second = (await ask('GET', `/trunks?limit=1&cursor=${first.nextCursor}`)).value
  expect(second.trunks.map(({ id }: { id: number }) => id)).toEqual([2])
  expect(second.nextCursor).toBeUndefined()
})

test('the status of an own trunk has gateways and failures, that of a shared one only whether it works', async () => {
  const { ask } = house()
  expect((await ask('GET', '/trunks/1/status')).value).toEqual({
    ...{ id: 1, enabled: true, callsNow: 0, up: true, registered: true, lastFailure: '503 Busy' },
    gateways: [
      { transport: 'udp', host: '192.0.2.1', port: 5060, up: true, answers: 3, failures: 1, lastFailure: '503 Busy' },
    ],
  })
  expect((await ask('GET', '/trunks/2/status')).value).toEqual({
    id: 2,
    enabled: true,
    callsNow: 0,
    up: true,
    registered: true,
  })
  expect((await ask('GET', '/trunks/2')).value).toEqual({ id: 2, name: 'shared', declared: true, enabled: true })
})

test("what is another application's is not there", async () => {
  const { ask } = house(appId + 1)
  expect((await ask('GET', '/trunks')).value.trunks).toHaveLength(1)
  expect((await ask('GET', '/numbers')).value.numbers).toEqual([])
  expect((await ask('GET', '/trunks/1')).value).toEqual((await ask('GET', '/trunks/99')).value)
})
