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
    const made = await book.create(tenant, settings, [1_000_001])
    expect(made).toMatchObject({ kind: 'done', value: { ...settings, id: 1_000_002, version: 1 } })
    expect(await book.create(tenant, settings, [])).toEqual({ kind: 'exists' })
    expect(await book.create(stranger, settings, [])).toMatchObject({ kind: 'done' })
    const other = await book.create(tenant, { ...settings, name: 'other' }, [])
    expect(other).toMatchObject({ kind: 'done' })
    expect(await book.change(tenant, 1_000_002, 1, { name: 'other' })).toEqual({ kind: 'exists' })
    expect(await book.change(tenant, 1_000_002, 2, { ringMs: 5_000 })).toEqual({ kind: 'changed' })
    expect(await book.change(tenant, 1_000_002, 1, { ringMs: 5_000 })).toMatchObject({
      kind: 'done',
      value: { ...settings, ringMs: 5_000, version: 2 },
    })
    expect(await book.change(stranger, 1_000_002, '*', { name: 'x' })).toEqual({ kind: 'missing' })
    expect(await book.remove(stranger, 1_000_002)).toEqual({ kind: 'missing' })
    expect((await book.list(tenant)).map(({ name }) => name)).toEqual(['support', 'other'])
    expect(await book.all()).toHaveLength(3)
    expect(await book.remove(tenant, 1_000_002)).toMatchObject({ kind: 'done' })
    expect((await book.list(tenant)).map(({ name }) => name)).toEqual(['other'])
  })
})
