import { applicationId, type TrunkSnapshot } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { counted, inState, newCampaign, startCampaignEngine, talked } from './support/campaign-house.ts'
import { eventually } from './support/real-time.ts'
import { newCall, openTestStore, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const off = applicationId(1_500_000_001)

describe.each(serverVersions)('an application that is switched off on %s', (version) => {
  async function open() {
    const url = await createTestDatabase(version)
    const store = await openTestStore(url)
    await store.configure({ applications: [], trunks: [trunk('one', 50, 1_000)] })
    await store.applications.create({ applicationId: off, name: 'Acme' })
    return { url, store, turn: (enabled: boolean) => store.applications.change(off, '*', { enabled }) }
  }

  test('makes no calls, and those that wait for a line get none', async () => {
    const { url, store, turn } = await open()
    await using _ = store
    const waiting = store.intake.create(newCall({ applicationId: off, acquireMs: 1_500 }))
    await eventually(async () => (await ask(url, 'select 1 from call_candidates')).length === 1)
    await turn(false)
    await using engine = startCampaignEngine(store, { answer: () => talked })
    expect(await waiting).toEqual({ kind: 'refused', reason: 'noCapacity' })
    expect(await store.intake.create(newCall({ applicationId: off }))).toEqual({ kind: 'refused', reason: 'noNumber' })
    expect(engine.dialled).toEqual([])
  })

  test('has campaigns that wait, and go on when it is switched on again', async () => {
    const { url, store, turn } = await open()
    await using _ = store
    await turn(false)
    const id = await store.campaigns.create(newCampaign(2, {}, { applicationId: off }))
    const other = await store.campaigns.create(newCampaign(1))
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await inState(store, other, 'finished')
    expect(engine.dialled).toHaveLength(1)
    expect(await store.campaigns.find(off, id)).toMatchObject({ state: 'initial' })
    await turn(true)
    await ask(url, "select pg_notify('parley_campaign', '')")
    await eventually(async () => (await store.campaigns.progress(off, id))?.answered === 2, 10_000)
    await counted(store, other, { answered: 1 })
  })

  test('is told to every engine, which takes no calls for it', async () => {
    const { store, turn } = await open()
    await using _ = store
    const seen: TrunkSnapshot[] = []
    const stop = new AbortController()
    const following = store.followTrunks({ onSnapshot: async (news) => void seen.push(news), signal: stop.signal })
    await eventually(() => seen.length > 0)
    await turn(false)
    await eventually(() => seen.at(-1)?.switchedOff.includes(off), 3_000)
    await turn(true)
    await eventually(() => seen.at(-1)?.switchedOff.length === 0, 3_000)
    stop.abort()
    await following
  })
})
