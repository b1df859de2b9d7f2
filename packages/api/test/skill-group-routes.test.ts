import { expect, test } from 'vitest'
import { appId } from './api-house.ts'
import { managementHouse, otherApp } from './management-house.ts'
import { tc3Headers } from './signed-inject.ts'

const url = '/v1/skill-groups'
const main = { number: '+8613900000001', trunk: 'main' }

/** Asks for actions of `appId` by signature, with the admin's key. */
function houseWithActions() {
  const house = managementHouse()
  const act = async (action: string, parameters: object, application = appId) => {
    const payload = JSON.stringify({ SdkAppId: application, ...parameters })
    const who = application === appId ? 'admin' : 'foreigner'
    const headers = tc3Headers(action, payload, {}, { secretId: who, secretKey: `${who}-secret` })
    return (await house.api.server.inject({ method: 'POST', url: '/', payload, headers })).json().Response
  }
  const groups = async (application = appId) =>
    (await act('DescribeSkillGroupInfoList', { PageSize: 10, PageNumber: 0 }, application)).SkillGroupList.map(
      ({ SkillGroupName }: { SkillGroupName: string }) => SkillGroupName,
    )
  return { ...house, act, groups }
}

test('a group is made with defaults, changed for its version, and deleted', async () => {
  const { ask, groups } = houseWithActions()
  const made = await ask('admin', 'POST', url, { body: { name: 'support', targets: [main] } })
  expect([made.statusCode, made.json()]).toMatchObject([201, { mode: 'bridge', ringMs: 25_000, targets: [main] }])
  expect(await groups()).toEqual(['sales', 'support'])
  const at = String(made.headers.location)
  const changed = await ask('admin', 'PATCH', at, { body: { name: 'help' }, ifMatch: String(made.headers.etag) })
  expect([changed.statusCode, changed.json().name, changed.json().targets]).toEqual([200, 'help', [main]])
  const late = await ask('admin', 'PATCH', at, { body: { name: 'x' }, ifMatch: String(made.headers.etag) })
  expect(late.statusCode).toBe(412)
  expect((await ask('viewer', 'GET', at)).json()).toEqual(changed.json())
  expect((await ask('admin', 'DELETE', at)).statusCode).toBe(204)
  expect((await ask('admin', 'GET', at)).statusCode).toBe(404)
  expect(await groups()).toEqual(['sales'])
})

test('groups of parley.yaml are shown and not changed, and their names are taken', async () => {
  const { ask, act } = houseWithActions()
  const { skillGroups } = (await ask('viewer', 'GET', url)).json()
  expect(skillGroups).toEqual([{ id: 7, name: 'sales', declared: true }])
  const change = await ask('admin', 'PATCH', `${url}/7`, { body: { name: 'x' }, ifMatch: '*' })
  expect([change.statusCode, change.json().title]).toEqual([409, 'the skill group is declared in parley.yaml'])
  expect((await ask('admin', 'DELETE', `${url}/7`)).statusCode).toBe(409)
  expect((await ask('admin', 'POST', url, { body: { name: 'sales' } })).statusCode).toBe(409)
  expect((await act('DeleteCCCSkillGroup', { SkillGroupId: 7 })).Error.Code).toBe('UnsupportedOperation')
  expect((await act('UpdateCCCSkillGroup', { SkillGroupID: 7 })).Error.Code).toBe('UnsupportedOperation')
})

test("another application's groups are not there, whether declared or made", async () => {
  const { ask, act, groups } = houseWithActions()
  const at = String((await ask('admin', 'POST', url, { body: { name: 'support' } })).headers.location)
  const id = Number(at.split('/').at(-1))
  for (const foreign of [at, `${url}/7`]) {
    const missing = await ask('foreigner', 'GET', `${url}/999`)
    expect((await ask('foreigner', 'GET', foreign)).body).toBe(missing.body)
    const change = { body: { name: 'x' }, ifMatch: '*' }
    expect((await ask('foreigner', 'PATCH', foreign, change)).statusCode).toBe(404)
    expect((await ask('foreigner', 'DELETE', foreign)).body).toBe(missing.body)
  }
  for (const foreign of [id, 7, 999]) {
    const refused = await act('DeleteCCCSkillGroup', { SkillGroupId: foreign }, otherApp)
    expect(refused.Error.Code).toBe('InvalidParameterValue.SkillGroupError')
  }
  expect((await ask('foreigner', 'GET', url)).json()).toEqual({ skillGroups: [] })
  expect(await groups(otherApp)).toEqual([])
  expect((await ask('installation', 'GET', url)).statusCode).toBe(400)
  expect((await ask('installation', 'GET', `${url}?sdkAppId=${appId}`)).json().skillGroups).toHaveLength(2)
})

test('actions make, rename and delete groups; a name is given once', async () => {
  const { act, groups } = houseWithActions()
  const create = (name: string) => act('CreateCCCSkillGroup', { SkillGroupName: name, SkillGroupType: 0 })
  const { SkillGroupId } = await create('support')
  for (const name of ['support', 'sales']) {
    expect((await create(name)).Error.Code).toBe('InvalidParameterValue.SkillGroupExist')
  }
  const rename = (SkillGroupName: string) => act('UpdateCCCSkillGroup', { SkillGroupID: SkillGroupId, SkillGroupName })
  expect((await rename('help')).Error).toBeUndefined()
  expect((await rename('sales')).Error.Code).toBe('InvalidParameterValue.SkillGroupExist')
  expect(await groups()).toEqual(['sales', 'help'])
  expect((await act('DeleteCCCSkillGroup', { SkillGroupId })).Error).toBeUndefined()
  expect((await act('DeleteCCCSkillGroup', { SkillGroupId })).Error.Code).toBe('InvalidParameterValue.SkillGroupError')
})

test.each([
  [{}, 'name'],
  [{ name: '' }, 'name'],
  [{ name: 'x', targets: [{ trunk: 'main' }] }, 'targets.0'],
  [{ name: 'x', targets: [main, { number: '12', sip: 'sip:a@b', trunk: 'main' }] }, 'targets.1'],
  [{ name: 'x', targets: [{ number: 'abc', trunk: 'main' }] }, 'targets.0.number'],
  [{ name: 'x', targets: [{ number: '123', trunk: 'elsewhere' }] }, 'targets.0.trunk'],
  [{ name: 'x', mode: 'carrier pigeon' }, 'mode'],
  [{ name: 'x', ringMs: 1 }, 'ringMs'],
])('a group %j is refused at %s', async (body, field) => {
  const { ask } = managementHouse()
  const answer = await ask('admin', 'POST', url, { body })
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field])
})
