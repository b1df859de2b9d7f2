import type { NewCall } from '@parley/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { event, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const request = (change: Partial<NewCall> = {}, key = 'order-4711', digest = 'same') =>
  newCall({ idempotency: { key, digest }, ...change })

describe.each(serverVersions)('a repeated request on %s', (version) => {
  let url: string
  let store: Store
  let stop: AbortController
  let dispatching: Promise<void> | undefined

  beforeAll(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  beforeEach(async () => {
    await ask(url, 'drop schema public cascade; create schema public')
    store = await openTestStore(url)
    const applications = [{ applicationId: tenant }, { applicationId: stranger }]
    await store.configure({ applications, trunks: [trunk('one', 100, 1_000)] })
    stop = new AbortController()
  })
  afterEach(async () => {
    stop.abort()
    await dispatching
    dispatching = undefined
    await store[Symbol.asyncDispose]()
  })
  const dispatch = () => {
    dispatching = store.dispatch({ owner: 'engine', control: { place: async () => {} }, signal: stop.signal })
  }
  const calls = async () => (await ask(url, 'select 1 from calls')).length

  test('makes one call, however many come at once, and each hears of it', async () => {
    dispatch()
    const requests = Array.from({ length: 12 }, () => request())
    const outcomes = await Promise.all(requests.map((call) => store.intake.create(call)))
    const made = outcomes.flatMap((outcome, at) =>
      outcome.kind === 'accepted' ? [outcome.repeats ?? requests[at]?.callId] : [],
    )
    expect(made).toHaveLength(12)
    expect(new Set(made).size).toBe(1)
    expect(await calls()).toBe(1)
  })

  test('hears of its call after a restart', async () => {
    dispatch()
    const first = request()
    await store.intake.create(first)
    await using restarted = await openTestStore(url)
    expect(await restarted.intake.create(request())).toEqual({ kind: 'accepted', repeats: first.callId })
  })

  test('with other parameters is refused; another key or application is another request', async () => {
    dispatch()
    await store.intake.create(request())
    expect(await store.intake.create(request({}, 'order-4711', 'other'))).toEqual({
      kind: 'refused',
      reason: 'keyReused',
    })
    expect(await store.intake.create(request({}, 'order-4712', 'other'))).toEqual({ kind: 'accepted' })
    expect(await store.intake.create(request({ applicationId: stranger }))).toEqual({ kind: 'accepted' })
    expect(await calls()).toBe(3)
  })

  test('is a new one after a day, and after the first was refused', async () => {
    expect(await store.intake.create(request({ acquireMs: 0 }))).toEqual({ kind: 'refused', reason: 'noCapacity' })
    dispatch()
    expect(await store.intake.create(request())).toEqual({ kind: 'accepted' })
    await ask(url, "update calls set queued_at = queued_at - interval '24 hours 1 second'")
    expect(await store.intake.create(request({}, 'order-4711', 'other'))).toEqual({ kind: 'accepted' })
  })

  /** A call under the key that is over, and erased. */
  async function erased(): Promise<NewCall> {
    dispatch()
    const first = request()
    await store.intake.create(first)
    const outcome = { kind: 'completed', by: 'user' } as const
    await store.journal.append([event(first.callId, 0, 1_000, { type: 'call.ended', outcome })])
    expect(await store.erasure.erase(tenant, first.callId)).toBe('erased')
    return first
  }

  test('dials nobody again when its call was erased meanwhile, and hears of the same call', async () => {
    const first = await erased()
    const again = await Promise.all([request(), request()].map((call) => store.intake.create(call)))
    expect(again).toEqual(Array(2).fill({ kind: 'accepted', repeats: first.callId }))
    expect(await store.intake.create(request({}, 'order-4711', 'other'))).toMatchObject({ reason: 'keyReused' })
    expect(await calls()).toBe(0)
    expect(await store.intake.create(request({ applicationId: stranger }))).toEqual({ kind: 'accepted' })
  })

  test('is a new request a day later, also when its call was erased; what stood for it is forgotten', async () => {
    await erased()
    await ask(url, "update erased_requests set until = until - interval '24 hours'")
    expect(await store.intake.create(request({}, 'order-4711', 'other'))).toEqual({ kind: 'accepted' })
    const resting = new AbortController()
    const retaining = store.enforceRetention({ signal: resting.signal })
    await eventually(async () => (await ask(url, 'select 1 from erased_requests')).length === 0)
    resting.abort()
    await retaining
  })

  test('leaves nothing behind when its call is erased after a day, or had no key', async () => {
    dispatch()
    const [old, keyless] = [request(), newCall()]
    for (const call of [old, keyless]) await store.intake.create(call)
    await ask(url, "update calls set queued_at = queued_at - interval '1 day', stage = 'closed', ended_at_ms = 1")
    for (const call of [old, keyless]) expect(await store.erasure.erase(tenant, call.callId)).toBe('erased')
    expect(await ask(url, 'select 1 from erased_requests')).toEqual([])
  })

  test('keeps neither key nor callee of an erased call in clear', async () => {
    const { callee } = await erased()
    const [kept] = await ask<{ text: string }>(url, 'select e::text as text from erased_requests e')
    expect(kept?.text).not.toContain('order')
    expect(kept?.text).not.toContain(callee)
  })
})
