import { beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import {
  busy,
  calendar,
  counted,
  everybody,
  inState,
  newCampaign,
  pass,
  placedBy,
  startCampaignEngine,
  statusOf,
  talked,
} from './support/campaign-house.ts'
import { eventually } from './support/real-time.ts'
import { openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

describe.each(serverVersions)('campaigns on %s', (version) => {
  let url: string
  beforeEach(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  async function open(maxConcurrent = 50): Promise<Store> {
    const store = await openTestStore(url)
    await store.configure({ ...everybody, trunks: [trunk('one', maxConcurrent, 1_000)] })
    return store
  }

  test('call everybody once, and are finished then', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign([...Array(12).keys()].map((n) => `+49301000${n}`)))
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await inState(store, id, 'finished')
    expect(new Set(engine.dialled).size).toBe(12)
    expect(engine.dialled).toHaveLength(12)
    expect(await store.campaigns.progress(tenant, id)).toEqual({
      total: 12,
      waiting: 0,
      running: 0,
      answered: 12,
      retrying: 0,
      unanswered: 0,
      failed: {},
      attempts: 12,
      answeredAttempts: 12,
    })
    const [first] = await store.campaigns.callees(tenant, id, { limit: 1, fromPosition: 0 })
    expect(first).toMatchObject({ callee: '+493010000', state: 'answered', tries: 1, lastStatus: 1 })
    expect(await store.records.find(tenant, first?.callIds[0] ?? ('' as never))).toMatchObject({ callee: '+493010000' })
  })

  test('call somebody who was busy again, once the interval is over', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(['+493011', '+493022'], { tries: 2 }))
    await using engine = startCampaignEngine(store, {
      answer: (callee, nth) => (callee === '+493022' && nth === 1 ? busy : talked),
    })
    await counted(store, id, { answered: 1, retrying: 1 })
    await pass(url, 590)
    await counted(store, id, { retrying: 1 })
    expect(engine.dialled).toHaveLength(2)
    await pass(url, 15)
    await inState(store, id, 'finished')
    expect(engine.dialled.filter((callee) => callee === '+493022')).toHaveLength(2)
    const callees = await store.campaigns.callees(tenant, id, { limit: 10, fromPosition: 0 })
    expect(callees.map(({ tries, callIds }) => [tries, callIds.length])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  test('make no more calls at a time than their limit, and two engines do not exceed it', async () => {
    await using store = await open()
    await using other = await openTestStore(url)
    const id = await store.campaigns.create(newCampaign(30, { concurrencyLimit: 3 }))
    await using _ = startCampaignEngine(store, { answer: () => 'talks on' })
    const stop = new AbortController()
    const second = other.runCampaigns({ calendar, statusOf, place: placedBy(other), signal: stop.signal })
    await counted(store, id, { running: 3 })
    await pass(url, 0)
    await pass(url, 0)
    const live = await ask<{ n: string }>(url, "select count(*) as n from campaign_attempts where stage = 'live'")
    stop.abort()
    await second
    expect(Number(live[0]?.n)).toBe(3)
  })

  test('listed twice means called once', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(['+49 30 11', '0049-3011', '+493012']))
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ calleeCount: 2 })
  })

  test('of one application never call somebody who is in the call of another one', async () => {
    await using store = await open()
    const first = await store.campaigns.create(newCampaign(['+493011']))
    await using engine = startCampaignEngine(store, { answer: () => 'talks on' })
    await counted(store, first, { running: 1 })
    const second = await store.campaigns.create(newCampaign(['0049 3011', '+493012']))
    await counted(store, second, { running: 1, waiting: 1 })
    await eventually(() => engine.dialled.length === 2)
    // A call that misses its slot on a busy machine may be overtaken.
    expect(engine.dialled.toSorted()).toEqual(['+493011', '+493012'])
  })

  test('obey pause, resume and stop, and say when they cannot', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(20, { concurrencyLimit: 2 }))
    await using engine = startCampaignEngine(store, { answer: () => 'talks on' })
    await counted(store, id, { running: 2 })
    await eventually(() => engine.dialled.length === 2)
    expect(await store.campaigns.command(tenant, id, 'resume')).toBe('wrongState')
    expect(await store.campaigns.command(tenant, id, 'pause')).toBe('done')
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ state: 'paused', reason: 'request' })
    await endCalls(store, id)
    await counted(store, id, { answered: 2, running: 0 })
    expect(engine.dialled).toHaveLength(2)
    expect(await store.campaigns.command(tenant, id, 'resume')).toBe('done')
    await counted(store, id, { running: 2 })
    await eventually(() => engine.dialled.length === 4)
    expect(await store.campaigns.command(tenant, id, 'stop')).toBe('done')
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ state: 'ending' })
    await endCalls(store, id)
    await inState(store, id, 'ended')
    expect(await store.campaigns.command(tenant, id, 'stop')).toBe('wrongState')
    expect(engine.dialled).toHaveLength(4)
  })

  test('begin at their time and not before, and end at the other', async () => {
    await using store = await open()
    const nowMs = Date.now()
    const later = await store.campaigns.create(newCampaign(1, {}, { notBeforeMs: nowMs + 3_600_000 }))
    const gone = await store.campaigns.create(newCampaign(1, {}, { notAfterMs: nowMs - 1_000 }))
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await inState(store, gone, 'ended')
    expect(await store.campaigns.find(tenant, gone)).toMatchObject({ reason: 'expired' })
    expect(await store.campaigns.find(tenant, later)).toMatchObject({ state: 'initial' })
    expect(engine.dialled).toEqual([])
  })

  test('wait for their window', async () => {
    await using store = await open()
    const minuteS = 60 * new Date().getUTCMinutes() + 3_600 * new Date().getUTCHours()
    const ranges = [{ fromS: (minuteS + 7_200) % 86_400, toS: (minuteS + 10_800) % 86_400 }]
    const window = { timeZone: 'UTC', parts: [{ days: { kind: 'everyDay' as const }, ranges }] }
    const id = await store.campaigns.create(newCampaign(1, { window }))
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await inState(store, id, 'running')
    const [due] = await ask<{ s: number }>(
      url,
      'select extract(epoch from due_at - clock_timestamp())::float8 as s from campaigns',
    )
    expect(due?.s).toBeGreaterThan(7_000)
    expect(due?.s).toBeLessThan(7_201)
    expect(engine.dialled).toEqual([])
  })

  test('pause by themselves when answers collapse, and go on when they are resumed', { timeout: 90_000 }, async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(200))
    let count = 0
    await using _ = startCampaignEngine(store, {
      answer: () => {
        count += 1
        return count <= 60 ? talked : busy
      },
    })
    await inState(store, id, 'paused', 60_000)
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ reason: 'answersCollapsed' })
    const { attempts = 0 } = (await store.campaigns.progress(tenant, id)) ?? {}
    expect(attempts).toBeGreaterThanOrEqual(100)
    expect(attempts).toBeLessThan(200)
    expect(await store.campaigns.command(tenant, id, 'resume')).toBe('done')
    await eventually(async () => {
      const { attempts: now = 0 } = (await store.campaigns.progress(tenant, id)) ?? {}
      return now >= attempts + 20
    })
  })

  test('do not use up a try when no line is free', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(['+493011']))
    let refusals = 0
    await using _ = startCampaignEngine(store, {
      answer: () => talked,
      place: async (attempt) => {
        refusals += 1
        return refusals === 1 ? { kind: 'noCapacity' } : placedBy(store)(attempt)
      },
    })
    await eventually(() => refusals === 1)
    await counted(store, id, { waiting: 1 })
    await pass(url, 5)
    await inState(store, id, 'finished')
    const [callee] = await store.campaigns.callees(tenant, id, { limit: 10, fromPosition: 0 })
    expect(callee).toMatchObject({ state: 'answered', tries: 1 })
  })

  test('leave out whom they must not call, and come back to whom they may call later', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(['+493011', '+493012', '+493013']))
    await using engine = startCampaignEngine(store, {
      answer: () => talked,
      place: async (attempt) => {
        if (attempt.callee === '+493011') return { kind: 'barred', status: 108 }
        if (attempt.callee === '+493012') return { kind: 'later', atMs: Date.now() + 3_600_000 }
        return placedBy(store)(attempt)
      },
    })
    const progress = await counted(store, id, { answered: 1, waiting: 1, unanswered: 1 })
    expect(progress.failed).toEqual({ '108': 1 })
    expect(engine.dialled).toEqual(['+493013'])
  })

  test('that cannot call anybody are paused and say why', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(['+493011']))
    await using _ = startCampaignEngine(store, {
      answer: () => talked,
      place: async () => ({ kind: 'halt', reason: 'noNumber' }),
    })
    await inState(store, id, 'paused')
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ reason: 'noNumber' })
    expect(await store.campaigns.progress(tenant, id)).toMatchObject({ waiting: 1, attempts: 0 })
  })

  test('of another application are not there', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(1))
    expect(await store.campaigns.find(stranger, id)).toBeUndefined()
    expect(await store.campaigns.progress(stranger, id)).toBeUndefined()
    expect(await store.campaigns.command(stranger, id, 'stop')).toBeUndefined()
    expect(await store.campaigns.callees(stranger, id, { limit: 10, fromPosition: 0 })).toEqual([])
    expect(await store.campaigns.list(stranger, { limit: 10, offset: 0 })).toEqual({ total: 0, campaigns: [] })
  })

  test('of 100,000 callees are made, counted and paged', { timeout: 60_000 }, async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign(100_000))
    expect(await store.campaigns.progress(tenant, id)).toMatchObject({ total: 100_000, waiting: 100_000 })
    const page = await store.campaigns.callees(tenant, id, { limit: 3, fromPosition: 99_998 })
    expect(page.map(({ position }) => position)).toEqual([99_998, 99_999])
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await eventually(() => engine.dialled.length >= 30, 30_000)
    expect(new Set(engine.dialled).size).toBe(engine.dialled.length)
  })

  async function endCalls(store: Store, campaignId: number): Promise<void> {
    const live = await ask<{ id: string }>(
      url,
      "select call_id as id from campaign_attempts where campaign_id = $1 and stage = 'live'",
      [campaignId],
    )
    for (const { id } of live) {
      const ended = { type: 'call.ended' as const, outcome: talked }
      await store.journal.append([
        { callId: id as never, seq: 0, wallMs: Date.now(), body: { type: 'call.answered' } },
        { callId: id as never, seq: 1, wallMs: Date.now(), body: ended },
      ])
    }
  }
})
