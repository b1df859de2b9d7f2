import { type AfterCallPlan, type CallEventBody, type CallId, silentLogger } from '@parley/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '../src/index.ts'
import { realClock, realRandom } from './support/real-time.ts'
import {
  assistant,
  event,
  newCall,
  openTestStore,
  recordingsDir,
  stranger,
  tenant,
  trunk,
} from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const plan: AfterCallPlan = { extract: [{ kind: 'text', name: 'name' }], analyse: true }
const result = { extracted: { name: 'Jane' }, analysis: { summary: 'A call.', mood: null, intention: null } }

describe.each(serverVersions)('work on calls that are over, on %s', (version) => {
  let url: string
  let store: Store
  let stop: AbortController
  let dispatching: Promise<void>

  beforeAll(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  beforeEach(async () => {
    await ask(url, 'drop schema public cascade; create schema public')
    store = await openTestStore(url)
    await store.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('one', 10, 1_000)] })
    stop = new AbortController()
    dispatching = store.dispatch({ owner: 'engine', control: { place: async () => {} }, signal: stop.signal })
  })
  afterEach(async () => {
    stop.abort()
    await dispatching
    await store[Symbol.asyncDispose]()
  })

  async function endedCall(afterCall: AfterCallPlan | undefined, isAnswered = true): Promise<CallId> {
    const call = newCall({ assistant: { ...assistant, ...(afterCall ? { afterCall } : {}) } })
    await store.intake.create(call)
    const ended: CallEventBody = { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }
    const bodies: readonly CallEventBody[] = isAnswered ? [{ type: 'call.answered' }, ended] : [ended]
    await store.journal.append(bodies.map((body, seq) => event(call.callId, seq, Date.now() + seq, body)))
    return call.callId
  }
  const secrets = () =>
    ask(url, 'select 1 from calls where sealed is not null union all select 1 from call_jobs where sealed is not null')
  const makeDue = () => ask(url, "update call_jobs set due_at = clock_timestamp() - interval '1 second'")

  test('tags the model decided on are in the record of the call, once it has', async () => {
    const id = await endedCall({ extract: [], analyse: false, tags: [{ name: 'interest', values: ['high', 'low'] }] })
    expect((await store.records.find(tenant, id))?.tags).toBeUndefined()
    const job = await store.afterCallJobs.claim()
    const tags = [{ name: 'interest', value: 'high' }]
    if (job) await store.afterCallJobs.finish(job, { extracted: {}, tags })
    const query = { applicationId: tenant, fromMs: 0, toMs: Date.now() + 60_000, limit: 10, offset: 0 }
    const { calls } = await store.records.list(query)
    const seen = [await store.records.find(tenant, id), ...calls, ...(await store.records.page(query))]
    expect(seen.map((record) => record?.tags)).toEqual([tags, tags, tags])
    expect(await store.records.afterCall(tenant, id)).toMatchObject({ state: 'done', result: { tags } })
  })

  test('a job has its plan and its key, is handed out once, and keeps its answer but not its key', async () => {
    const id = await endedCall(plan)
    expect(await store.records.afterCall(tenant, id)).toEqual({ plan, state: 'pending' })
    const [one, two] = await Promise.all([store.afterCallJobs.claim(), store.afterCallJobs.claim()])
    const job = one ?? two
    expect([one, two]).toContain(undefined)
    expect(job).toMatchObject({ callId: id, applicationId: tenant, plan, attempt: 1 })
    expect(job?.model.apiKey.reveal()).toBe('sk-very-secret')
    expect(await secrets()).toHaveLength(1)
    if (job) await store.afterCallJobs.finish(job, result)
    expect(await store.records.afterCall(tenant, id)).toEqual({ plan, state: 'done', result })
    expect(await store.records.afterCall(stranger, id)).toBeUndefined()
    expect(await secrets()).toEqual([])
  })

  test('calls without a plan, or without an answer, make no work and keep no key', async () => {
    const silent = await endedCall(undefined)
    const missed = await endedCall(plan, false)
    expect(await store.afterCallJobs.claim()).toBeUndefined()
    expect(await store.records.afterCall(tenant, silent)).toBeUndefined()
    expect(await store.records.afterCall(tenant, missed)).toEqual({ plan, state: 'failed' })
    expect(await secrets()).toEqual([])
  })

  test('work whose engine died is handed out again, and the dead engine cannot write any more', async () => {
    const id = await endedCall(plan)
    const dead = await store.afterCallJobs.claim()
    await makeDue()
    const next = await store.afterCallJobs.claim()
    expect(next).toMatchObject({ callId: id, attempt: 2 })
    if (dead) await store.afterCallJobs.finish(dead, { extracted: { name: 'late' } })
    expect(await store.records.afterCall(tenant, id)).toMatchObject({ state: 'pending' })
    if (next) await store.afterCallJobs.finish(next, result)
    expect(await store.records.afterCall(tenant, id)).toMatchObject({ result })
  })

  test('work that is given back comes again, six times at most, and then leaves no key', async () => {
    const id = await endedCall(plan)
    let attempts = 0
    for (let job = await store.afterCallJobs.claim(); job; job = await store.afterCallJobs.claim()) {
      attempts += 1
      await store.afterCallJobs.giveBack(job, { code: 'LLM_TIMEOUT', afterMs: 60_000 })
      expect(await store.afterCallJobs.claim()).toBeUndefined()
      await makeDue()
    }
    expect(attempts).toBe(6)
    expect(await store.records.afterCall(tenant, id)).toEqual({ plan, state: 'failed' })
    expect(await secrets()).toEqual([])
  })

  test('engines that die of it do not take it up for ever', async () => {
    const id = await endedCall(plan)
    let attempts = 0
    for (let job = await store.afterCallJobs.claim(); job; job = await store.afterCallJobs.claim()) {
      attempts += 1
      await makeDue()
    }
    expect(attempts).toBe(6)
    expect(await store.records.afterCall(tenant, id)).toMatchObject({ state: 'failed' })
    expect(await secrets()).toEqual([])
  })

  test('with another master key the work fails and is not tried again', async () => {
    const id = await endedCall(plan)
    const key = { masterKey: new Uint8Array(32).fill(8), recordingsDir: recordingsDir() }
    const tools = { clock: realClock, random: realRandom, logger: silentLogger }
    await using other = await openStore({ ...tools, ...key, connection: { url } })
    expect(await other.afterCallJobs.claim()).toBeUndefined()
    expect(await store.records.afterCall(tenant, id)).toMatchObject({ state: 'failed' })
  })
})
