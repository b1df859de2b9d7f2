import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callId } from '@parley/core'
import { afterAll, expect, test } from 'vitest'
import { wavFile } from '../../test/support/wav-file.ts'
import { LocalRecordingStore } from './local-recording-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-recordings-'))
const store = new LocalRecordingStore(folder)
const id = callId('5b1f2c7e-0000-4000-8000-000000000001')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([0, 0xffff_ffff, 16])(
  'a recording whose writer was killed (header says %i bytes) is readable after repair',
  async (declared) => {
    const path = store.pathFor(id)
    writeFileSync(path, wavFile({ seconds: 2, declaredBytes: Math.min(declared, 0xffff_ffff - 36), extraBytes: 3 }))
    expect(await store.repair(path)).toEqual({ path, durationMs: 2_000, bytes: 64_044 })
    expect(await readFile(path)).toEqual(wavFile({ seconds: 2, declaredBytes: 64_000 }))
  },
)

test('a whole recording is left as it is', async () => {
  const path = store.pathFor(id)
  const whole = wavFile({ seconds: 1, declaredBytes: 32_000 })
  writeFileSync(path, whole)
  expect(await store.repair(path)).toEqual({ path, durationMs: 1_000, bytes: 32_044 })
  expect(await readFile(path)).toEqual(whole)
})

test('what is no recording cannot be repaired', async () => {
  const path = join(folder, 'notes.wav')
  writeFileSync(path, wavFile({ seconds: 0, declaredBytes: 0 }).subarray(0, 30))
  expect(await store.repair(path)).toBeUndefined()
  expect(await store.repair(join(folder, 'missing.wav'))).toBeUndefined()
})

test('a byte range is inclusive on both sides', async () => {
  const path = store.pathFor(id)
  writeFileSync(path, '0123456789')
  expect(await store.stat(path)).toEqual({ bytes: 10 })
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(path, { start: 2, end: 5 })) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe('2345')
})

test('nothing outside the folder exists for the store', async () => {
  const outside = join(folder, '..', 'parley-outside.wav')
  writeFileSync(outside, wavFile({ seconds: 1, declaredBytes: 0 }))
  expect(await store.stat(outside)).toBeUndefined()
  expect(await store.repair(outside)).toBeUndefined()
  expect(await store.stat(folder)).toBeUndefined()
  await expect(async () => {
    for await (const _ of store.read(outside, { start: 0, end: 1 }));
  }).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await store.remove(outside)
  expect(existsSync(outside)).toBe(true)
  expect(() => store.pathFor(callId('../../etc/passwd'))).toThrow('no UUID')
  rmSync(outside)
})

test('a removed recording is gone, and may be removed again', async () => {
  const path = store.pathFor(id)
  writeFileSync(path, 'x')
  await store.remove(path)
  await store.remove(path)
  expect(await store.stat(path)).toBeUndefined()
})
