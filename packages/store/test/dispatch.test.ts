import { applicationId, type CallControl, type CallId, type CallSpec, callId, VoiceError } from '@parley/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually, realRandom } from './support/real-time.ts'
import { assistant, event, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

describe.each(serverVersions)('dialling on %s', (version) => {
  let url: string
  let store: Store
  let stop: AbortController
  let dispatching: Promise<void> | undefined

  beforeAll(async () => {
    url = await createTestDatabase(version)
  })
  beforeEach(async () => {
    await ask(url, 'drop schema public cascade; create schema public')
    store = await openTestStore(url)
    await store.configure({
      applications: [{ applicationId: tenant }, { applicationId: stranger }],
      trunks: [
        trunk('one', 1, 1_000, { numbers: ['+49301', '+49302'], applicationIds: [tenant] }),
        trunk('off', 0, 1_000, { numbers: ['+49309'], applicationIds: [stranger] }),
      ],
    })
    stop = new AbortController()
  })
  afterEach(async () => {
    stop.abort()
    await dispatching
    dispatching = undefined
    await store[Symbol.asyncDispose]()
  })
  afterAll(async () => {
    expect(
      await ask(
        url,
        "select 1 from pg_stat_activity where datname = current_database() and application_name = 'parley'",
      ),
    ).toEqual([])
  })

  const dispatch = (place: CallControl['place']) => {
    dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
  }
  const end = (id: CallId) =>
    store.journal.append([event(id, 0, Date.now(), { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })])

  test('a call reaches the engine with its secrets, trunk and number, and its maker is told', async () => {
    const placed: CallSpec[] = []
    dispatch(async (spec) => void placed.push(spec))
    const call = newCall({ callers: ['0049 302'] })
    expect(await store.intake.create(call)).toEqual({ kind: 'accepted' })
    const spec = await eventually(() => placed[0])
    expect(spec).toEqual({
      callId: call.callId,
      applicationId: tenant,
      direction: 'outbound',
      callee: call.callee,
      caller: '+49302',
      trunk: 'one',
      limits: call.limits,
      assistant,
    })
    expect(spec.assistant.model.apiKey.reveal()).toBe('sk-very-secret')
    expect(await store.records.find(tenant, call.callId)).toMatchObject({
      state: 'created',
      caller: '+49302',
      trunk: 'one',
    })
  })

  test('no secret lies in the database in clear, and the sealed ones go when the call ends', async () => {
    dispatch(async () => {})
    const call = newCall()
    await store.intake.create(call)
    const [row] = await ask<{ text: string; sealed: Buffer | null }>(
      url,
      'select calls::text as text, sealed from calls',
    )
    expect(row?.sealed).toBeInstanceOf(Buffer)
    for (const secret of ['sk-very-secret', 'header-secret', 'voice-secret']) {
      expect(row?.text).not.toContain(secret)
      expect(row?.sealed?.includes(secret)).toBe(false)
    }
    await end(call.callId)
    expect(await ask(url, 'select 1 from calls where sealed is not null')).toEqual([])
  })

  test('without a usable number a call is refused at once', async () => {
    expect(await store.intake.create(newCall({ callers: ['+1555'] }))).toEqual({ kind: 'refused', reason: 'noNumber' })
    expect(await store.intake.create(newCall({ applicationId: applicationId(5) }))).toEqual({
      kind: 'refused',
      reason: 'noNumber',
    })
    expect(await store.intake.create(newCall({ applicationId: stranger, callers: ['+49301'] }))).toEqual({
      kind: 'refused',
      reason: 'noNumber',
    })
  })

  test('without a free slot a call is refused at its time and leaves no record', async () => {
    dispatch(async () => {})
    const call = newCall({ applicationId: stranger, acquireMs: 0 })
    expect(await store.intake.create(call)).toEqual({ kind: 'refused', reason: 'noCapacity' })
    expect(await store.records.find(stranger, call.callId)).toBeUndefined()
    expect(await ask(url, 'select 1 from call_candidates')).toEqual([])
  })

  test('a call that may not wait is taken when a slot is free, and one that may is taken when a slot becomes free', async () => {
    dispatch(async () => {})
    const first = newCall({ acquireMs: 0 })
    expect(await store.intake.create(first)).toEqual({ kind: 'accepted' })
    const second = store.intake.create(newCall({ acquireMs: 20_000 }))
    await end(first.callId)
    expect(await second).toEqual({ kind: 'accepted' })
  })

  test('a call withdrawn from the queue ends as cancelled and never reaches the engine', async () => {
    const call = newCall()
    const created = store.intake.create(call)
    await eventually(() => store.records.find(tenant, call.callId))
    expect(await store.intake.withdraw(stranger, call.callId)).toBe(false)
    expect(await store.intake.withdraw(tenant, call.callId)).toBe(true)
    expect(await created).toEqual({ kind: 'accepted' })
    const placed: CallId[] = []
    dispatch(async (spec) => void placed.push(spec.callId))
    const next = newCall()
    await store.intake.create(next)
    expect(await eventually(() => placed.length > 0 && placed)).toEqual([next.callId])
    expect(await store.records.find(tenant, call.callId)).toMatchObject({
      state: 'ended',
      outcome: { kind: 'cancelled', rang: false },
    })
    expect(await store.intake.withdraw(tenant, next.callId)).toBe(false)
  })

  test('an engine without room gives the call back, and it is offered again', async () => {
    let offers = 0
    dispatch(async () => {
      offers += 1
      if (offers === 1) throw new VoiceError('RESOURCE_EXHAUSTED')
    })
    const call = newCall()
    expect(await store.intake.create(call)).toEqual({ kind: 'accepted' })
    await eventually(() => offers === 2)
    expect(await ask(url, 'select 1 from call_events')).toEqual([])
  })

  test('a call that an engine gave back until its time was over ends as failed, with a record', async () => {
    dispatch(async () => {
      throw new VoiceError('RESOURCE_EXHAUSTED')
    })
    const call = newCall({ acquireMs: 100 })
    expect(await store.intake.create(call)).toEqual({ kind: 'accepted' })
    const record = await eventually(async () => {
      const found = await store.records.find(tenant, call.callId)
      return found?.state === 'ended' && found
    })
    expect(record.outcome).toEqual({ kind: 'failed', code: 'RESOURCE_EXHAUSTED' })
  })

  test('a call that the engine cannot take for another reason ends at once and frees its slot', async () => {
    const placed: CallId[] = []
    dispatch(async (spec) => {
      placed.push(spec.callId)
      if (placed.length === 1) throw new Error('no such voice')
    })
    const first = newCall()
    const second = newCall()
    await store.intake.create(first)
    expect(await store.intake.create(second)).toEqual({ kind: 'accepted' })
    expect(await store.records.find(tenant, first.callId)).toMatchObject({
      state: 'ended',
      outcome: { kind: 'failed', code: 'INTERNAL' },
    })
    await eventually(() => placed.length === 2)
    expect(placed).toEqual([first.callId, second.callId])
  })

  test('a trunk that left the configuration takes no calls and comes back with it', async () => {
    await store.configure({ applications: [{ applicationId: tenant }], trunks: [] })
    expect(await store.intake.create(newCall())).toEqual({ kind: 'refused', reason: 'noNumber' })
    await store.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('one', 1, 10)] })
    dispatch(async () => {})
    expect(await store.intake.create(newCall())).toEqual({ kind: 'accepted' })
  })

  test('when the database cuts every connection again and again, calls still end and dialling goes on', async () => {
    const placed: CallId[] = []
    dispatch(async (spec) => {
      placed.push(spec.callId)
      await end(spec.callId)
    })
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'parley'`
    const calls = Array.from({ length: 30 }, () => newCall({ acquireMs: 5_000 }))
    const made = Promise.allSettled(calls.map((call) => store.intake.create(call)))
    for (const after of [1, 3, 5]) {
      await eventually(() => placed.length >= after)
      await ask(url, cut)
    }
    await made
    const last = newCall()
    await eventually(async () => (await store.intake.create(last).catch(() => undefined))?.kind === 'accepted')
    await eventually(() => placed.includes(last.callId))
    await eventually(
      async () => (await ask(url, "select 1 from calls where stage not in ('closed', 'refused')")).length === 0,
    )
    expect(new Set(placed).size).toBe(placed.length)
  }, 40_000)

  test('a trunk that the engine cannot dial by gives it no calls, and another engine takes them', async () => {
    const placed: string[] = []
    const { signal } = stop
    const control = { place: async () => void placed.push('engine') }
    dispatching = store.dispatch({ owner: 'engine', control, unserved: () => ['one'], signal })
    expect(await store.intake.create(newCall({ acquireMs: 0 }))).toEqual({ kind: 'refused', reason: 'noCapacity' })
    await using other = await openTestStore(url)
    const second = other.dispatch({ owner: 'other', control: { place: async () => void placed.push('other') }, signal })
    expect(await store.intake.create(newCall({ acquireMs: 10_000 }))).toEqual({ kind: 'accepted' })
    await eventually(() => placed.length > 0)
    expect(placed).toEqual(['other'])
    stop.abort()
    await second
  })

  test('calls in both directions count against a trunk', async () => {
    dispatch(async () => {})
    const id = callId(realRandom.uuid())
    const body = { applicationId: tenant, caller: '1', callee: '2', trunk: 'one', direction: 'inbound' as const }
    await store.journal.append([event(id, 0, Date.now(), { type: 'call.incoming', ...body })])
    expect(await store.intake.create(newCall({ acquireMs: 0 }))).toEqual({ kind: 'refused', reason: 'noCapacity' })
  })
})
