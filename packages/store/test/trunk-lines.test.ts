import { type CallEventBody, type CallId, callId } from '@parley/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store, TrunkConfiguration } from '../src/index.ts'
import { eventually, realRandom } from './support/real-time.ts'
import { event, newCall, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const caller = '+49301'
const never = new AbortController().signal

describe.each(serverVersions)('a second leg on %s', (version) => {
  let url: string
  let store: Store
  let stop: AbortController
  let dispatching: Promise<void> | undefined
  const placed = new Set<CallId>()

  beforeAll(async () => {
    url = await createTestDatabase(version)
  })
  beforeEach(async () => {
    await ask(url, 'drop schema public cascade; create schema public')
    store = await openTestStore(url)
    stop = new AbortController()
  })
  afterEach(async () => {
    stop.abort()
    await dispatching
    dispatching = undefined
    await store[Symbol.asyncDispose]()
  })

  const configure = (...trunks: TrunkConfiguration[]) =>
    store.configure({ applications: [{ applicationId: tenant }], trunks })
  const one = (concurrent: number, cps = 1_000, numbers: TrunkConfiguration['numbers'] = [caller]) =>
    configure(trunk('one', concurrent, cps, { numbers }), trunk('other', 50, 1_000))
  const dial = async (callers: readonly string[], acquireMs = 0): Promise<CallId | undefined> => {
    dispatching ??= store.dispatch({
      owner: 'engine',
      control: { place: async (spec) => void placed.add(spec.callId) },
      signal: stop.signal,
    })
    const call = newCall({ callers, acquireMs })
    return (await store.intake.create(call)).kind === 'accepted' ? call.callId : undefined
  }
  const dialled = async (callers: readonly string[] = [caller]): Promise<CallId> => {
    const id = await dial(callers, 15_000)
    if (!id) throw new Error('no line for the first leg')
    // One that missed its slot was accepted, and waits for another.
    await eventually(() => placed.has(id))
    return id
  }
  const take = (id: CallId, attempt = 0, shown = caller) =>
    store.lines.take({ callId: id, attempt, trunk: 'one', caller: shown }, never)
  const tell = (id: CallId, seq: number, body: CallEventBody) =>
    store.journal.append([event(id, seq, Date.now(), body)])
  const started = (attempt: number): CallEventBody => ({
    type: 'transfer.started',
    attempt,
    by: 'assistant',
    skillGroupId: 7,
    skillGroupName: 'sales',
    mode: 'bridge',
    callee: '+4999',
  })

  test('takes a line that the queue does not get, until the journal says that the attempt is over', async () => {
    await one(2)
    const id = await dialled()
    expect(await take(id)).toBe(true)
    expect(await dial([caller])).toBeUndefined()
    await tell(id, 0, started(0))
    expect(await dial([caller])).toBeUndefined()
    await tell(id, 1, { type: 'transfer.failed', attempt: 0, failure: 'busy' })
    expect(await dial([caller])).toBeDefined()
  })

  test('takes as much of the pace of its trunk and number as a call from the queue', async () => {
    await one(9, 2, [{ number: caller, maxCps: 1 }])
    const id = await dialled(['+4930500'])
    const paces = async () => {
      const trunkTat = "select extract(epoch from tat)::float8 as s from trunks where name = 'one'"
      const numberTat = 'select extract(epoch from tat)::float8 as s from numbers where number = $1'
      const [ofTrunk, ofNumber] = [
        await ask<{ s: number }>(url, trunkTat),
        await ask<{ s: number }>(url, numberTat, [caller]),
      ]
      return [ofTrunk[0]?.s ?? 0, ofNumber[0]?.s ?? 0] as const
    }
    expect(await take(id)).toBe(true)
    const [, numberAt] = await paces()
    await ask(url, "update trunks set tat = '-infinity'")
    expect(await take(id, 1)).toBe(true)
    const [trunkAt, nextNumberAt] = await paces()
    await ask(url, "update numbers set tat = '-infinity'")
    expect(await take(id, 2)).toBe(true)
    const [nextTrunkAt] = await paces()
    // A tenth longer than 1 / cps, as for calls from the queue, some of which may leave late.
    expect(nextNumberAt - numberAt).toBeGreaterThanOrEqual(1.099)
    expect(nextTrunkAt - trunkAt).toBeGreaterThanOrEqual(0.549)
  })

  test('gets none when calls have taken all, and one again when one of them ends', async () => {
    await one(2)
    const [id, second] = [await dialled(), await dialled()]
    expect(await take(id)).toBe(false)
    await tell(second, 0, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })
    expect(await take(id)).toBe(true)
  })

  test('of a call on another trunk counts where it is dialled, and is given back with its call', async () => {
    await one(1)
    const id = await dialled(['+4930500'])
    expect(await take(id)).toBe(true)
    expect(await dial([caller])).toBeUndefined()
    await tell(id, 0, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })
    expect(await dial([caller])).toBeDefined()
  })

  test('is taken at the pace of its trunk: the next waits, one that would wait for long gets none', async () => {
    await one(50, 2)
    const id = await dialled(['+4930500'])
    const startedAtMs = performance.now()
    expect(await take(id, 0)).toBe(true)
    expect(await take(id, 1)).toBe(true)
    expect(performance.now() - startedAtMs).toBeGreaterThan(350)
    await one(50, 0.1)
    expect(await take(id, 2)).toBe(true)
    const before = performance.now()
    expect(await take(id, 3)).toBe(false)
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  test('keeps the limits of the number it shows', async () => {
    await one(50, 1_000, [{ number: caller, maxConcurrent: 1 }, '+49302'])
    const id = await dialled(['+49302'])
    expect(await take(id, 0)).toBe(true)
    expect(await take(id, 1)).toBe(false)
    expect(await take(id, 1, '+49302')).toBe(true)
    expect(await dial([caller])).toBeUndefined()
  })

  test('that only has its line is in no record, and one in a record shows no line', async () => {
    await one(50)
    const id = await dialled()
    await take(id)
    expect((await store.records.find(tenant, id))?.transfers).toEqual([])
    await tell(id, 0, started(0))
    const [attempt] = (await store.records.find(tenant, id))?.transfers ?? []
    expect(attempt).toMatchObject({ attempt: 0, callee: '+4999' })
    expect(attempt).not.toHaveProperty('line')
  })

  test('of a call that is over, unknown, or on no trunk of ours gets none', async () => {
    await one(50)
    const id = await dialled()
    expect(await take(callId(realRandom.uuid()))).toBe(false)
    expect(await store.lines.take({ callId: id, attempt: 0, trunk: 'gone', caller }, never)).toBe(false)
    await tell(id, 0, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })
    expect(await take(id)).toBe(false)
  })

  test('whose slot is over before the INVITE could leave takes the next slot, and keeps its line', async () => {
    await one(2, 8)
    const id = await dialled(['+4930500'])
    await dialled()
    await ask(url, 'create sequence stalls')
    await ask(
      url,
      `create function stall() returns trigger language plpgsql as
         $$ begin if nextval('stalls') < 3 then perform pg_sleep(0.25); end if; return new; end $$`,
    )
    await ask(url, 'create trigger stall before update of transfers on calls for each row execute function stall()')
    expect(await take(id)).toBe(true)
    // In a slot of 200 ms it was late again, in one of 400 ms it was not.
    expect(await ask(url, "select nextval('stalls')::int as next")).toEqual([{ next: 4 }])
    const lines = 'select jsonb_array_length(transfers) as lines from calls where call_id = $1'
    expect(await ask(url, lines, [id])).toEqual([{ lines: 1 }])
  })

  test('of many calls at once, by several engines, never passes the limit', { timeout: 30_000 }, async () => {
    await one(5)
    const ids = await Promise.all(Array.from({ length: 20 }, () => dialled(['+4930500'])))
    await using stack = new AsyncDisposableStack()
    const engines = await Promise.all([1, 2, 3].map(async () => stack.use(await openTestStore(url, 5))))
    const taken = await Promise.all(
      ids.map((id, index) => engines[index % 3]?.lines.take({ callId: id, attempt: 0, trunk: 'one', caller }, never)),
    )
    expect(taken.filter(Boolean)).toHaveLength(5)
  })
})
