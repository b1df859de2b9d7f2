import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CallId,
  type Clock,
  callId,
  type RecordingEncoder,
  type RecordingFormat,
  silentLogger,
} from '@parley/core'
import { type S3House, startS3 } from '@parley/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openStore, type S3Settings, type Store } from '../src/index.ts'
import { realClock, realRandom, eventually as soon } from './support/real-time.ts'
import { event, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'
import { wavFile } from './support/wav-file.ts'

// The machine may be busy with other tests.
vi.setConfig({ testTimeout: 90_000 })
const eventually: typeof soon = (seen) => soon(seen, 60_000)

const wav = wavFile({ seconds: 2, declaredBytes: 64_000 })
/** Stands for an encoder: the first kilobyte. */
const encoder: RecordingEncoder = {
  encode: async ({ from, to }) => writeFileSync(to, (await readFile(from)).subarray(0, 1_000)),
}
const brokenEncoder: RecordingEncoder = {
  encode: async () => {
    throw new Error('no such codec')
  },
}
const copyingEncoder: RecordingEncoder = { encode: ({ from, to }) => copyFile(from, to) }

/** One engine with a disk of its own. */
async function engine(
  options: { format?: RecordingFormat; s3?: S3Settings; url?: string; folder?: string; clock?: Clock } = {},
) {
  const url = options.url ?? (await createTestDatabase(serverVersions[0] ?? 'bundled 18'))
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'parley-disk-'))
  if (!options.folder) onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = await openStore({
    connection: { url },
    clock: options.clock ?? realClock,
    random: realRandom,
    logger: silentLogger,
    recordingsDir: folder,
    masterKey: new Uint8Array(32).fill(7),
    ...(options.s3 ? { s3: options.s3 } : {}),
  })
  onTestFinished(() => store[Symbol.asyncDispose]())
  await store.configure({
    applications: [{ applicationId: tenant }, { applicationId: stranger }],
    trunks: [],
    care: [{ applicationId: tenant, format: options.format ?? 'wav', retention: {} }],
    webhooks: [{ name: 'crm', applicationId: tenant, events: ['recording.ready'], timeoutMs: 1_000 }],
  })
  await store.recoverLost({ owner: 'engine-a' })
  return { url, folder, store }
}

function keep(store: Store, given: RecordingEncoder = encoder) {
  const stop = new AbortController()
  const running = store.keepRecordings({ encoder: given, signal: stop.signal, lookEveryMs: 20 })
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/** A recorded call that is over. */
async function recordedCall(store: Store, id: CallId = callId(realRandom.uuid())): Promise<CallId> {
  const path = store.recordings.pathFor(id)
  writeFileSync(path, wav)
  const incoming = { applicationId: tenant, caller: '1', callee: '2', trunk: 'a', direction: 'inbound' as const }
  const recording = { path, durationMs: 2_000, bytes: wav.length }
  await store.journal.append([
    event(id, 0, 1_760_000_000_000, { type: 'call.incoming', ...incoming }),
    event(id, 1, 1_760_000_001_000, { type: 'call.answered' }),
    event(id, 2, 1_760_000_001_000, { type: 'recording.started', path }),
    event(id, 3, 1_760_000_003_000, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' }, recording }),
  ])
  return id
}

const recordingOf = async (store: Store, id: CallId) => (await store.records.find(tenant, id))?.recording
const inBucket = (store: Store, id: CallId) =>
  eventually(async () => {
    const recording = await recordingOf(store, id)
    return recording?.path.startsWith('s3://') && recording
  })
const jobs = (url: string) => ask(url, 'select stage, attempt, failure from recording_jobs')
const idle = (url: string) => eventually(async () => (await jobs(url)).length === 0)
/** What waits for its next attempt is due now. */
const pass = (url: string) => ask(url, 'update recording_jobs set due_at = clock_timestamp() where claimed_by is null')

async function contentOf(store: Store, path: string, start = 0, end = wav.length - 1): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.recordings.read(path, { start, end })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function bucketHouse(change: Partial<S3Settings> = {}): Promise<S3House> {
  const s3 = await startS3(change)
  onTestFinished(() => s3[Symbol.asyncDispose]())
  return s3
}

test('the folder of the recordings is made for its owner alone', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'parley-disk-')), 'recordings')
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }))
  await engine({ folder })
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

