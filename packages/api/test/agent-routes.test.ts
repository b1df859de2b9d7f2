import { applicationId, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { agentDraft } from '../src/agents/agent-settings.ts'
import { apiHouse, appId, secretId, secretKey } from './api-house.ts'
import { someAgent } from './fake-agent-book.ts'

const other = { applicationId: applicationId(7), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] }
const settings = { LLMType: 'openai', APIKey: 'sk-1', APIUrl: 'http://127.0.0.1:9/v1', SystemPrompt: 'Serve {{shop}}.' }
const custom = '{"TTSType":"custom","APIKey":"k-voice","APIUrl":"http://127.0.0.1/"}'

function house() {
  const own = {
    applicationId: applicationId(appId),
    keys: [{ secretId, secretKey: new Secret(secretKey) }],
  }
  const built = apiHouse({ applications: [own, other], skillGroups: [{ id: 1, name: 'desk' }] })
  const basic = (id: string, key: string) => `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`
  const ask = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    more: Readonly<Record<string, string>> = {},
  ) => {
    const answer = await built.api.server.inject({
      method,
      url: `/v1/agents${path}`,
      headers: { authorization: basic(secretId, secretKey), 'content-type': 'application/json', ...more },
      ...(body && { payload: JSON.stringify(body) }),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? {} : answer.json() }
  }
  const make = (change: object = {}) => ask('POST', '', { name: 'sales', settings: { ...settings, ...change } })
  return { ...built, ask, make, stranger: { authorization: basic('other', 'other-key') } }
}
const match = (version: number | string) => ({ 'if-match': `"${version}"` })

test('an agent is made, read, and shows the names of its secrets but never them', async () => {
  const { make, ask, agents, logger } = house()
  const made = await make({ CustomTTSConfig: custom })
  expect(made).toMatchObject({
    status: 201,
    headers: { etag: '"1"', location: `/v1/agents/${made.body.id}` },
    body: { sdkAppId: appId, name: 'sales', version: 1, latestVersion: 1, variables: ['shop'], declared: false },
  })
  expect(made.body.secrets.toSorted()).toEqual(['APIKey', 'CustomTTSConfig'])
  const read = await ask('GET', `/${made.body.id}`)
  expect(read).toMatchObject({ status: 200, body: made.body, headers: { etag: '"1"' } })
  const versions = await ask('GET', `/${made.body.id}/versions`)
  expect(versions.body.versions).toMatchObject([{ version: 1, settings: { SystemPrompt: 'Serve {{shop}}.' } }])
  const list = await ask('GET', '')
  for (const { body } of [made, read, versions, list]) expect(JSON.stringify(body)).not.toMatch(/sk-1|k-voice/)
  expect(logger.lines.join('\n')).not.toMatch(/sk-1|k-voice/)
  expect((await agents.find(applicationId(appId), made.body.id))?.secrets?.APIKey?.reveal()).toBe('sk-1')
})

test('a change makes the next version, keeps secrets it does not name, and takes away those that are null', async () => {
  const { make, ask, agents } = house()
  const { id } = (await make({ CustomTTSConfig: custom })).body
  const { APIKey: _, ...open } = settings
  const changed = await ask('PUT', `/${id}`, { name: 'new', settings: { ...open, CustomTTSConfig: null } }, match(1))
  expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { version: 2, name: 'new' } })
  expect(changed.body.secrets).toEqual(['APIKey'])
  expect((await agents.find(applicationId(appId), id))?.secrets?.APIKey?.reveal()).toBe('sk-1')
})

test('a version can wait, be published, and an earlier one be published again', async () => {
  const { make, ask } = house()
  const { id } = (await make()).body
  const draft = await ask('PUT', `/${id}`, { name: 'draft', settings, publish: false }, match(1))
  expect(draft.body).toMatchObject({ version: 1, latestVersion: 2, name: 'sales' })
  expect((await ask('POST', `/${id}/publish`, { version: 2 }, match(2))).body).toMatchObject({ version: 2 })
  expect((await ask('POST', `/${id}/publish`, { version: 1 }, match(3))).body).toMatchObject({ version: 1 })
  expect((await ask('POST', `/${id}/publish`, { version: 9 }, match(4))).status).toBe(404)
})

