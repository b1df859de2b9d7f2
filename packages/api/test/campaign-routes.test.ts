import { applicationId, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { readCsv } from '../src/do-not-call/read-csv.ts'
import { apiHouse, appId, secretId, secretKey } from './api-house.ts'
import { FakeDoNotCall } from './fake-do-not-call.ts'
import { someCampaign } from './some-campaign.ts'

function house() {
  const doNotCall = new FakeDoNotCall()
  const built = apiHouse({
    doNotCall,
    applications: [
      { applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] },
      { applicationId: applicationId(7), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] },
    ],
  })
  built.campaigns.kept.push(someCampaign)
  const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: string, user = `${secretId}:${secretKey}`) =>
    built.api.server.inject({
      method,
      url,
      headers: { authorization: `Basic ${btoa(user)}`, ...(body ? { 'content-type': 'text/csv' } : {}) },
      ...(body ? { body } : {}),
    })
  return { ...built, doNotCall, ask }
}

const stranger = 'other:other-key'

test('a campaign is shown with how far it is', async () => {
  const { ask } = house()
  expect((await ask('GET', '/v1/campaigns/1')).json()).toMatchObject({
    id: 1,
    name: 'spring',
    state: 'running',
    reason: null,
    agentId: 7,
    callees: 2,
    progress: { total: 2, waiting: 2, answered: 0, failed: {}, answerRate: null },
  })
})

test('campaigns and callees come page by page', async () => {
  const { ask, campaigns } = house()
  campaigns.kept.push({ ...someCampaign, campaignId: 2 })
  const first = (await ask('GET', '/v1/campaigns?limit=1')).json()
  expect(first.campaigns).toMatchObject([{ id: 2 }])
  const second = (await ask('GET', `/v1/campaigns?limit=1&cursor=${first.nextCursor}`)).json()
  expect(second.campaigns).toMatchObject([{ id: 1 }])
  expect(second.nextCursor).toBeUndefined()
  const callees = (await ask('GET', '/v1/campaigns/1/callees?limit=1')).json()
  expect(callees.callees).toMatchObject([{ callee: '008613000000000', state: 'initial', callIds: [] }])
  const rest = (await ask('GET', `/v1/campaigns/1/callees?limit=1&cursor=${callees.nextCursor}`)).json()
  expect(rest.callees).toMatchObject([{ callee: '008613000000001' }])
  expect((await ask('GET', '/v1/campaigns?cursor=nonsense')).statusCode).toBe(400)
})

test.each(['pause', 'resume', 'stop'] as const)(
  'a campaign obeys %s, or says that its state does not allow it',
  async (command) => {
    const { ask, campaigns } = house()
    expect((await ask('POST', `/v1/campaigns/1/${command}`)).statusCode).toBe(200)
    expect(campaigns.commands).toEqual([{ campaignId: 1, command }])
    campaigns.answer = 'wrongState'
    expect((await ask('POST', `/v1/campaigns/1/${command}`)).statusCode).toBe(409)
  },
)

test('a campaign of another application is not there', async () => {
  const { ask, campaigns } = house()
  const addresses = [
    ['GET', ''],
    ['GET', '/callees'],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/stop'],
  ] as const
  for (const [method, end] of addresses) {
    const foreign = await ask(method, `/v1/campaigns/1${end}`, undefined, stranger)
    const missing = await ask(method, `/v1/campaigns/99${end}`)
    expect([foreign.statusCode, foreign.body]).toEqual([404, missing.body])
  }
  expect(campaigns.commands).toEqual([])
  expect((await ask('GET', '/v1/campaigns', undefined, stranger)).json()).toEqual({ campaigns: [] })
})

test('numbers are put on the list, found, listed and taken off, for one application', async () => {
  const { ask } = house()
  const added = await ask(
    'POST',
    '/v1/do-not-call',
    JSON.stringify({ numbers: ['+493011111', '+493022222'], note: 'asked' }),
  )
  expect(added.json()).toEqual({ added: 2 })
  expect((await ask('GET', '/v1/do-not-call/%2B493011111')).json()).toEqual({
    number: '+493011111',
    isBlocked: true,
    list: 'application',
  })
  expect((await ask('GET', '/v1/do-not-call/%2B493011111', undefined, stranger)).json()).toMatchObject({
    isBlocked: false,
  })
  const first = (await ask('GET', '/v1/do-not-call?limit=1')).json()
  expect(first.numbers).toMatchObject([{ number: '+493011111', note: 'asked' }])
  expect((await ask('GET', '/v1/do-not-call?cursor=none-of-ours')).statusCode).toBe(400)
  expect((await ask('GET', `/v1/do-not-call?limit=1&cursor=${first.nextCursor}`)).json().numbers).toMatchObject([
    { number: '+493022222' },
  ])
  expect((await ask('DELETE', '/v1/do-not-call/%2B493011111', undefined, stranger)).statusCode).toBe(404)
  expect((await ask('DELETE', '/v1/do-not-call/%2B493011111')).statusCode).toBe(204)
  expect((await ask('GET', '/v1/do-not-call/%2B493011111')).json()).toMatchObject({ isBlocked: false, list: null })
  expect((await ask('POST', '/v1/do-not-call', JSON.stringify({ numbers: ['no number'] }))).statusCode).toBe(400)
})

test('a declared number is not taken off', async () => {
  const { ask, doNotCall } = house()
  doNotCall.declared.add('110')
  expect((await ask('DELETE', '/v1/do-not-call/110')).statusCode).toBe(409)
})

test('a CSV file is read line by line', async () => {
  const { ask, doNotCall } = house()
  const csv = 'number,note\r\n+49 (30) 1-1,"asked, twice"\r\n\r\nnobody at all\r\n0049302\r\n'
  expect((await ask('POST', '/v1/do-not-call/import', csv)).json()).toEqual({ added: 2, faultyLines: [4] })
  expect([...(doNotCall.lists.get(applicationId(appId)) ?? [])]).toEqual([
    ['+493011', 'asked, twice'],
    ['0049302', ''],
  ])
  expect((await ask('POST', '/v1/do-not-call/import', 'nothing here')).statusCode).toBe(400)
  expect(readCsv('"+493011";"say ""no"""').entries).toEqual([{ number: '+493011', note: 'say "no"' }])
})
