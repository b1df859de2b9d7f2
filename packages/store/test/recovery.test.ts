import { readFile, writeFile } from 'node:fs/promises'
import type { CallId } from '@parley/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { event, newCall, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'
import { wavFile } from './support/wav-file.ts'

describe.each(serverVersions)('after an engine died on %s', (version) => {
  let url: string
  let first: Store
  let second: Store

  beforeEach(async () => {
    url = await createTestDatabase(version)
    first = await openTestStore(url)
    second = await openTestStore(url)
    await first.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('main', 10, 1_000)] })
  })
  afterEach(async () => {
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
  })

  /** A call the first engine has dialled; the engine then stops without a word. */
  async function dialled(): Promise<CallId> {
    const stop = new AbortController()
    const call = newCall()
    const placed: CallId[] = []
    const place = async ({ callId }: { callId: CallId }) => void placed.push(callId)
    const dispatching = first.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
    await first.intake.create(call)
    await eventually(() => placed.length > 0)
    stop.abort()
    await dispatching
    return call.callId
  }

  test('an answered call ends as lost at its last sign of life, with its recording made readable', async () => {
    const id = await dialled()
    const path = first.recordings.pathFor(id)
    await writeFile(path, wavFile({ seconds: 1, declaredBytes: 0 }))
    const nowMs = Date.now()
    await first.journal.append([
      event(id, 0, nowMs, { type: 'call.dialing' }),
      event(id, 1, nowMs + 5, { type: 'call.answered' }),
      event(id, 2, nowMs + 6, { type: 'recording.started', path }),
      event(id, 3, nowMs + 60_000, { type: 'dtmf', key: '1', atMs: 4 }),
    ])
    expect(await second.recoverLost({ owner: 'engine' })).toEqual({ requeued: 0, closed: 1 })
    expect(await second.records.find(tenant, id)).toMatchObject({
      state: 'ended',
      answeredAtMs: nowMs + 5,
      endedAtMs: nowMs + 60_000,
      outcome: { kind: 'failed', code: 'ENGINE_LOST' },
      recording: { path, durationMs: 1_000, bytes: 32_044 },
    })
    expect((await readFile(path)).readUInt32LE(40)).toBe(32_000)
    expect((await second.records.events(tenant, id)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
    expect(await second.recoverLost({ owner: 'engine' })).toEqual({ requeued: 0, closed: 0 })
  })

  test('a call that was claimed but not sent is dialled by the next start', async () => {
    const id = await dialled()
    await ask(url, "update calls set stage = 'claimed', dial_sent_at = null where call_id = $1", [id])
    expect(await second.recoverLost({ owner: 'engine' })).toEqual({ requeued: 1, closed: 0 })
    const stop = new AbortController()
    const placed: CallId[] = []
    const place = async ({ callId }: { callId: CallId }) => void placed.push(callId)
    const dispatching = second.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
    await eventually(() => placed[0] === id)
    stop.abort()
    await dispatching
  })

  test('a call that was claimed but not sent ends as lost when its time is over', async () => {
    const id = await dialled()
    await ask(url, "update calls set stage = 'claimed', expires_at = now() - interval '1 s' where call_id = $1", [id])
    expect(await second.recoverLost({ owner: 'engine' })).toEqual({ requeued: 0, closed: 1 })
    expect(await second.records.find(tenant, id)).toMatchObject({ outcome: { kind: 'failed', code: 'ENGINE_LOST' } })
  })

  test('a claim that its living engine never heard of goes back to the queue', async () => {
    const id = await dialled()
    await ask(url, "update calls set stage = 'claimed', dial_sent_at = null where call_id = $1", [id])
    expect(await second.recoverLost({ owner: 'other', staleMs: 15_000 })).toEqual({ requeued: 0, closed: 0 })
    await ask(url, "update calls set claimed_at = now() - interval '20 s' where call_id = $1", [id])
    expect(await second.recoverLost({ owner: 'other', staleMs: 15_000 })).toEqual({ requeued: 1, closed: 0 })
  })

  test('calls of another engine are left alone while its heart beats, and settled when it has stopped', async () => {
    const id = await dialled()
    expect(await second.recoverLost({ owner: 'other', staleMs: 15_000 })).toEqual({ requeued: 0, closed: 0 })
    await first[Symbol.asyncDispose]()
    await ask(url, "update owners set heartbeat_at = now() - interval '20 s' where name = 'engine'")
    expect(await second.recoverLost({ owner: 'other', staleMs: 30_000 })).toEqual({ requeued: 0, closed: 0 })
    expect(await second.recoverLost({ owner: 'other', staleMs: 15_000 })).toEqual({ requeued: 0, closed: 1 })
    expect(await second.records.find(tenant, id)).toMatchObject({ outcome: { kind: 'failed', code: 'ENGINE_LOST' } })
  })

  test('a request that waited for a line in an engine that died is not dialled', async () => {
    await first.recoverLost({ owner: 'engine' })
    const call = newCall({ acquireMs: 5_000 })
    const asked = first.intake.create(call)
    const stage = async () =>
      (await ask<{ stage: string }>(url, 'select stage from calls where call_id = $1', [call.callId]))[0]?.stage
    await eventually(async () => (await stage()) === 'queued')
    await second.recoverLost({ owner: 'other', staleMs: 15_000 })
    expect(await stage()).toBe('queued')
    await second[Symbol.asyncDispose]()
    second = await openTestStore(url)
    await second.recoverLost({ owner: 'engine' })
    expect(await stage()).toBe('refused')
    expect(await ask(url, 'select 1 from call_candidates')).toEqual([])
    expect(await asked).toMatchObject({ kind: 'refused' })
  })

  test('an engine that was cut off from the database does not settle its own calls', async () => {
    const id = await dialled()
    await first.recoverLost({ owner: 'engine' })
    await ask(url, "update owners set heartbeat_at = now() - interval '20 s' where name = 'engine'")
    await first.recoverLost({ owner: 'engine', staleMs: 0 })
    expect((await first.records.find(tenant, id))?.outcome).toBeUndefined()
  })

  test('a call that came in to an engine that died ends as lost', async () => {
    await first.recoverLost({ owner: 'engine' })
    const { callId } = newCall()
    const body = { applicationId: tenant, caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
    await first.journal.append([event(callId, 0, Date.now(), { type: 'call.incoming', ...body })])
    expect(await second.recoverLost({ owner: 'engine' })).toEqual({ requeued: 0, closed: 1 })
  })

  test('an engine whose name was taken by a later start stops dialling', async () => {
    const dispatching = first.dispatch({
      owner: 'engine',
      control: { place: async () => {} },
      signal: new AbortController().signal,
    })
    await eventually(async () => (await ask(url, 'select 1 from owners')).length === 1)
    await second.recoverLost({ owner: 'engine' })
    await dispatching
  })
})

/** A call that this engine has dialled and carries on until its store is closed. */
async function placedBy(store: Store, owner: string): Promise<CallId> {
  const placed = Promise.withResolvers<void>()
  const control = { place: async () => placed.resolve() }
  void store.dispatch({ owner, control, signal: new AbortController().signal })
  const call = newCall()
  await store.intake.create(call)
  await placed.promise
  return call.callId
}

describe.each(serverVersions)('after the database was away for longer than engines may be silent on %s', (version) => {
  test('engines that come back a moment after one another leave each other their calls', async () => {
    const url = await createTestDatabase(version)
    await using first = await openTestStore(url)
    await using second = await openTestStore(url)
    await using dead = await openTestStore(url)
    await first.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('main', 10, 1_000)] })
    const lost = await placedBy(dead, 'dead')
    await dead[Symbol.asyncDispose]()
    const call = await placedBy(first, 'first')
    // The heart of the first beats again after the second has looked; the dead one's does not.
    await ask(url, "update owners set heartbeat_at = heartbeat_at - interval '1 minute'")
    const stop = new AbortController()
    const control = { place: async () => {} }
    const dispatching = second.dispatch({ owner: 'second', control, signal: stop.signal })
    const outcomeOf = async (id: CallId) => (await second.records.find(tenant, id))?.outcome
    const outcome = { kind: 'failed', code: 'ENGINE_LOST' }
    expect(await eventually(() => outcomeOf(lost))).toEqual(outcome)
    expect(await outcomeOf(call)).toBeUndefined()
    await first[Symbol.asyncDispose]()
    await ask(url, "update owners set heartbeat_at = heartbeat_at - interval '1 minute' where name = 'first'")
    expect(await eventually(() => outcomeOf(call))).toEqual(outcome)
    stop.abort()
    await dispatching
  })
})
