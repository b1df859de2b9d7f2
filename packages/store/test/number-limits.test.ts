import type { CallId, CallSpec } from '@parley/core'
import { describe, expect, test } from 'vitest'
import type { TrunkConfiguration } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { event, newCall, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const limited = '+49301'
const free = '+49302'

/** A store with one wide trunk whose numbers are `numbers`, and a dispatcher whose calls go on until they are ended. */
async function openHouse(version: (typeof serverVersions)[number], numbers: TrunkConfiguration['numbers']) {
  const url = await createTestDatabase(version)
  const store = await openTestStore(url)
  const configure = (next: TrunkConfiguration['numbers']) =>
    store.configure({
      applications: [{ applicationId: tenant }],
      trunks: [trunk('main', 50, 1_000, { numbers: next })],
    })
  await configure(numbers)
  const stop = new AbortController()
  const placed: CallSpec[] = []
  const place = async (spec: CallSpec) => void placed.push(spec)
  const dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
  return {
    url,
    configure,
    placed,
    create: (caller: string) => store.intake.create(newCall({ callers: [caller], acquireMs: 10_000 })),
    end: (id: CallId) =>
      store.journal.append([
        event(id, 0, Date.now(), { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }),
      ]),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await dispatching
      await store[Symbol.asyncDispose]()
    },
  }
}

const callersOf = (placed: readonly CallSpec[], caller: string) => placed.filter((spec) => spec.caller === caller)

describe.each(serverVersions)('limits of one number on %s', (version) => {
  test('hold back its calls, not those of other numbers, until one has ended', async () => {
    await using house = await openHouse(version, [{ number: limited, maxConcurrent: 1 }, free])
    const { placed, create, end } = house
    await create(limited)
    const waiting = create(limited)
    // Queued behind the one that waits, and dialled before it.
    await Promise.all([create(free), create(free)])
    await eventually(() => placed.length === 3)
    expect(callersOf(placed, limited)).toHaveLength(1)
    await end(callersOf(placed, limited)[0]?.callId as CallId)
    expect(await waiting).toEqual({ kind: 'accepted' })
    await eventually(() => callersOf(placed, limited).length === 2)
  })

  test('an incoming call to the number takes its place too', async () => {
    await using house = await openHouse(version, [{ number: limited, maxConcurrent: 1 }, free])
    const { url, placed, create } = house
    await ask(
      url,
      `insert into calls (call_id, application_id, direction, stage, callee, callee_key, trunk, state, created_at_ms)
       values (gen_random_uuid(), ${tenant}, 'inbound', 'sent', '${limited}', '', 'main', 'answered', 0)`,
    )
    const waiting = create(limited)
    await create(free)
    await eventually(() => placed.length === 1)
    expect(placed.map(({ caller }) => caller)).toEqual([free])
    await ask(url, "update calls set stage = 'refused' where direction = 'inbound'")
    expect(await waiting).toEqual({ kind: 'accepted' })
  })

  test('pace its calls', async () => {
    await using house = await openHouse(version, [{ number: limited, maxCps: 5 }])
    await Promise.all(Array.from({ length: 5 }, () => house.create(limited)))
    const sent = await ask<{ ms: number }>(
      house.url,
      'select extract(epoch from claimed_at)::float8 * 1000 as ms from calls order by 1',
    )
    // Five calls at five a second: four pauses of 200 ms.
    expect((sent.at(-1)?.ms ?? 0) - (sent[0]?.ms ?? 0)).toBeGreaterThanOrEqual(780)
  })

  test('follow the configuration, and the pace already kept stays', async () => {
    await using house = await openHouse(version, [{ number: limited, maxCps: 0.01 }, free])
    await house.create(limited)
    await house.configure([{ number: limited, maxCps: 0.01, maxConcurrent: 3 }])
    const rows = await ask<{ number: string; most: number; due: boolean }>(
      house.url,
      'select number, max_concurrent as most, tat <= clock_timestamp() as due from numbers',
    )
    expect(rows).toEqual([{ number: limited, most: 3, due: false }])
    await house.configure([limited])
    expect(await house.create(limited)).toEqual({ kind: 'accepted' })
  })
})
