import { assertInTime, type CallId, waitUntil } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { eventually, realClock } from './support/real-time.ts'
import { event, newCall, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const workers = 4

/** Runs `calls` calls over one trunk by several engines, each with connections of its own. */
async function run(
  version: (typeof serverVersions)[number],
  calls: number,
  limits: { concurrent: number; cps: number },
  talkMs: number,
  /** How long an engine needs from the moment a call is its own until the INVITE. */
  openMs: () => number = () => 0,
) {
  const url = await createTestDatabase(version)
  await using stack = new AsyncDisposableStack()
  const makers = stack.use(await openTestStore(url))
  await makers.configure({
    applications: [{ applicationId: tenant }],
    trunks: [trunk('main', limits.concurrent, limits.cps)],
  })
  const stop = new AbortController()
  const running = new Set<CallId>()
  const dials: CallId[] = []
  const dialledAtMs: number[] = []
  let most = 0
  const talks: Promise<void>[] = []
  const dispatching: Promise<void>[] = []
  for (let index = 0; index < workers; index += 1) {
    const store = stack.use(await openTestStore(url, 5))
    const talk = async (id: CallId) => {
      // Nobody hangs up before the trunk has been full once.
      await eventually(() => most >= limits.concurrent)
      await waitUntil(realClock, realClock.nowMs() + Math.random() * talkMs)
      running.delete(id)
      await store.journal.append([
        event(id, 0, Date.now(), { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }),
      ])
    }
    const place = async ({ callId }: { callId: CallId }, dialBeforeMs: number) => {
      await waitUntil(realClock, realClock.nowMs() + openMs())
      assertInTime(realClock, dialBeforeMs)
      dialledAtMs.push(realClock.nowMs())
      dials.push(callId)
      running.add(callId)
      most = Math.max(most, running.size)
      talks.push(talk(callId))
    }
    dispatching.push(store.dispatch({ owner: `engine-${index}`, control: { place }, signal: stop.signal }))
  }
  const made = await Promise.all(
    Array.from({ length: calls }, () => makers.intake.create(newCall({ acquireMs: 60_000 }))),
  )
  await eventually(() => dials.length === calls)
  await Promise.all(talks)
  stop.abort()
  await Promise.all(dispatching)
  const sent = await ask<{ ms: number }>(
    url,
    'select extract(epoch from dial_sent_at)::float8 * 1000 as ms from calls order by 1',
  )
  const ended = await ask<{ ends: string }>(url, "select count(*) as ends from call_events where type = 'call.ended'")
  return { made, most, dials, dialledAtMs, sentAtMs: sent.map(({ ms }) => ms), ends: Number(ended[0]?.ends) }
}

describe.each(serverVersions)('trunk limits on %s', (version) => {
  test('four engines at an absurd pace never pass the limit of concurrent calls', async () => {
    const { made, most, dials, ends } = await run(version, 150, { concurrent: 5, cps: 5_000 }, 15)
    expect(most).toBe(5)
    expect(new Set(dials).size).toBe(150)
    expect(ends).toBe(150)
    expect(made.every(({ kind }) => kind === 'accepted')).toBe(true)
  })

  test('a quick trunk, which gives several calls at once, keeps its pace too', { timeout: 40_000 }, async () => {
    const { sentAtMs } = await run(version, 120, { concurrent: 20, cps: 100 }, 30)
    const inOneSecond = sentAtMs.map((from) => sentAtMs.filter((at) => at >= from && at < from + 1_000).length)
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(100)
  })

  test('four engines together keep the pace of calls per second', async () => {
    const { sentAtMs } = await run(version, 30, { concurrent: 30, cps: 12 }, 1)
    const mostInOneSecond = Math.max(
      ...sentAtMs.map((from) => sentAtMs.filter((at) => at >= from && at <= from + 1_000).length),
    )
    expect(mostInOneSecond).toBeLessThanOrEqual(13)
    // And the trunk is used: 30 calls at 12 per second take 2.4 s.
    expect((sentAtMs.at(-1) ?? 0) - (sentAtMs[0] ?? 0)).toBeLessThan(4_500)
  })

  test('calls that engines hold while they stand still do not leave all at once when they go on', {
    timeout: 40_000,
  }, async () => {
    let goesOnAtMs: number | undefined
    const openMs = () => {
      goesOnAtMs ??= realClock.nowMs() + 1_800
      return Math.max(0, goesOnAtMs - realClock.nowMs())
    }
    const { dials, dialledAtMs } = await run(version, 16, { concurrent: 16, cps: 12 }, 1, openMs)
    const inOneSecond = dialledAtMs.map((from) => dialledAtMs.filter((at) => at >= from && at < from + 1_000).length)
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(12)
    expect(dials).toHaveLength(16)
    expect(new Set(dials).size).toBe(16)
  })
})
