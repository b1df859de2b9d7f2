import { type CallId, callId } from '@parley/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { realRandom } from './support/real-time.ts'
import { event, openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const hourMs = 3_600_000

describe.each(serverVersions)('lists of calls over many hours on %s', (version) => {
  let url: string
  let store: Store
  /** Newest first, as lists have them. */
  let made: { readonly id: CallId; readonly atMs: number }[]
  const startMs = Math.floor(Date.now() / hourMs) * hourMs - 12 * hourMs
  const range = { fromMs: startMs + 20 * 60_000, toMs: startMs + 14 * hourMs }

  beforeEach(async () => {
    url = await createTestDatabase(version)
    store = await openTestStore(url)
    made = []
    // Three an hour and none in every fourth, up to now.
    for (let third = 0; third < 36; third += 1)
      if (Math.floor(third / 3) % 4 !== 2) await incoming(startMs + (third * hourMs) / 3)
    await incoming(startMs + hourMs, stranger)
    made.sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))
  })
  afterEach(() => store[Symbol.asyncDispose]())

  async function incoming(atMs: number, applicationId = tenant): Promise<void> {
    const id = callId(realRandom.uuid())
    const facts = { caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
    await store.journal.append([event(id, 0, atMs, { type: 'call.incoming', applicationId, ...facts })])
    if (applicationId === tenant) made.push({ id, atMs })
  }

  /** Every page of the range, and the total each of them gave. */
  async function readAll() {
    const ids: CallId[] = []
    const totals = new Set<number>()
    for (let offset = 0; offset < 40; offset += 4) {
      const { total, calls } = await store.records.list({ applicationId: tenant, ...range, limit: 4, offset })
      totals.add(total)
      ids.push(...calls.map((call) => call.callId))
    }
    return { ids, totals: [...totals] }
  }

  const expected = () => {
    const ids = made.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs).map(({ id }) => id)
    return { ids, totals: [ids.length] }
  }

  const countedHours = async () =>
    (
      await ask<{ n: number }>(url, 'select count(calls)::int as n from call_hours where application_id = $1', [tenant])
    )[0]?.n

  const letRest = () => ask(url, "update call_hours set changed_at = changed_at - interval '2 minutes'")

  test('hold every call once in order, by the counts of whole hours', async () => {
    await letRest()
    expect(await readAll()).toEqual(expected())
    expect(await countedHours()).toBeGreaterThanOrEqual(9)
    expect(await readAll()).toEqual(expected())
  })

  test('follow calls that are deleted, refused or written down late', async () => {
    await letRest()
    await readAll()
    const [gone, refused] = [made[8], made[15]]
    await ask(url, 'delete from calls where call_id = $1', [gone?.id])
    await ask(url, "update calls set stage = 'refused' where call_id = $1", [refused?.id])
    made = made.filter((call) => call !== gone && call !== refused)
    await incoming(startMs + 2.5 * hourMs)
    made.sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1))
    expect(await readAll()).toEqual(expected())
    const before = await countedHours()
    await letRest()
    expect(await readAll()).toEqual(expected())
    expect(await countedHours()).toBeGreaterThan(before ?? 0)
    expect(await readAll()).toEqual(expected())
  })
})
