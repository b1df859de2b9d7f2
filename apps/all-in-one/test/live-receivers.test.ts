import { expect, test } from 'vitest'
import { eventually } from '../../../packages/store/test/support/real-time.ts'
import { openTestStore, tenant } from '../../../packages/store/test/support/sample-calls.ts'
import { createTestDatabase } from '../../../packages/store/test/support/test-database.ts'
import { LiveReceivers } from '../src/live-receivers.ts'

const settings = { name: 'CRM', url: 'https://crm.example.com/', events: ['call.ended'], timeoutMs: 5_000 } as const

test('every process of a database takes up webhooks that are made, changed and deleted in another', async () => {
  const url = await createTestDatabase('bundled 18')
  await using here = await openTestStore(url, 3)
  await using there = await openTestStore(url, 3)
  await here.configure({ applications: [{ applicationId: tenant }], trunks: [] })
  const receivers = new LiveReceivers({ webhooks: [] }, there.webhooks)
  const stop = new AbortController()
  const following = there.keys.follow(() => receivers.refresh(), stop.signal)

  const made = await here.webhooks.create(tenant, { ...settings, format: 'standard' })
  if (made.kind !== 'done') throw new Error(made.kind)
  const { id } = made.value.webhook
  const receiver = await eventually(() => receivers.receiverOf(id))
  expect(receiver).toMatchObject({ format: 'standard', url: settings.url, timeoutMs: 5_000 })
  expect(receivers.routes).toMatchObject([{ name: id, applicationId: tenant, events: ['call.ended'], version: 1 }])
  await here.webhooks.rotate([tenant], id, 60_000)
  await eventually(() => {
    const rotated = receivers.receiverOf(id)
    return rotated?.format === 'standard' && rotated.secrets.length === 2
  })
  await here.webhooks.change([tenant], id, '*', { url: 'https://elsewhere.example.com/' })
  await eventually(() => receivers.receiverOf(id)?.url === 'https://elsewhere.example.com/')
  await here.webhooks.remove([tenant], id)
  await eventually(() => receivers.receiverOf(id) === undefined)
  expect(receivers.routes).toEqual([])
  stop.abort()
  await following
})
