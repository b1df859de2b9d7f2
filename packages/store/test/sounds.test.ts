import { describe, expect, onTestFinished, test } from 'vitest'
import { openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

describe.each(serverVersions)('files to be played on %s', (version) => {
  test('are kept sample by sample, found by number and names, and not by other applications', async () => {
    const store = await openTestStore(await createTestDatabase(version))
    onTestFinished(() => store[Symbol.asyncDispose]())
    const samples = Int16Array.from({ length: 801 }, (_, i) => (i * 77) % 32_000)
    const first = await store.sounds.add(tenant, { customName: 'hello', fileName: 'a.mp3', samples })
    const second = await store.sounds.add(tenant, {
      customName: 'bye',
      fileName: 'a.mp3',
      samples: samples.subarray(1),
    })
    if (first === 'tooMany' || second === 'tooMany') throw new Error('too many')
    expect(await store.sounds.samples(tenant, first.fileId)).toEqual(samples)
    expect(await store.sounds.samples(tenant, second.fileId)).toEqual(samples.slice(1))
    expect(await store.sounds.samples(stranger, first.fileId)).toBeUndefined()
    const list = (query: object) => store.sounds.list({ applicationId: tenant, limit: 10, offset: 0, ...query })
    expect(await list({})).toEqual({ total: 2, sounds: [second, first] })
    expect(await list({ limit: 1, offset: 1 })).toEqual({ total: 2, sounds: [first] })
    expect(await list({ customNames: ['bye', 'x'], fileNames: ['a.mp3'] })).toEqual({ total: 1, sounds: [second] })
    expect(await list({ fileIds: [first.fileId], customNames: ['bye'] })).toEqual({ total: 0, sounds: [] })
    expect(await list({ applicationId: stranger })).toEqual({ total: 0, sounds: [] })
  })

  test('are fifty a day for each application, however many are sent at once', async () => {
    const url = await createTestDatabase(version)
    const store = await openTestStore(url)
    onTestFinished(() => store[Symbol.asyncDispose]())
    const add = () => store.sounds.add(tenant, { customName: 'x', fileName: 'x', samples: Int16Array.of(1) })
    const results = await Promise.all(Array.from({ length: 60 }, add))
    expect(results.filter((result) => result === 'tooMany')).toHaveLength(10)
    expect(await store.sounds.add(stranger, { customName: 'x', fileName: 'x', samples: Int16Array.of(1) })).not.toBe(
      'tooMany',
    )
    await ask(url, "update sounds set created_at = created_at - interval '1 day' where file_id <= 20")
    expect(await add()).not.toBe('tooMany')
  })
})