describe('recordings in a bucket', () => {
  test('a recording is moved after the call, read by range, and deleted in the bucket too', async () => {
    const s3 = await bucketHouse()
    const { url, folder, store } = await engine({ s3: s3.settings })
    const id = await recordedCall(store)
    await using _worker = keep(store)
    const { path, durationMs, bytes } = await inBucket(store, id)
    expect({ path, durationMs, bytes }).toEqual({
      path: `s3://recordings/calls/${tenant}/${id}.wav`,
      durationMs: 2_000,
      bytes: wav.length,
    })
    await idle(url)
    expect(readdirSync(folder)).toEqual([])
    expect(await contentOf(store, path)).toEqual(wav)
    expect(await contentOf(store, path, 40, 47)).toEqual(wav.subarray(40, 48))
    await store.records.forgetRecording(tenant, id)
    expect(await recordingOf(store, id)).toBeUndefined()
    await eventually(async () => (await store.recordings.stat(path)) === undefined)
    await eventually(async () => (await ask(url, 'select 1 from doomed_files')).length === 0)
  })

  test.each(['refuse', 'hang', 'truncate'] as const)(
    'while the bucket does %s, nothing is lost and the backlog tells of it; then it is moved',
    async (fault) => {
      const s3 = await bucketHouse()
      // Requests that hang are given up after the usual time, which passes faster.
      const clock: Clock = {
        ...realClock,
        setTimer: (atMs, fire) => {
          const inMs = atMs - realClock.nowMs()
          return realClock.setTimer(realClock.nowMs() + (inMs > 5_000 ? inMs / 10 : inMs), fire)
        },
      }
      const { url, folder, store } = await engine({ s3: s3.settings, ...(fault === 'hang' ? { clock } : {}) })
      s3.fault = fault
      const id = await recordedCall(store)
      await using _worker = keep(store)
      await eventually(async () => (await jobs(url))[0]?.failure !== null)
      await pass(url)
      await eventually(async () => ((await jobs(url))[0]?.attempt ?? 0) >= 2)
      expect(readdirSync(folder)).toEqual([`${id}.wav`])
      expect((await recordingOf(store, id))?.path).toBe(store.recordings.pathFor(id))
      const waiting = await eventually(() => store.recordingBacklog.failures > 0 && store.recordingBacklog)
      expect(waiting.move).toBe(1)
      expect(waiting.oldestS).toBeGreaterThan(0)
      s3.fault = 'none'
      await eventually(async () => {
        await pass(url)
        return (await recordingOf(store, id))?.path.startsWith('s3://')
      })
      await idle(url)
      expect(await contentOf(store, `s3://recordings/calls/${tenant}/${id}.wav`)).toEqual(wav)
      expect(existsSync(join(folder, `${id}.wav`))).toBe(false)
    },
  )

  test('a move that was cut off by the death of its process is taken up by the next start at once', async () => {
    const s3 = await bucketHouse()
    const first = await engine({ s3: s3.settings })
    const id = await recordedCall(first.store)
    // What a start leaves that was killed after its upload and before it wrote that down.
    await ask(
      first.url,
      "update recording_jobs set attempt = 1, claimed_by = 1, due_at = clock_timestamp() + interval '1 hour'",
    )
    const second = await engine({ s3: s3.settings, url: first.url, folder: first.folder })
    await using _worker = keep(second.store)
    await inBucket(second.store, id)
    await idle(first.url)
    expect(readdirSync(first.folder)).toEqual([])
  })

  test('a recording that is deleted while it is moved leaves no object', async () => {
    const s3 = await bucketHouse()
    const { url, folder, store } = await engine({ s3: s3.settings })
    const id = await recordedCall(store)
    s3.fault = 'refuse'
    await using _worker = keep(store)
    await eventually(async () => (await jobs(url))[0]?.failure !== null)
    await store.records.forgetRecording(tenant, id)
    await eventually(() => readdirSync(folder).length === 0)
    // The bucket is away: its part waits.
    await eventually(async () => {
      const rows = await ask(url, 'select path, attempt from doomed_files')
      return rows.length === 3 && rows.every(({ attempt }) => attempt > 0)
    })
    s3.fault = 'none'
    await ask(url, 'update doomed_files set due_at = clock_timestamp()')
    await eventually(async () => (await ask(url, 'select 1 from doomed_files')).length === 0)
    expect(await store.recordings.stat(`s3://recordings/calls/${tenant}/${id}.wav`)).toBeUndefined()
  })

  test('an engine that ends does not wait for a bucket that hangs', async () => {
    const s3 = await bucketHouse()
    const { url, store } = await engine({ s3: s3.settings })
    const [deleted, moving] = [await recordedCall(store), await recordedCall(store)]
    await store.records.forgetRecording(tenant, deleted)
    s3.fault = 'hang'
    const worker = keep(store)
    await eventually(() => s3.seen.includes('DELETE') && s3.seen.includes('HEAD'))
    const atMs = realClock.nowMs()
    await worker[Symbol.asyncDispose]()
    // A request that hangs is given up after 15 s.
    expect(realClock.nowMs() - atMs).toBeLessThan(10_000)
    expect(await jobs(url)).toMatchObject([{ stage: 'move' }])
    expect((await recordingOf(store, moving))?.path).toBe(store.recordings.pathFor(moving))
    expect(await ask(url, 'select 1 from doomed_files')).not.toEqual([])
  })

  test('work is that of the engine whose disk has the file', async () => {
    const s3 = await bucketHouse()
    const { url, store } = await engine({ s3: s3.settings })
    const id = await recordedCall(store)
    await ask(url, "update recording_jobs set owner = 'engine-b'")
    await using _worker = keep(store)
    await eventually(() => s3.seen.length === 0 && store.recordingBacklog.move === 0)
    expect((await recordingOf(store, id))?.path).toBe(store.recordings.pathFor(id))
  })

  test('clients may be sent to the bucket, with an address that opens the file', async () => {
    const s3 = await bucketHouse({ delivery: 'redirect' })
    const { store } = await engine({ s3: s3.settings })
    const id = await recordedCall(store)
    expect(await store.recordings.linkTo?.(store.recordings.pathFor(id))).toBeUndefined()
    await using _worker = keep(store)
    const { path } = await inBucket(store, id)
    const link = (await store.recordings.linkTo?.(path)) ?? ''
    const part = await fetch(link, { headers: { range: 'bytes=0-3' } })
    expect([part.status, await part.text()]).toEqual([206, 'RIFF'])
    expect(link).toContain('X-Amz-Expires=600')
  })
})

