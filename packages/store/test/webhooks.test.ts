import { type DuePush, Secret, silentLogger, type WebhookSettings } from '@parley/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore, type Store } from '../src/index.ts'
import { configure, finishCall, route, rows, rowsWhen, startWorker } from './support/push-house.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { openTestStore, recordingsDir, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, type ServerVersion, serverVersions } from './support/test-database.ts'

const settings: WebhookSettings = {
  name: 'the CRM',
  url: 'https://crm.example.com/calls',
  format: 'standard',
  events: ['call.ended'],
  timeoutMs: 5_000,
}

async function house(version: ServerVersion) {
  const url = await createTestDatabase(version)
  const store = await openTestStore(url)
  onTestFinished(() => store[Symbol.asyncDispose]())
  await configure(store, [route('declared', { events: [] })])
  return { url, store, book: store.webhooks }
}

async function make(store: Store, change: Partial<WebhookSettings> = {}) {
  const made = await store.webhooks.create(tenant, { ...settings, ...change })
  if (made.kind !== 'done') throw new Error(made.kind)
  return { id: made.value.webhook.id, secret: made.value.secret?.reveal() ?? '' }
}

const secretsOf = async (store: Store, id: string) =>
  (await store.webhooks.acting()).find((one) => one.route.name === id)?.target?.secrets.map((secret) => secret.reveal())

