import type { CallSpec } from '@parley/core'
import { describe, expect, test } from 'vitest'
import type { Store, TrunkConfiguration } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const ours = { number: '+49301', applicationIds: [tenant] }
const theirs = { number: '+49302', applicationIds: [stranger] }
const shared = '+49303'

const configure = (store: Store, trunks: readonly TrunkConfiguration[]) =>
  store.configure({ applications: [{ applicationId: tenant }, { applicationId: stranger }], trunks })

async function openHouse(version: (typeof serverVersions)[number], trunks: readonly TrunkConfiguration[]) {
  const store = await openTestStore(await createTestDatabase(version))
  await configure(store, trunks)
  const stop = new AbortController()
  const placed: CallSpec[] = []
  let dispatching: Promise<void> | undefined
  return {
    store,
    placed,
    dispatch: () => {
      const place = async (spec: CallSpec) => void placed.push(spec)
      dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
    },
    create: (applicationId = tenant, callers: readonly string[] = [], acquireMs = 10_000) =>
      store.intake.create(newCall({ applicationId, callers, acquireMs })),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await dispatching
      await store[Symbol.asyncDispose]()
    },
  }
}

describe.each(serverVersions)('numbers of applications on %s', (version) => {
  test('nobody dials with a number of somebody else, which is answered as one that does not exist', async () => {
    await using house = await openHouse(version, [trunk('main', 50, 1_000, { numbers: [ours, theirs, shared] })])
    house.dispatch()
    expect(await house.create(tenant, [theirs.number])).toEqual({ kind: 'refused', reason: 'noNumber' })
    expect(await house.create(tenant, ['+49309'])).toEqual({ kind: 'refused', reason: 'noNumber' })
    for (let count = 0; count < 8; count += 1) {
      await house.create(tenant)
      await house.create(stranger)
    }
    await eventually(() => house.placed.length === 16)
    const used = (owner: number) =>
      new Set(house.placed.filter((spec) => spec.applicationId === owner).map(({ caller }) => caller))
    expect([...used(tenant)].toSorted()).toEqual([ours.number, shared])
    expect([...used(stranger)].toSorted()).toEqual([theirs.number, shared])
    // Among several it is chosen as if the others' were not there.
    expect(await house.create(tenant, [theirs.number, ours.number])).toEqual({ kind: 'accepted' })
    await eventually(() => house.placed.at(-1)?.caller === ours.number)
  })

  test('a number of all is still for none but the applications of its trunk', async () => {
    await using house = await openHouse(version, [
      trunk('main', 50, 1_000, { numbers: [shared], applicationIds: [stranger] }),
    ])
    expect(await house.create(tenant)).toEqual({ kind: 'refused', reason: 'noNumber' })
  })

  test('a trunk that names no application is for those that come later too', async () => {
    await using house = await openHouse(version, [trunk('main', 50, 1_000, { numbers: [shared] })])
    house.dispatch()
    expect(await house.create(4_711 as typeof tenant)).toEqual({ kind: 'accepted' })
  })

  test('a number that was given away while a call waited is not dialled with', async () => {
    await using house = await openHouse(version, [trunk('main', 50, 1_000, { numbers: [ours] })])
    const waiting = house.create(tenant, [], 1_500)
    await eventually(async () => (await house.store.records.list(allOf(tenant))).total === 1)
    await configure(house.store, [trunk('main', 50, 1_000, { numbers: [{ ...ours, applicationIds: [stranger] }] })])
    house.dispatch()
    expect(await waiting).toEqual({ kind: 'refused', reason: 'noCapacity' })
    expect(house.placed).toEqual([])
  })
})

const allOf = (applicationId: typeof tenant) => ({
  applicationId,
  fromMs: 0,
  toMs: Number.MAX_SAFE_INTEGER,
  limit: 10,
  offset: 0,
})
