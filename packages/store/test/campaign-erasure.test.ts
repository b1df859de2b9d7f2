import type { CallId } from '@parley/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { busy, counted, inState, newCampaign, pass, startCampaignEngine, talked } from './support/campaign-house.ts'
import { eventually } from './support/real-time.ts'
import { assistant, newCall, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const number = '+493011'
const wish = { name: 'wish', value: 'later' }
const asking = { ...assistant, afterCall: { extract: [{ kind: 'text' as const, name: 'wish' }], analyse: false } }

describe.each(serverVersions)('erasure and campaigns on %s', (version) => {
  let url: string
  beforeEach(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  async function open(): Promise<Store> {
    const store = await openTestStore(url)
    await store.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('one', 50, 1_000)] })
    return store
  }
  /** The call of the one attempt there is. */
  const theCall = async (): Promise<CallId> =>
    eventually(async () => (await ask<{ id: CallId }>(url, 'select call_id as id from campaign_attempts'))[0]?.id)

  test('a call that is erased before anything is found out of it does not make its callee be called again', async () => {
    await using store = await open()
    await using engine = startCampaignEngine(store, {
      answer: () => talked,
      place: async ({ callId, callee }) => {
        const made = await store.intake.create(newCall({ callId, callee, assistant: asking }))
        return { kind: made.kind === 'accepted' ? 'taken' : 'noCapacity' }
      },
    })
    const id = await store.campaigns.create(newCampaign([number], { tries: 3, retryTags: [wish] }))
    await counted(store, id, { answered: 1 })
    expect(await store.erasure.erase(tenant, await theCall())).toBe('erased')
    await pass(url, 605)
    await inState(store, id, 'finished')
    await counted(store, id, { answered: 1, retrying: 0, waiting: 0 })
    expect(engine.dialled).toEqual([number])
  })

  test('a call is not erased before its campaign has drawn its consequences', async () => {
    await using store = await open()
    const id = await store.campaigns.create(newCampaign([number]))
    {
      await using _ = startCampaignEngine(store, { answer: () => 'talks on' })
      await counted(store, id, { running: 1 })
      await eventually(async () => (await store.records.find(tenant, await theCall())) !== undefined)
    }
    const call = await theCall()
    await store.journal.append([
      { callId: call, seq: 0, wallMs: Date.now(), body: { type: 'call.answered' } },
      { callId: call, seq: 1, wallMs: Date.now(), body: { type: 'call.ended', outcome: talked } },
    ])
    expect(await store.erasure.erase(tenant, call)).toBe('inProgress')
    expect(await store.erasure.erasePhone(tenant, number)).toEqual({ erased: 0, inProgress: 1 })
    await using engine = startCampaignEngine(store, { answer: () => talked })
    await inState(store, id, 'finished')
    expect(await store.erasure.erase(tenant, call)).toBe('erased')
    await counted(store, id, { answered: 1 })
    expect(engine.dialled).toEqual([])
  })

  test('a number that is erased is in no campaign any more, and nobody is called in its place', async () => {
    await using store = await open()
    const plan = { tries: 2, retryIntervalMs: 60_000 }
    const id = await store.campaigns.create(newCampaign([number, '+493012'], plan))
    const future = { notBeforeMs: Date.now() + 3_600_000 }
    const own = { callees: [{ callee: '0049 30 11', variables: { name: 'Rumpelstiltskin' } }, { callee: '+493013' }] }
    const later = await store.campaigns.create(newCampaign(0, plan, { ...future, ...own }))
    await using engine = startCampaignEngine(store, { answer: (_, nth) => (nth === 1 ? busy : talked) })
    await counted(store, id, { retrying: 2 })
    expect(await store.erasure.erasePhone(tenant, number)).toEqual({ erased: 1, inProgress: 0 })
    expect(await store.campaigns.progress(tenant, id)).toMatchObject({ retrying: 1, unanswered: 1, failed: { 206: 1 } })
    expect(await store.campaigns.progress(tenant, later)).toMatchObject({ waiting: 1, unanswered: 1, failed: {} })
    const left = await ask(
      url,
      `select 1 from campaign_callees k where k::text ~ '4930[ ]?11' or k::text like '%Rumpel%'
       union all select 1 from campaign_attempts a where a::text like '%493011%'`,
    )
    expect(left).toEqual([])
    await pass(url, 65)
    await inState(store, id, 'finished')
    expect(engine.dialled.toSorted()).toEqual([number, '+493012', '+493012'])
    const callees = await store.campaigns.callees(tenant, later, { limit: 10, fromPosition: 0 })
    expect(callees.map(({ callee }) => callee)).toEqual(['', '+493013'])
  })
})
