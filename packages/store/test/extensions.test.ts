import { describe, expect, test } from 'vitest'
import { openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const settings = { name: 'desk', skillGroupIds: [1_000_001], relation: 'anna@example.com' }

describe.each(serverVersions)('extensions on %s', (version) => {
  test('are made, changed and removed by their application alone; two applications may have one of the same id', async () => {
    await using store = await openTestStore(await createTestDatabase(version))
    await store.configure({ applications: [{ applicationId: tenant }, { applicationId: stranger }], trunks: [] })
    const book = store.extensions
    expect(await book.create(tenant, '1001', settings)).toMatchObject({
      kind: 'done',
      value: { ...settings, extensionId: '1001', createdAtMs: expect.any(Number) },
    })
    expect(await book.create(tenant, '1001', settings)).toEqual({ kind: 'exists' })
    expect(await book.change(stranger, '1001', { name: 'x' })).toEqual({ kind: 'missing' })
    expect(await book.resetPassword(stranger, '1001')).toEqual({ kind: 'missing' })
    expect(await book.remove(stranger, '1001')).toEqual({ kind: 'missing' })
    expect(await book.account(stranger, '1001')).toBeUndefined()
    expect(await book.create(stranger, '1001', settings)).toMatchObject({ kind: 'done' })
    expect(await book.change(tenant, '1001', { name: 'hall', skillGroupIds: [] })).toMatchObject({
      kind: 'done',
      value: { name: 'hall', skillGroupIds: [], relation: settings.relation },
    })
    expect((await book.list(tenant)).map(({ name }) => name)).toEqual(['hall'])
    expect((await book.list(stranger)).map(({ name }) => name)).toEqual(['desk'])
    expect(await book.accounts()).toHaveLength(2)
    expect(await book.remove(tenant, '1001')).toEqual({ kind: 'done', value: undefined })
    expect(await book.list(tenant)).toEqual([])
    expect(await book.accounts()).toMatchObject([{ applicationId: stranger, extensionId: '1001' }])
  })

  test('have a drawn password that is not in the database in clear, and another one after a reset', async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await store.configure({ applications: [{ applicationId: tenant }], trunks: [] })
    const book = store.extensions
    await book.create(tenant, '1001', settings)
    const first = (await book.account(tenant, '1001'))?.password.reveal() ?? ''
    expect(first).toMatch(/^[\w-]{24}$/)
    expect((await book.accounts()).map(({ password }) => password.reveal())).toEqual([first])
    expect(JSON.stringify(await ask(url, `select encode(sealed, 'escape') as s from extensions`))).not.toContain(first)
    await book.resetPassword(tenant, '1001')
    const second = (await book.account(tenant, '1001'))?.password.reveal()
    expect(second).not.toBe(first)
    expect((await book.accounts()).map(({ password }) => password.reveal())).toEqual([second])
  })
})