describe.each(serverVersions)('webhooks on %s', (version) => {
  test('are made, shown, changed for their version and removed by their application alone', async () => {
    const { store, book } = await house(version)
    const { id } = await make(store)
    expect(await book.find([tenant], id)).toMatchObject({ ...settings, id, declared: false, enabled: true, version: 1 })
    expect(await book.find([stranger], id)).toBeUndefined()
    expect((await book.list(tenant, '', 10)).map((one) => [one.id, one.declared])).toEqual([
      ['declared', true],
      [id, false],
    ])
    expect((await book.list(tenant, 'declared', 10)).map((one) => one.id)).toEqual([id])
    expect(await book.list(stranger, '', 10)).toEqual([])
    expect(await book.change([tenant], id, 2, { name: 'x' })).toEqual({ kind: 'changed' })
    expect(await book.change([tenant], id, 1, { timeoutMs: 9_000 })).toMatchObject({
      kind: 'done',
      value: { ...settings, timeoutMs: 9_000, version: 2 },
    })
    for (const owners of [[stranger], []]) {
      expect(await book.change(owners, id, '*', { name: 'x' })).toEqual({ kind: 'missing' })
      expect(await book.enable(owners, id, false)).toEqual({ kind: 'missing' })
      expect(await book.rotate(owners, id, 1_000)).toEqual({ kind: 'missing' })
      expect(await book.remove(owners, id)).toEqual({ kind: 'missing' })
      expect(await book.test(owners, id)).toBeUndefined()
    }
    expect(await book.create(999 as typeof tenant, settings)).toEqual({ kind: 'missing' })
    expect(await book.remove([tenant], id)).toMatchObject({ kind: 'done' })
    expect(await book.find([tenant], id)).toBeUndefined()
    expect(await book.remove([tenant], id)).toEqual({ kind: 'missing' })
  })

  test('of the configuration are shown and not changed, and those made by the API survive its next start', async () => {
    const { store, book } = await house(version)
    const { id } = await make(store)
    expect(await book.find([tenant], 'declared')).toMatchObject({ declared: true, name: 'declared', timeoutMs: 10_000 })
    expect(await book.change([tenant], 'declared', '*', { name: 'x' })).toEqual({ kind: 'declared' })
    expect(await book.enable([tenant], 'declared', false)).toEqual({ kind: 'declared' })
    expect(await book.rotate([tenant], 'declared', 0)).toEqual({ kind: 'declared' })
    expect(await book.remove([tenant], 'declared')).toEqual({ kind: 'declared' })
    expect((await book.acting()).map((one) => one.route.name)).toEqual([id])
    await configure(store, [])
    expect((await book.list(tenant, '', 10)).map((one) => one.id)).toEqual([id])
    expect((await book.acting()).map((one) => one.route.name)).toEqual([id])
  })

  test('keep their secrets sealed, for their own row and master key alone', async () => {
    const { url, store, book } = await house(version)
    const { id, secret } = await make(store)
    const password = 'very-secret-password'
    const ccc = { ...settings, format: 'ccc', username: 'u' } as const
    const other = await book.create(tenant, ccc, new Secret(password))
    const kept = JSON.stringify(
      await ask(url, 'select w::text, encode(sealed, $1) as sealed from webhooks w', ['escape']),
    )
    expect(kept).not.toContain(password)
    expect(kept).not.toContain(secret)
    expect(await secretsOf(store, id)).toEqual([secret])
    const target = (await book.acting()).find((one) => one.target?.format === 'ccc')?.target
    expect([target?.basic?.username, target?.basic?.password.reveal()]).toEqual(['u', password])
    await using wrong = await openStore({
      ...{ connection: { url }, clock: realClock, random: realRandom, logger: silentLogger },
      recordingsDir: recordingsDir(),
      masterKey: new Uint8Array(32).fill(9),
    })
    expect(await wrong.webhooks.acting()).toEqual([])
    const replaced = await make(store)
    await wrong.webhooks.rotate([tenant], replaced.id, 60_000)
    expect(await secretsOf(wrong, replaced.id)).toHaveLength(1)
    await book.remove([tenant], replaced.id)
    const otherId = other.kind === 'done' ? other.value.webhook.id : ''
    await ask(url, 'update webhooks set sealed = (select sealed from webhooks where name = $1) where name = $2', [
      id,
      otherId,
    ])
    expect((await book.acting()).map((one) => one.route.name)).toEqual([id])
  })

  test('sign with the old secret too until the grace is over by the clock of the database', async () => {
    const { url, store, book } = await house(version)
    const { id, secret } = await make(store)
    const rotated = await book.rotate([tenant], id, 60_000)
    const next = rotated.kind === 'done' ? rotated.value.secret?.reveal() : undefined
    expect(next).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(next).not.toBe(secret)
    expect(await secretsOf(store, id)).toEqual([next, secret])
    await ask(url, "update webhooks set before_until = before_until - interval '61 s'")
    expect(await secretsOf(store, id)).toEqual([next])
    await book.rotate([tenant], id, 0)
    expect(await secretsOf(store, id)).toHaveLength(1)
  })

  test('are no more than a hundred of one application', async () => {
    const { store, book } = await house(version)
    for (let count = 0; count < 100; count += 1) await make(store)
    expect(await book.create(tenant, settings)).toEqual({ kind: 'full' })
    expect(await book.create(stranger, settings)).toMatchObject({ kind: 'done' })
  })

  test('are told of calls as long as they are there and switched on', async () => {
    const { url, store, book } = await house(version)
    const routes = [route('x')]
    const seen: DuePush[] = []
    await using worker = startWorker(store, routes, (push) => {
      seen.push(push)
      return { kind: 'delivered', status: 204 }
    })
    const { id } = await make(store)
    const call = await finishCall(store)
    // Another process takes it up while it runs.
    const takeUp = async () => {
      routes.splice(0, routes.length, ...(await book.acting()).map((one) => one.route))
    }
    await takeUp()
    await eventually(() => worker.seen.length === 1)
    expect(seen).toMatchObject([{ webhook: id, event: 'call.ended', callId: call }])
    await rowsWhen(url, ({ state }) => state === 'delivered')
    await book.enable([tenant], id, false)
    await finishCall(store)
    expect(await book.test([tenant], id)).toBeUndefined()
    expect(await rows(url)).toHaveLength(1)
    await book.enable([tenant], id, true)
    await takeUp()
    await finishCall(store)
    await eventually(() => worker.seen.length === 2)
    await book.remove([tenant], id)
    await finishCall(store)
    expect(await rows(url)).toHaveLength(2)
  })

  test('that have changed get nothing from a process that has not heard of it', async () => {
    const { url, store, book } = await house(version)
    const { id } = await make(store)
    const [before] = await book.acting()
    await book.rotate([tenant], id, 0)
    const [after] = await book.acting()
    const other = await make(store)
    const known = [before, (await book.acting()).find((one) => one.route.name === other.id)]
    const routes = known.flatMap((one) => (one ? [one.route] : []))
    await finishCall(store)
    await using worker = startWorker(store, routes, () => ({ kind: 'delivered' }))
    await eventually(async () => (await rows(url)).some(({ state }) => state === 'delivered'))
    expect(worker.seen.map(({ webhook }) => webhook)).toEqual([other.id])
    routes.push(...(after ? [after.route] : []))
    await eventually(() => worker.seen.length === 2)
    expect(worker.seen[1]?.webhook).toBe(id)
  })

  test('that are switched off or removed leave what waited dead, and a process that has not heard of it sends nothing', async () => {
    const { url, store, book } = await house(version)
    const { id } = await make(store)
    await finishCall(store)
    await book.enable([tenant], id, false)
    expect(await rows(url)).toMatchObject([{ state: 'dead', reason: 'receiver was switched off' }])
    expect(await store.pushes.replay(id, [tenant])).toBeUndefined()
    await book.enable([tenant], id, true)
    expect(await store.pushes.replay(id, [tenant])).toBe(1)
    await book.remove([tenant], id)
    expect(await rows(url)).toMatchObject([{ state: 'dead', reason: 'receiver was removed' }])
    // As if the event had come in the same moment.
    await ask(url, "update pushes set state = 'pending', settled_at = null")
    const slow = await make(store)
    await finishCall(store)
    await using worker = startWorker(store, [route(id), route(slow.id)], () => ({ kind: 'delivered' }))
    await eventually(() => worker.seen.length === 1)
    expect(worker.seen).toMatchObject([{ webhook: slow.id }])
    await rowsWhen(url, ({ webhook, state }) => webhook !== id || state === 'dead')
  })

  test('that were removed are forgotten with the last push that refers to them', async () => {
    const { url, store, book } = await house(version)
    const { id } = await make(store)
    const gone = await make(store)
    await finishCall(store)
    await book.remove([tenant], id)
    await book.remove([tenant], gone.id)
    await ask(url, "update webhooks set removed_at = removed_at - interval '31 days'")
    await ask(url, 'delete from pushes where webhook = $1', [gone.id])
    await using _ = startWorker(store, [], () => ({ kind: 'delivered' }))
    const left = () => ask<{ name: string }>(url, 'select name from webhooks order by name')
    await eventually(async () => (await left()).length === 2)
    expect((await left()).map(({ name }) => name)).toEqual(['declared', id])
  })

  test('show their deliveries, the latest first and page by page, and a test is tried once', async () => {
    const { store, book } = await house(version)
    const { id } = await make(store)
    let status = 500
    await using _ = startWorker(store, [route(id)], () =>
      status === 500 ? { kind: 'failed', reason: 'status 500', status } : { kind: 'delivered', status },
    )
    const call = await finishCall(store)
    await eventually(async () => (await book.deliveries(id, undefined, 5))[0]?.status === 500)
    const tried = await book.test([tenant], id)
    await eventually(async () => (await book.deliveries(id, undefined, 5))[0]?.state === 'dead')
    status = 204
    const again = await book.test([tenant], id)
    await eventually(async () => (await book.deliveries(id, undefined, 5))[0]?.state === 'delivered')
    const all = await book.deliveries(id, undefined, 5)
    expect(all).toMatchObject([
      { id: again, event: 'webhook.test', tries: 1, status: 204 },
      { id: tried, event: 'webhook.test', state: 'dead', tries: 1, status: 500, reason: 'status 500' },
      { event: 'call.ended', callId: call, state: 'pending', tries: 1, status: 500, reason: 'status 500' },
    ])
    expect(all[0]?.callId).toBeUndefined()
    expect(all[2]?.dueAtMs).toBeGreaterThan(all[2]?.triedAtMs ?? Number.MAX_VALUE)
    expect(await book.deliveries(id, all[0], 1)).toEqual([all[1]])
    expect(await book.deliveries(id, all[2], 5)).toEqual([])
    expect((await store.pushes.dead([tenant], 5)).map((dead) => [dead.id, dead.callId])).toEqual([[tried, undefined]])
  })
})
