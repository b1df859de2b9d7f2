import { type AgentDraft, firstMadeAgentId, Secret } from '@parley/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { assistant, event, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const sales: AgentDraft = {
  name: 'sales',
  settings: { SystemPrompt: 'Sell.', Languages: ['en'] },
  secrets: { APIKey: new Secret('sk-agent-secret') },
}
const put = (draft: AgentDraft, publish = true) => ({ kind: 'put', draft, publish }) as const

describe.each(serverVersions)('stored agents on %s', (version) => {
  let url: string
  let store: Store
  const agents = () => store.agents

  beforeAll(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  beforeEach(async () => {
    await ask(url, 'drop schema public cascade; create schema public')
    store = await openTestStore(url)
  })
  afterEach(() => store[Symbol.asyncDispose]())

  const declare = (declared: readonly (AgentDraft & { agentId: number })[], applicationId = tenant) =>
    store.configure({
      applications: [{ applicationId: tenant }],
      trunks: [trunk('one', 10, 1_000)],
      agents: declared.map((agent) => ({ applicationId, ...agent })),
    })

  test('an agent is found by its application alone, with its secrets, which lie in the database sealed', async () => {
    const { agentId } = await agents().create(tenant, sales)
    const found = await agents().find(tenant, agentId)
    expect(found).toMatchObject({ agentId, name: 'sales', version: 1, settings: sales.settings })
    expect(found?.secrets?.APIKey?.reveal()).toBe('sk-agent-secret')
    expect(await agents().find(stranger, agentId)).toBeUndefined()
    expect(await agents().versions(stranger, agentId)).toBeUndefined()
    expect(await agents().list(stranger, { limit: 10 })).toEqual({ total: 0, agents: [] })
    expect(await agents().change(stranger, agentId, undefined, { kind: 'delete' })).toEqual({ kind: 'notFound' })
    const dump = await ask(url, "select settings::text || encode(sealed, 'escape') as text from agent_versions")
    expect(JSON.stringify(dump)).not.toContain('sk-agent-secret')
  })

  test('secrets of one agent do not open as those of another, or of another version', async () => {
    const one = await agents().create(tenant, sales)
    const two = await agents().create(tenant, { ...sales, secrets: { APIKey: new Secret('other') } })
    await ask(url, 'update agent_versions v set sealed = (select sealed from agent_versions where agent_id = $1)', [
      one.agentId,
    ])
    await expect(agents().find(tenant, two.agentId)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('versions never change; calls use the published one, an earlier one too', async () => {
    const { agentId } = await agents().create(tenant, sales)
    const hard = { ...sales, name: 'hard sales', settings: { SystemPrompt: 'Sell more.' } }
    expect(await agents().change(tenant, agentId, 1, put(hard, false))).toMatchObject({
      kind: 'changed',
      agent: { version: 1, latestVersion: 2, revision: 2 },
    })
    expect(await agents().find(tenant, agentId)).toMatchObject({ version: 1, name: 'sales' })
    await agents().change(tenant, agentId, undefined, { kind: 'publish', version: 2 })
    expect(await agents().find(tenant, agentId)).toMatchObject({ version: 2, settings: hard.settings })
    await agents().change(tenant, agentId, undefined, { kind: 'publish', version: 1 })
    expect(await agents().find(tenant, agentId)).toMatchObject({ version: 1, settings: sales.settings })
    await agents().change(tenant, agentId, undefined, put(hard))
    expect((await agents().versions(tenant, agentId))?.map(({ version, name }) => [version, name])).toEqual([
      [3, 'hard sales'],
      [2, 'hard sales'],
      [1, 'sales'],
    ])
    expect(await agents().change(tenant, agentId, undefined, { kind: 'publish', version: 4 })).toEqual({
      kind: 'noSuchVersion',
    })
  })

  test('of two who change the revision they saw, one is told of the conflict', async () => {
    const { agentId, revision } = await agents().create(tenant, sales)
    const results = await Promise.all([1, 2].map(() => agents().change(tenant, agentId, revision, put(sales))))
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'conflict'])
  })

  test('ids of one application follow each other, whoever else makes agents, and are not given again', async () => {
    const made = await Promise.all([1, 2, 3].map(() => agents().create(tenant, sales)))
    const other = await agents().create(stranger, sales)
    const ids = made.map(({ agentId }) => agentId).toSorted()
    expect(ids).toEqual([0, 1, 2].map((more) => firstMadeAgentId + more))
    expect(other.agentId).toBe(firstMadeAgentId)
    await agents().change(tenant, ids[2] ?? 0, undefined, { kind: 'delete' })
    expect(await agents().find(tenant, ids[2] ?? 0)).toBeUndefined()
    expect((await agents().create(tenant, sales)).agentId).toBe(firstMadeAgentId + 3)
    expect(await agents().list(tenant, { limit: 1, afterId: ids[0] ?? 0 })).toMatchObject({
      total: 3,
      agents: [{ agentId: ids[1] }],
    })
  })

  test('what the configuration declares belongs to it: a new text is a new version, the same text is none', async () => {
    await declare([{ agentId: 7, ...sales }])
    await declare([{ agentId: 7, ...sales, settings: { Languages: ['en'], SystemPrompt: 'Sell.' } }])
    expect(await agents().get(tenant, 7)).toMatchObject({ version: 1, revision: 1, declared: true })
    await declare([{ agentId: 7, ...sales, secrets: { APIKey: new Secret('sk-new') } }])
    expect(await agents().find(tenant, 7)).toMatchObject({ version: 2 })
    expect(await agents().change(tenant, 7, undefined, { kind: 'delete' })).toEqual({ kind: 'declared' })
    const made = await agents().create(tenant, sales)
    await declare([])
    expect(await agents().find(tenant, 7)).toBeUndefined()
    expect(await agents().find(tenant, made.agentId)).toBeDefined()
    await declare([{ agentId: 7, ...sales }])
    expect(await agents().find(tenant, 7)).toMatchObject({ version: 3 })
  })

  test('a call knows the agents that held it, in order, whatever comes twice or late', async () => {
    await declare([])
    const agent = { agentId: 7, name: 'sales', version: 2 }
    const call = newCall({ assistant: { ...assistant, agent, variables: { name: 'secret-of-jane' } }, uui: 'order 9' })
    const stop = new AbortController()
    const placed = Promise.withResolvers<unknown>()
    const control = { place: async (spec: unknown) => placed.resolve(spec) }
    const dispatching = store.dispatch({ owner: 'engine', control, signal: stop.signal })
    await store.intake.create(call)
    expect(await placed.promise).toMatchObject({ assistant: { agent, variables: { name: 'secret-of-jane' } } })
    const [row] = await ask<{ spec: string }>(url, 'select spec::text as spec from calls')
    expect(row?.spec).not.toContain('secret-of-jane')
    const joined = [9, 8].map((agentId, at) =>
      event(call.callId, 3 - at, 1_000, { type: 'agent.joined', agentId, name: `n${agentId}`, version: 1 }),
    )
    for (const one of [...joined, ...joined]) await store.journal.append([one])
    const record = await store.records.find(tenant, call.callId)
    expect(record).toMatchObject({ uui: 'order 9', agents: [agent, { agentId: 8 }, { agentId: 9 }] })
    stop.abort()
    await dispatching
  })
})
