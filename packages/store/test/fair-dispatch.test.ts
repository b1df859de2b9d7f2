import { applicationId, assertInTime, type CallId, type CallSpec } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { eventually, realClock } from './support/real-time.ts'
import { event, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const third = applicationId(1400000003)

/** A trunk with `lines` lines for three applications, and an engine whose calls go on until they are ended. */
async function openHouse(version: (typeof serverVersions)[number], lines: number, cps = 1_000) {
  const url = await createTestDatabase(version)
  const store = await openTestStore(url, 40)
  await store.configure({
    applications: [tenant, stranger, third].map((id) => ({ applicationId: id })),
    trunks: [trunk('main', lines, cps)],
  })
  const stop = new AbortController()
  const placed: CallSpec[] = []
  const place = async (spec: CallSpec, dialBeforeMs: number) => {
    assertInTime(realClock, dialBeforeMs)
    placed.push(spec)
  }
  const start = () => store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
  let dispatching = Promise.resolve()
  return {
    url,
    placed,
    start: () => {
      dispatching = start()
    },
    queue: async (owner: CallSpec['applicationId'], count: number) => {
      for (let n = 0; n < count; n += 1)
        void store.intake.create(newCall({ applicationId: owner, acquireMs: 20_000 })).catch(() => {})
      const queued = "select 1 from calls where stage = 'queued' and application_id = $1"
      await eventually(async () => (await ask(url, queued, [owner])).length === count)
    },
    end: (id: CallId) =>
      store.journal.append([
        event(id, 0, Date.now(), { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }),
      ]),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await dispatching
      await ask(url, "update calls set stage = 'refused' where stage = 'queued'")
      await store[Symbol.asyncDispose]()
    },
  }
}

describe.each(serverVersions)('applications that share a trunk on %s', (version) => {
  test('are given lines in equal parts, however long the queue of one is', async () => {
    await using house = await openHouse(version, 7)
    await house.queue(tenant, 30)
    await house.queue(stranger, 4)
    await house.queue(third, 1)
    house.start()
    await eventually(() => house.placed.length === 7)
    const linesOf = (id: number) => house.placed.filter((spec) => spec.applicationId === id).length
    expect([tenant, stranger, third].map(linesOf)).toEqual([3, 3, 1])
  })

  test('take turns at a single line, each with its oldest call', async () => {
    await using house = await openHouse(version, 1)
    await house.queue(tenant, 12)
    await house.queue(stranger, 2)
    await house.queue(third, 2)
    house.start()
    // A call that missed its slot on a busy machine costs its application a turn.
    const turns = 10
    for (let turn = 0; turn < turns; turn += 1) {
      await eventually(() => house.placed.length === turn + 1)
      await house.end(house.placed[turn]?.callId as CallId)
    }
    const turnsOf = (id: number) => house.placed.slice(0, turns).filter((spec) => spec.applicationId === id).length
    expect([turnsOf(stranger), turnsOf(third)]).toEqual([2, 2])
    const queued = await ask<{ id: string }>(
      house.url,
      'select call_id as id from calls where application_id = $1 order by queued_at',
      [tenant],
    )
    const own = house.placed.filter((spec) => spec.applicationId === tenant)
    // One that missed its slot is dialled a turn later than the next: no call overtakes more than that.
    const places = own.map(({ callId }) => queued.findIndex(({ id }) => id === callId))
    for (const [turn, place] of places.entries()) expect(Math.abs(place - turn)).toBeLessThanOrEqual(1)
  })

  test('a call that comes too late for its slot is not dialled in it, but in one that is long enough', async () => {
    await using house = await openHouse(version, 10)
    await ask(
      house.url,
      `create function stall() returns trigger language plpgsql as
         $$ begin perform pg_sleep(0.22); return new; end $$`,
    )
    await ask(
      house.url,
      `create trigger stall before update on calls for each row when (new.stage = 'sent') execute function stall()`,
    )
    await house.queue(tenant, 1)
    house.start()
    await eventually(() => house.placed.length === 1)
    // Slots of 100 and 200 ms were too short. Each claim raises the fence, and so does each return.
    const [call] = await ask<{ fence: number }>(house.url, 'select fence::int from calls')
    expect(call?.fence).toBeGreaterThanOrEqual(5)
    // And nobody else was given a slot of the trunk while it lasted.
    const paced = "select extract(epoch from tat - dial_sent_at)::float8 as s from trunks, calls where stage = 'sent'"
    const [slot] = await ask<{ s: number }>(house.url, paced)
    expect(slot?.s).toBeGreaterThan(0)
  })
})