describe('encoded recordings', () => {
  test('the encoded file takes the place of the WAV file, and receivers hear of it then', async () => {
    const { url, folder, store } = await engine({ format: 'mp3' })
    const id = await recordedCall(store)
    expect(await ask(url, 'select event from pushes')).toEqual([])
    await using _worker = keep(store)
    await idle(url)
    const path = join(folder, `${id}.mp3`)
    expect(await recordingOf(store, id)).toEqual({ path, durationMs: 2_000, bytes: 1_000 })
    expect(readdirSync(folder)).toEqual([`${id}.mp3`])
    expect(await ask(url, 'select event from pushes')).toEqual([{ event: 'recording.ready' }])
  })

  test('a recording that cannot be encoded stays as it is, and receivers hear of it', async () => {
    const { url, folder, store } = await engine({ format: 'opus' })
    const id = await recordedCall(store)
    await using _worker = keep(store, brokenEncoder)
    await eventually(async () => {
      await pass(url)
      return (await jobs(url)).length === 0
    })
    expect((await recordingOf(store, id))?.path).toBe(join(folder, `${id}.wav`))
    expect(await readFile(join(folder, `${id}.wav`))).toEqual(wav)
    expect(await ask(url, 'select event from pushes')).toEqual([{ event: 'recording.ready' }])
  })

  test('it is encoded first and moved then', async () => {
    const s3 = await bucketHouse()
    const { url, folder, store } = await engine({ format: 'opus', s3: s3.settings })
    const id = await recordedCall(store)
    await using _worker = keep(store, copyingEncoder)
    const { path } = await inBucket(store, id)
    expect(path).toBe(`s3://recordings/calls/${tenant}/${id}.ogg`)
    await idle(url)
    expect(readdirSync(folder)).toEqual([])
    expect(await contentOf(store, path)).toEqual(wav)
  })

  test('an application without rules of its own keeps WAV files where they are', async () => {
    const { url, folder, store } = await engine()
    const id = await recordedCall(store)
    expect(await jobs(url)).toEqual([])
    expect((await recordingOf(store, id))?.path).toBe(join(folder, `${id}.wav`))
    expect(await ask(url, 'select event from pushes')).toEqual([{ event: 'recording.ready' }])
  })
})
