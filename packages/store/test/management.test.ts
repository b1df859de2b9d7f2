import { applicationId, type KeyDirectory } from '@parley/core'
import { describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const configuration = (keys: readonly string[], ids = [tenant, stranger]) => ({
  applications: ids.map((id) => ({
    applicationId: id,
    name: 'declared',
    keys: id === tenant ? keys.map((secretId) => ({ secretId, role: 'viewer' as const })) : [],
  })),
  trunks: [],
})

/** Before anybody looks by himself. */
const soonMs = 1_900

async function madeApplication(store: Store) {
  const made = await store.applications.create({ name: 'Acme' })
  if (made.kind !== 'done') throw new Error(made.kind)
  return made.value.applicationId
}

async function madeKey(store: Store, id: Awaited<ReturnType<typeof madeApplication>>) {
  const made = await store.applications.createKey(id, { name: 'one', role: 'operator' })
  if (made.kind !== 'done') throw new Error(made.kind)
  return { secretId: made.value.key.secretId, secret: made.value.secretKey.reveal() }
}

const actingIds = async (keys: KeyDirectory) => (await keys.current()).keys.map(({ secretId }) => secretId)

describe.each(serverVersions)('applications and keys on %s', (version) => {
  test('a key acts for its application, and its secret is not in the database in clear', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    const id = await madeApplication(store)
    expect(id).toBeGreaterThan(1_500_000_000)
    const { secretId, secret } = await madeKey(store, id)
    const { applications, keys } = await store.keys.current()
    expect(applications).toEqual([id])
    expect(keys.map(({ secretKey, ...key }) => ({ ...key, secret: secretKey.reveal() }))).toEqual([
      { secretId, role: 'operator', applicationId: id, secret },
    ])
    const dump = await ask(url, `select encode(sealed, 'escape') as sealed, k::text as row from api_keys k`)
    expect(JSON.stringify(dump)).not.toContain(secret)
  })

  test('a sealed secret that is copied to another key is of no use', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    const id = await madeApplication(store)
    const [first, second] = [await madeKey(store, id), await madeKey(store, id)]
    await ask(
      url,
      'update api_keys set sealed = (select sealed from api_keys where secret_id = $1) where secret_id = $2',
      [first.secretId, second.secretId],
    )
    expect(await actingIds(store.keys)).toEqual([first.secretId])
  })

  test('a key that expires, is switched off, deleted or of a switched off application is not in force', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    const id = await madeApplication(store)
    const { applications, keys } = store
    const one = await madeKey(store, id)
    await applications.changeKey(id, one.secretId, 1, { enabled: false })
    expect(await actingIds(keys)).toEqual([])
    await applications.changeKey(id, one.secretId, 2, { enabled: true })
    const next = await applications.rotateKey(id, one.secretId, 0)
    expect(next).toMatchObject({ kind: 'done', value: { key: { name: 'one', role: 'operator' } } })
    const successor = next.kind === 'done' ? next.value.key.secretId : ''
    expect(await actingIds(keys)).toEqual([successor])
    expect(await applications.key(id, one.secretId)).toBeUndefined()
    const graced = await applications.rotateKey(id, successor, 3_600_000)
    expect(await actingIds(keys)).toHaveLength(2)
    await applications.change(id, '*', { enabled: false })
    expect(await actingIds(keys)).toEqual([])
    await applications.change(id, '*', { enabled: true })
    expect(await applications.deleteKey(id, successor)).toMatchObject({ kind: 'done' })
    expect(await actingIds(keys)).toEqual(graced.kind === 'done' ? [graced.value.key.secretId] : [])
  })

  test('a change made for another version is not done, and nobody reaches the key of another application', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    const [id, other] = [await madeApplication(store), await madeApplication(store)]
    const { secretId } = await madeKey(store, id)
    const { applications } = store
    expect(await applications.changeKey(id, secretId, 7, { name: 'x' })).toEqual({ kind: 'changed' })
    expect(await applications.change(id, 7, { name: 'x' })).toEqual({ kind: 'changed' })
    expect(await applications.changeKey(other, secretId, '*', { name: 'x' })).toEqual({ kind: 'missing' })
    expect(await applications.rotateKey(other, secretId, 0)).toEqual({ kind: 'missing' })
    expect(await applications.deleteKey(other, secretId)).toEqual({ kind: 'missing' })
    expect(await applications.key(other, secretId)).toBeUndefined()
    expect(await applications.keys(other, '', 10)).toEqual([])
  })

  test('of two changes for one version at the same time one is done', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    const id = await madeApplication(store)
    const kinds = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => (await store.applications.change(id, 1, { name })).kind),
    )
    expect(kinds.toSorted()).toEqual(['changed', 'changed', 'done'])
  })

  test('what is declared is shown and refused to be changed; what leaves the configuration acts no more', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    await store.configure(configuration(['file-key', 'old-key']))
    const { applications } = store
    expect(await applications.key(tenant, 'file-key')).toMatchObject({ declared: true, role: 'viewer' })
    expect(await applications.changeKey(tenant, 'file-key', '*', { role: 'admin' })).toEqual({ kind: 'declared' })
    expect(await applications.deleteKey(tenant, 'file-key')).toEqual({ kind: 'declared' })
    expect(await applications.change(tenant, '*', { enabled: false })).toEqual({ kind: 'declared' })
    expect(await applications.create({ applicationId: tenant, name: '' })).toEqual({ kind: 'exists' })
    const own = await madeKey(store, stranger)
    await store.configure(configuration(['file-key'], [tenant]))
    expect((await applications.keys(tenant, '', 10)).map(({ secretId }) => secretId)).toEqual(['file-key'])
    expect(await applications.find(stranger)).toMatchObject({ declared: false, enabled: false })
    expect(await actingIds(store.keys)).toEqual([])
    await store.configure(configuration(['file-key']))
    expect(await actingIds(store.keys)).toEqual([own.secretId])
  })

  test('numbers of applications go round those of the configuration', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    const taken = applicationId(1_500_000_001)
    await store.configure(configuration([], [taken]))
    expect(await madeApplication(store)).not.toBe(taken)
  })

  test('another process is told of a change, and last use is noted', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await using other = await openTestStore(url)
    const stop = new AbortController()
    let seen: readonly string[] = []
    const following = other.keys.follow(async () => {
      seen = await actingIds(other.keys)
    }, stop.signal)
    const id = await madeApplication(store)
    const { secretId } = await madeKey(store, id)
    await eventually(() => seen.includes(secretId), soonMs)
    await store.keys.noteUse([secretId])
    expect((await store.applications.key(id, secretId))?.lastUsedAtMs).toBeGreaterThan(0)
    await store.applications.deleteKey(id, secretId)
    await eventually(() => seen.length === 0, soonMs)
    stop.abort()
    await following
  })

  test('the audit log is read backwards, and to an application its own part', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    const entry = { actor: 'installation', operation: 'postApplications', target: '/v1/applications/1', details: {} }
    await store.audit.begin({ ...entry, details: { name: 'a\u0000b' } })
    const made = await store.audit.begin({ ...entry, applicationId: tenant })
    const refused = await store.audit.begin({ ...entry, applicationId: stranger })
    await store.audit.settle(made, 'done', '/v1/made/7')
    await store.audit.settle(refused, 'refused')
    const all = await store.audit.list('all', undefined, 2)
    expect(all).toMatchObject([
      { applicationId: stranger, outcome: 'refused', target: entry.target },
      { applicationId: tenant, outcome: 'done', target: '/v1/made/7' },
    ])
    expect(await store.audit.list('all', all[1], 2)).toMatchObject([{ details: { name: 'ab' }, outcome: 'begun' }])
    expect(await store.audit.list(new Set([tenant]), undefined, 9)).toMatchObject([{ applicationId: tenant }])
  })
})
