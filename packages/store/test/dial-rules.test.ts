import { type OutboundRules, silentLogger } from '@parley/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '../src/index.ts'
import { startCampaignEngine, talked } from './support/campaign-house.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { newCall, recordingsDir, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const applications = [{ applicationId: tenant }, { applicationId: stranger }]
const trunks = [trunk('one', 10, 1_000)]
const refused = (reason: string) => ({ kind: 'refused', reason: 'forbidden', refusal: { reason } })

describe.each(serverVersions)('rules about outgoing calls on %s', (version) => {
  let url: string
  beforeEach(async () => {
    url = await createTestDatabase(version)
  }, 60_000)

  const open = async (rules?: OutboundRules): Promise<Store> => {
    const store = await openStore({
      connection: { url },
      clock: realClock,
      random: realRandom,
      logger: silentLogger,
      recordingsDir: recordingsDir(),
      masterKey: new Uint8Array(32).fill(7),
      ...(rules && {
        dialRules: {
          rules: new Map([[tenant, rules]]),
          calendar: { holidays: new Set(), workingDays: new Set() },
        },
      }),
    })
    await store.configure({ applications, trunks })
    return store
  }
  const call = (store: Store, callee = '+4930111') => store.intake.create(newCall({ callee, acquireMs: 5_000 }))

  test('a do-not-call list holds its numbers, however they are written, for its application alone', async () => {
    await using store = await open()
    expect(await store.doNotCall.add(tenant, [{ number: '+49 30-111', note: 'asked' }, { number: '0049301' }])).toBe(2)
    expect(await store.doNotCall.add(tenant, [{ number: '004930111', note: 'asked twice' }])).toBe(0)
    expect(await store.doNotCall.check(tenant, '+4930111')).toBe('application')
    expect(await store.doNotCall.check(stranger, '+4930111')).toBeUndefined()
    const first = await store.doNotCall.list(tenant, { limit: 1 })
    expect(first).toMatchObject({ entries: [{ number: '0049301', declared: false }], next: '49301' })
    const second = await store.doNotCall.list(tenant, { limit: 5, after: first.next ?? '' })
    expect(second).toMatchObject({ entries: [{ number: '+49 30-111', note: 'asked twice' }] })
    expect(second.next).toBeUndefined()
    expect(await store.doNotCall.remove(stranger, '+4930111')).toBeUndefined()
    expect(await store.doNotCall.remove(tenant, '+49 30 111')).toBe('removed')
    expect(await store.doNotCall.check(tenant, '+4930111')).toBeUndefined()
  })

  test('declared numbers come and go with the configuration, and nobody else takes them off', async () => {
    await using store = await open()
    await store.doNotCall.add(tenant, [{ number: '+49302' }])
    const doNotCall = [{ numbers: ['+49301'] }, { applicationId: tenant, numbers: ['+49303'] }]
    await store.configure({ applications, trunks, doNotCall })
    expect(await store.doNotCall.check(stranger, '+49301')).toBe('everybody')
    expect(await store.doNotCall.remove(tenant, '+49303')).toBe('declared')
    expect(await call(store, '+49301')).toMatchObject(refused('doNotCall'))
    await store.configure({ applications, trunks })
    expect(await store.doNotCall.check(stranger, '+49301')).toBeUndefined()
    expect(await store.doNotCall.check(tenant, '+49303')).toBeUndefined()
    expect(await store.doNotCall.check(tenant, '+49302')).toBe('application')
  })

  test('a number that is put on the list while its call waits is not dialled', async () => {
    await using store = await open()
    const waiting = newCall({ callee: '+4930111', acquireMs: 20_000 })
    const made = store.intake.create(waiting)
    await eventually(async () => (await ask(url, "select 1 from calls where stage = 'queued'")).length > 0)
    await store.doNotCall.add(tenant, [{ number: '+4930111' }])
    await using engine = startCampaignEngine(store, { answer: () => talked })
    expect(await made).toEqual({ kind: 'accepted' })
    await eventually(async () => (await store.records.find(tenant, waiting.callId))?.state === 'ended')
    expect((await store.records.find(tenant, waiting.callId))?.outcome).toEqual({
      kind: 'failed',
      code: 'CALLEE_FORBIDDEN',
    })
    expect(engine.dialled).toEqual([])
  })

  test('a callee is called as often a day as is allowed, and others are not affected', async () => {
    await using store = await open({ maxCallsPerCalleePerDay: 2, timeZone: 'UTC' })
    await using engine = startCampaignEngine(store, { answer: () => talked })
    for (const nth of [1, 2]) {
      expect(await call(store)).toEqual({ kind: 'accepted' })
      await eventually(() => engine.dialled.length === nth)
    }
    expect(await call(store, '0049 30 111')).toMatchObject(refused('tooManyToday'))
    expect(await call(store, '+4930112')).toEqual({ kind: 'accepted' })
    expect(await store.intake.create(newCall({ applicationId: stranger, callee: '+4930111' }))).toEqual({
      kind: 'accepted',
    })
    await ask(url, "update calls set dial_sent_at = dial_sent_at - interval '1 day'")
    expect(await call(store)).toEqual({ kind: 'accepted' })
  })

  test('two calls to a callee keep their distance', async () => {
    await using store = await open({ minIntervalMs: 600_000, timeZone: 'UTC' })
    await using engine = startCampaignEngine(store, { answer: () => talked })
    expect(await call(store)).toEqual({ kind: 'accepted' })
    await eventually(() => engine.dialled.length === 1)
    const answer = await call(store)
    expect(answer).toMatchObject(refused('tooSoon'))
    await ask(url, "update calls set dial_sent_at = dial_sent_at - interval '601 seconds'")
    expect(await call(store)).toEqual({ kind: 'accepted' })
  })

  test('outside working time nobody is called', async () => {
    const hour = new Date().getUTCHours()
    const ranges = [{ fromS: ((hour + 2) % 24) * 3_600, toS: ((hour + 4) % 24) * 3_600 }]
    const workingTime = { timeZone: 'UTC', parts: [{ days: { kind: 'everyDay' as const }, ranges }] }
    await using store = await open({ workingTime, timeZone: 'UTC' })
    expect(await call(store)).toMatchObject(refused('notWorkingTime'))
  })
})
