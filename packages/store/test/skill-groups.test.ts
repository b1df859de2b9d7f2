import { skillGroupDefaults } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

const settings = { ...skillGroupDefaults, name: 'support', targets: [{ number: '+4930111', trunk: 'main' }] }

describe.each(serverVersions)('skill groups on %s', (version) => {
  test('are made, changed for their version and removed by their application alone', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    await store.configure({ applications: [{ applicationId: tenant }, { applicationId: stranger }], trunks: [] })
    const book = store.skillGroups
    const made = await book.create(tenant, settings, [])
    expect(made).toMatchObject({ kind: 'done', value: { ...settings, version: 1 } })
    const id = made.kind === 'done' ? made.value.id : 0
    expect(id).toBeGreaterThan(999_999)
    expect(await book.create(tenant, settings, [])).toEqual({ kind: 'exists' })
    expect(await book.create(stranger, settings, [])).toMatchObject({ kind: 'done' })
    const other = await book.create(tenant, { ...settings, name: 'other' }, [])
    expect(other).toMatchObject({ kind: 'done' })
    expect(await book.change(tenant, id, 1, { name: 'other' })).toEqual({ kind: 'exists' })
    expect(await book.change(tenant, id, 2, { ringMs: 5_000 })).toEqual({ kind: 'changed' })
    expect(await book.change(tenant, id, 1, { ringMs: 5_000 })).toMatchObject({
      kind: 'done',
      value: { ...settings, ringMs: 5_000, version: 2 },
    })
    expect(await book.change(stranger, id, '*', { name: 'x' })).toEqual({ kind: 'missing' })
    expect(await book.remove(stranger, id)).toEqual({ kind: 'missing' })
    expect((await book.list(tenant)).map(({ name }) => name).toSorted()).toEqual(['other', 'support'])
    expect(await book.all()).toHaveLength(3)
    expect(await book.remove(tenant, id)).toMatchObject({ kind: 'done' })
    expect((await book.list(tenant)).map(({ name }) => name)).toEqual(['other'])
  })
})
