import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { callId } from '@parley/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  configure,
  finishCall,
  openPushStore,
  pass,
  route,
  rows,
  rowsWhen,
  startWorker,
  talk,
} from './support/push-house.ts'
import { eventually, realRandom } from './support/real-time.ts'
import { openTestStore, recordingsDir, stranger, tenant } from './support/sample-calls.ts'
import { type ServerVersion, serverVersions } from './support/test-database.ts'

const failed = { kind: 'failed', reason: 'status 500' } as const
const delivered = { kind: 'delivered' } as const

async function house(version: ServerVersion, routes = [route('crm')]) {
  const made = await openPushStore(version, routes)
  onTestFinished(() => made.store[Symbol.asyncDispose]())
  return made
}

describe.each(serverVersions)('the outbox on %s', (version) => {
  test('receivers are told of their own events of their own application, once', async () => {
    const all = route('all', { events: ['call.answered', 'call.ended', 'recording.ready'] })
    const foreign = route('foreign', { applicationId: stranger })
    const { url, store } = await house(version, [route('crm'), all, foreign])
    await finishCall(store)
    await finishCall(store, tenant, false)
    const told = (await rows(url)).map(({ webhook, event }) => `${webhook} ${event}`)
    expect(told.toSorted()).toEqual([
      ...Array(2).fill('all call.answered'),
      ...Array(2).fill('all call.ended'),
      'all recording.ready',
      ...Array(2).fill('crm call.ended'),
      'crm recording.ready',
    ])
  })

  test('a batch that fails leaves no push, and sent again whole it leaves one of each', async () => {
    const { url, store } = await house(version)
    const [incoming, answered, ended] = talk(callId(realRandom.uuid()))
    const broken = { ...answered, seq: 2 ** 40 }
    await expect(store.journal.append([incoming, answered, ended, broken])).rejects.toThrow()
    expect(await rows(url)).toEqual([])
    await store.journal.append([incoming, answered, ended])
    await store.journal.append([incoming, answered, ended])
    expect(await rows(url)).toHaveLength(2)
  })

  test('a push that fails is tried again after the waits of its receiver, then dead, and lives again when replayed', async () => {
    const { url, store } = await house(version, [route('crm', { events: ['call.ended'] })])
    let works = false
    await using worker = startWorker(store, [route('crm')], () => (works ? delivered : failed))
    await finishCall(store)
    const [first] = await rowsWhen(url, ({ reason }) => reason !== null)
    expect(first).toMatchObject({ state: 'pending', tries: 1, reason: 'status 500' })
    expect(first?.dueInS).toBeGreaterThan(3)
    expect(first?.dueInS).toBeLessThanOrEqual(6)
    await pass(url, 6)
    const [second] = await rowsWhen(url, ({ tries, dueInS }) => tries === 2 && dueInS > 25)
    expect(second?.dueInS).toBeGreaterThan(50)
    expect(second?.dueInS).toBeLessThanOrEqual(72)
    await pass(url, 72)
    const [last] = await rowsWhen(url, ({ state }) => state === 'dead')
    expect(last).toMatchObject({ tries: 3, reason: 'status 500' })
    expect(await store.pushes.dead([stranger], 10)).toEqual([])
    expect(await store.pushes.dead([tenant], 10)).toMatchObject([{ id: last?.id, webhook: 'crm', tries: 3 }])

    works = true
    expect(await store.pushes.replay('crm', [stranger])).toBeUndefined()
    expect(await store.pushes.replay('other', [tenant])).toBeUndefined()
    expect(await store.pushes.replay('crm', [tenant], ['00000000-0000-4000-8000-000000000000', 'x'])).toBe(0)
    expect(await store.pushes.replay('crm', [tenant], [last?.id ?? ''])).toBe(1)
    await rowsWhen(url, ({ state }) => state === 'delivered')
    expect(worker.seen.map(({ id, tryNumber }) => [id, tryNumber])).toEqual([1, 2, 3, 1].map((n) => [last?.id, n]))
    expect(await store.pushes.replay('crm', [tenant])).toBe(0)
  })

  test('a receiver that says never again is not asked again', async () => {
    const { url, store } = await house(version)
    await using worker = startWorker(store, [route('crm')], () => ({ ...failed, final: true }))
    await finishCall(store, tenant, false)
    expect(await rowsWhen(url, ({ state }) => state === 'dead')).toMatchObject([{ tries: 1 }])
    expect(worker.seen).toHaveLength(1)
  })

  test('an engine killed in the middle of a push has used up one try; the next one sends the same id', {
    timeout: 30_000,
  }, async () => {
    const { url, store } = await house(version, [route('crm', { events: ['call.ended'] })])
    await finishCall(store)
    const script = fileURLToPath(new URL('./support/push-process.ts', import.meta.url))
    const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
    const child = spawn(process.execPath, [...flags, script, url, recordingsDir()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const id = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
    const gone = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await gone
    await using worker = startWorker(store, [route('crm')], () => delivered)
    expect(await rows(url)).toMatchObject([{ id, state: 'pending', tries: 1 }])
    expect((await rows(url))[0]?.dueInS).toBeGreaterThan(10)
    expect(worker.seen).toEqual([])
    await pass(url, 30)
    await rowsWhen(url, ({ state }) => state === 'delivered')
    expect(worker.seen).toMatchObject([{ id, tryNumber: 2 }])
  })

  test('several engines deliver each push once', async () => {
    const { url, store } = await house(version)
    const others = await Promise.all([openTestStore(url), openTestStore(url)])
    for (const other of others) onTestFinished(() => other[Symbol.asyncDispose]())
    const calls = 60
    await Promise.all(Array.from({ length: calls }, () => finishCall(store)))
    const workers = [store, ...others].map((each) => startWorker(each, [route('crm')], () => delivered))
    await rowsWhen(url, ({ state }) => state === 'delivered')
    for (const worker of workers) await worker[Symbol.asyncDispose]()
    const ids = workers.flatMap(({ seen }) => seen.map(({ id }) => id))
    expect(ids).toHaveLength(2 * calls)
    expect(new Set(ids).size).toBe(2 * calls)
  })

  test('a receiver that hangs holds up nobody else, and stopping gives its tries back', async () => {
    const routes = [route('stuck'), route('crm')]
    const { url, store } = await house(version, routes)
    const worker = startWorker(store, routes, ({ webhook }, signal) =>
      webhook === 'crm'
        ? delivered
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    await Promise.all(Array.from({ length: 20 }, () => finishCall(store)))
    await rowsWhen(url, ({ webhook, state }) => webhook === 'stuck' || state === 'delivered')
    await eventually(() => worker.seen.filter(({ webhook }) => webhook === 'stuck').length === 8)
    await worker[Symbol.asyncDispose]()
    const stuck = (await rows(url)).filter(({ webhook }) => webhook === 'stuck')
    expect(stuck).toHaveLength(40)
    for (const row of stuck) expect(row).toMatchObject({ state: 'pending', tries: 0 })
  })

  test('what waits for a receiver that leaves the configuration is dead, and lives again with it', async () => {
    const { url, store } = await house(version)
    await finishCall(store, tenant, false)
    await configure(store, [])
    expect(await rows(url)).toMatchObject([{ state: 'dead', reason: 'receiver was removed' }])
    await finishCall(store)
    expect(await rows(url)).toHaveLength(1)
    expect(await store.pushes.replay('crm', [tenant])).toBeUndefined()
    await configure(store, [route('crm')])
    expect(await store.pushes.replay('crm', [tenant])).toBe(1)
    await using worker = startWorker(store, [route('crm')], () => delivered)
    await rowsWhen(url, ({ state }) => state === 'delivered')
    expect(worker.seen).toHaveLength(1)
  })

  test('a name that is given to another application does not get the calls of the former one', async () => {
    const { url, store } = await house(version)
    await finishCall(store, tenant, false)
    await configure(store, [route('crm', { applicationId: stranger })])
    expect(await rows(url)).toMatchObject([{ state: 'dead' }])
    expect(await store.pushes.replay('crm', [tenant, stranger])).toBe(0)
  })
})
