import type { CampaignTrigger, DuePush } from '@parley/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { campaignWebhook } from '../src/campaigns/campaign-webhook.ts'
import type { Store } from '../src/index.ts'
import {
  busy,
  counted,
  everybody,
  inState,
  newCampaign,
  pass,
  startCampaignEngine,
  talked,
} from './support/campaign-house.ts'
import { startWorker } from './support/push-house.ts'
import { eventually } from './support/real-time.ts'
import { assistant, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const trigger: CampaignTrigger = {
  statuses: [206],
  tags: [],
  oncePerNumber: false,
  url: 'https://crm.example.com/hook',
  headers: {},
  params: {},
  returns: [],
  auth: { kind: 'bearer', token: 'very-secret-token' },
}

const route = {
  name: campaignWebhook(tenant),
  applicationId: tenant,
  events: [],
  retryDelaysMs: [5_000],
  timeoutMs: 10_000,
}

describe.each(serverVersions)('callbacks of campaigns on %s', (version) => {
  let url: string
  beforeEach(async () => {
    url = await createTestDatabase(version)
  }, 60_000)
  const open = async (): Promise<Store> => {
    const store = await openTestStore(url)
    await store.configure({ ...everybody, trunks: [trunk('one', 10, 1_000)] })
    return store
  }
  const events = (pushes: readonly DuePush[]) => pushes.map(({ event }) => event).toSorted()

  test('are sent for each match, or once a number', async () => {
    await using store = await open()
    const triggers = [trigger, { ...trigger, oncePerNumber: true }, { ...trigger, statuses: [1] }]
    await using worker = startWorker(store, [route], () => ({ kind: 'delivered' }))
    await using _ = startCampaignEngine(store, { answer: (__, nth) => (nth <= 2 ? busy : talked) })
    const id = await store.campaigns.create(newCampaign(['+493011'], { tries: 3 }, { triggers }))
    await eventually(() => worker.seen.length === 2)
    await pass(url, 605)
    await eventually(() => worker.seen.length === 3)
    await pass(url, 605)
    await inState(store, id, 'finished')
    await eventually(() => worker.seen.length === 4)
    expect(events(worker.seen)).toEqual([
      'campaign.matched.0',
      'campaign.matched.0',
      'campaign.matched.1',
      'campaign.matched.2',
    ])
    const [first] = worker.seen
    if (!first || first.event === 'webhook.test') throw new Error('nothing was sent')
    const found = await store.callbacks.find(tenant, first.callId, 0)
    expect(found).toMatchObject({ trigger, campaignId: id, callee: '+493011', status: 206, tags: [] })
    expect(await store.callbacks.find(stranger, first.callId, 0)).toBeUndefined()
    expect(await store.callbacks.find(tenant, first.callId, 9)).toBeUndefined()
  })

  test('have a receiver as soon as the campaign is there, also of an application that was made meanwhile', async () => {
    await using store = await open()
    const made = await store.applications.create({ name: 'new' })
    if (made.kind !== 'done') throw new Error(made.kind)
    const { applicationId } = made.value
    expect(await store.webhooks.acting()).toEqual([])
    await store.campaigns.create(newCampaign(['+493011'], {}, { triggers: [trigger], applicationId }))
    const receivers = async () =>
      (await store.webhooks.acting()).map((one) => [one.route.name, one.route.applicationId])
    expect(await receivers()).toEqual([[campaignWebhook(applicationId), applicationId]])
    await store.configure({ ...everybody, trunks: [] })
    expect(await receivers()).toEqual([[campaignWebhook(applicationId), applicationId]])
    expect(await store.webhooks.find([applicationId], campaignWebhook(applicationId))).toBeUndefined()
  })

  test('and retries wait for what is found out after the call', async () => {
    await using store = await open()
    const wish = { name: 'wish', value: 'later' }
    const triggers = [{ ...trigger, statuses: [], tags: [wish] }]
    await using worker = startWorker(store, [route], () => ({ kind: 'delivered' }))
    const asking = {
      ...assistant,
      afterCall: { extract: [{ kind: 'text' as const, name: 'wish' }], analyse: false },
    }
    await using engine = startCampaignEngine(store, {
      answer: () => talked,
      place: async ({ callId, callee }) => {
        const made = await store.intake.create(newCall({ callId, callee, assistant: asking }))
        return { kind: made.kind === 'accepted' ? 'taken' : 'noCapacity' }
      },
    })
    const id = await store.campaigns.create(newCampaign(['+493011'], { tries: 2, retryTags: [wish] }, { triggers }))
    const job = await eventually(async () => store.afterCallJobs.claim())
    expect(await store.campaigns.find(tenant, id)).toMatchObject({ state: 'running' })
    await counted(store, id, { answered: 1 })
    await store.afterCallJobs.finish(job, { extracted: { wish: 'Later' } })
    await eventually(async () => (await store.campaigns.progress(tenant, id))?.retrying === 1)
    await eventually(() => worker.seen.length === 1)
    await pass(url, 605)
    const second = await eventually(async () => store.afterCallJobs.claim())
    await store.afterCallJobs.finish(second, { extracted: { wish: 'never' } })
    await inState(store, id, 'finished')
    expect(engine.dialled).toHaveLength(2)
    expect(worker.seen).toHaveLength(1)
  })

  test('keep their secrets sealed', async () => {
    await using store = await open()
    await store.campaigns.create(newCampaign(1, {}, { triggers: [trigger] }))
    const [row] = await ask<{ text: string }>(
      url,
      "select c::text || encode(sealed, 'escape') as text from campaigns c",
    )
    expect(row?.text).not.toContain('very-secret-token')
  })
})