test('whoever changes an agent says which state of it was seen', async () => {
  const { make, ask } = house()
  const { id } = (await make()).body
  const change = { name: 'n', settings }
  expect((await ask('PUT', `/${id}`, change)).status).toBe(428)
  expect((await ask('PUT', `/${id}`, change, match(9))).status).toBe(412)
  expect((await ask('DELETE', `/${id}`, undefined, match('x'))).status).toBe(412)
  expect((await ask('PUT', `/${id}`, change, { 'if-match': '*' })).status).toBe(200)
  expect((await ask('DELETE', `/${id}`, undefined, match(2))).status).toBe(204)
  expect((await ask('GET', `/${id}`)).status).toBe(404)
})

test("another application's agent does not exist, whatever is asked of it", async () => {
  const { make, ask, agents, stranger } = house()
  const { id } = (await make()).body
  const requests = [
    ['GET', ''],
    ['PUT', '', { name: 'n', settings }],
    ['DELETE', ''],
    ['GET', '/versions'],
    ['POST', '/publish', { version: 1 }],
  ] as const
  for (const [method, path, body] of requests) {
    const headers = { ...stranger, 'if-match': '*' }
    const foreign = await ask(method, `/${id}${path}`, body, headers)
    const missing = await ask(method, `/${id + 1}${path}`, body, headers)
    expect(foreign).toMatchObject({ status: 404, body: missing.body })
    expect((await ask(method, `/${id}${path}?sdkAppId=${appId}`, body, headers)).status).toBe(404)
  }
  expect((await ask('GET', '', undefined, stranger)).body).toEqual({ agents: [] })
  expect(await agents.get(applicationId(appId), id)).toMatchObject({ revision: 1 })
})

test('what the file declares is shown and not changed here', async () => {
  const { ask, agents } = house()
  agents.add(appId, 7, someAgent, true)
  expect((await ask('GET', '/7')).body).toMatchObject({ id: 7, declared: true })
  const any = { 'if-match': '*' }
  const answers = [
    await ask('PUT', '/7', { name: 'n', settings }, any),
    await ask('DELETE', '/7', undefined, any),
    await ask('POST', '/7/publish', { version: 1 }, any),
  ]
  for (const { status, body } of answers) {
    expect([status, body.title]).toEqual([409, 'the agent is declared in parley.yaml and is changed there'])
  }
})

test('pages of agents follow each other', async () => {
  const { ask, agents } = house()
  const draft = agentDraft('n', settings, true)
  for (const id of [3, 1, 2]) agents.add(appId, id, draft)
  const first = (await ask('GET', '?limit=2')).body
  const second = (await ask('GET', `?limit=2&cursor=${first.nextCursor}`)).body
  const ids = (page: { agents: { id: number }[] }) => page.agents.map(({ id }) => id)
  expect([ids(first), ids(second), second.nextCursor]).toEqual([[1, 2], [3], undefined])
  expect((await ask('GET', '?cursor=xyz')).status).toBe(400)
})

test.each([
  [{ VadSilenceTime: 1 }, '`VadSilenceTime`'],
  [{ Colour: 'red' }, '`Colour`'],
  [{ LLMType: 'parrot' }, '`LLMType`'],
  [{ APIKey: null }, '`APIKey`'],
  [
    {
      TransferFunctionEnable: true,
      TransferItems: [{ TransferFunctionName: 'a', TransferFunctionDesc: '', TransferSkillGroupId: 9 }],
    },
    '`TransferItems.0.TransferSkillGroupId`',
  ],
  [
    {
      TransferToAgentEnable: true,
      TransferToAgentItems: [{ TransferToAgentName: 'a', TransferToAgentDesc: '', TransferToAgentId: 9 }],
    },
    '`TransferToAgentItems.0.TransferToAgentId`',
  ],
  [{ Variables: [{ Key: 'parley-analysis', Value: 'maybe' }] }, 'parley-analysis'],
])('an agent with %j is refused, naming %s', async (change, field) => {
  const { make } = house()
  const { status, body } = await make(change)
  expect([status, body.errors[0].in, body.errors[0].field]).toEqual([400, 'body', 'settings'])
  expect(body.title).toContain(field)
})

test('nobody gets in without a key', async () => {
  const { ask } = house()
  expect((await ask('GET', '', undefined, { authorization: 'Basic x' })).status).toBe(401)
})
