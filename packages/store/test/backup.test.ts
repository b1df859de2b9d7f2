import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CallId, type CallSpec, callId, silentLogger } from '@parley/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store, startEmbeddedPostgres } from '../src/index.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { event, newCall, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'
import { wavFile } from './support/wav-file.ts'

/* The commands of docs/backup.md, with the programs of Debian. */

const binDir = '/usr/lib/postgresql/15/bin'
const run = promisify(execFile)
const common = { clock: realClock, random: realRandom, logger: silentLogger }
const key = new Uint8Array(32).fill(7)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-backup-'))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (url: string, masterKey = key) =>
  openStore({ ...common, connection: { url }, recordingsDir: join(folder, 'recordings'), masterKey })

const setUp = (store: Store) =>
  store.configure({ applications: [{ applicationId: tenant }], trunks: [trunk('main', 1, 100)] })

/** A call that is over and recorded, one that is up, and one that waits: what a house holds at any instant. */
async function fill(url: string, store: Store) {
  await setUp(store)
  const over = callId(realRandom.uuid())
  const path = store.recordings.pathFor(over)
  await writeFile(path, wavFile({ seconds: 1, declaredBytes: 32_000 }))
  const incoming = { applicationId: tenant, caller: '1', callee: '2', trunk: 'main', direction: 'inbound' as const }
  const recording = { path, durationMs: 1_000, bytes: 32_044 }
  const outcome = { kind: 'completed' as const, by: 'user' as const }
  await store.journal.append([
    event(over, 1, 1_760_000_000_000, { type: 'call.incoming', ...incoming }),
    event(over, 2, 1_760_000_001_000, { type: 'call.answered' }),
    event(over, 3, 1_760_000_003_000, { type: 'user.said', text: 'Hello?', fromMs: 0, toMs: 900, turn: 1 } as never),
    event(over, 4, 1_760_000_009_000, { type: 'call.ended', outcome, recording }),
  ])
  const placed: CallId[] = []
  const stop = new AbortController()
  const place = async (spec: CallSpec) => void placed.push(spec.callId)
  const dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
  const up = newCall()
  await store.intake.create(up)
  await eventually(() => placed.length === 1)
  const waiting = newCall({ acquireMs: 120_000 })
  const asked = store.intake.create(waiting).catch(() => undefined)
  await eventually(async () => (await ask(url, "select 1 from calls where stage = 'queued'")).length === 1)
  // As if it had been given back by an engine: its maker counts on it, a restart does not refuse it.
  await ask(url, "update calls set accepted = true where stage = 'queued'")
  const end = async () => {
    stop.abort()
    await dispatching
    await asked
  }
  return { over, up: up.callId, waiting: waiting.callId, recording, end }
}

async function dispatchOne(store: Store): Promise<readonly CallSpec[]> {
  const placed: CallSpec[] = []
  const stop = new AbortController()
  const place = async (spec: CallSpec) => void placed.push(spec)
  const dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
  await eventually(
    async () =>
      placed.length > 0 ||
      (await ask(urlOf.get(store) ?? '', "select 1 from calls where stage in ('queued', 'claimed', 'sent')")).length ===
        0,
  )
  stop.abort()
  await dispatching
  return placed
}
const urlOf = new WeakMap<Store, string>()

test.runIf(serverVersions.includes('Debian 15'))(
  'a dump of a running house, restored into a new server, has its calls, recordings and secrets, and dials nothing again',
  { timeout: 60_000 },
  async () => {
    const url = await createTestDatabase('Debian 15')
    const store = await open(url)
    const made = await fill(url, store)
    const dump = join(folder, 'parley.dump')
    await run(join(binDir, 'pg_dump'), ['--format=custom', '--no-owner', `--file=${dump}`, url])
    await run('tar', ['-C', folder, '-cf', join(folder, 'recordings.tar'), 'recordings'])
    await made.end()
    await store[Symbol.asyncDispose]()
    await rm(join(folder, 'recordings'), { recursive: true })

    await using server = await startEmbeddedPostgres({ ...common, dataDir: join(folder, 'new'), binDir })
    await run(join(binDir, 'pg_restore'), ['--no-owner', '--exit-on-error', `--dbname=${server.url}`, dump])
    await run('tar', ['-C', folder, '-xf', join(folder, 'recordings.tar')])
    await using again = await open(server.url)
    urlOf.set(again, server.url)
    await setUp(again)
    expect(await again.recoverLost({ owner: 'engine' })).toEqual({ requeued: 0, closed: 1 })
    expect(await again.records.find(tenant, made.over)).toMatchObject({ state: 'ended', recording: made.recording })
    expect(await again.records.transcript(tenant, made.over)).toHaveLength(1)
    expect(await again.recordings.stat(made.recording.path)).toEqual({ bytes: 32_044 })
    expect((await again.records.find(tenant, made.up))?.outcome).toEqual({ kind: 'failed', code: 'ENGINE_LOST' })
    const placed = await dispatchOne(again)
    expect(placed.map((spec) => spec.callId)).toEqual([made.waiting])
    expect(placed[0]?.assistant.model.apiKey?.reveal()).toBe('sk-very-secret')
  },
)

test.runIf(serverVersions.includes('Debian 15'))(
  'without the master key a restored house shows its records, and a call with secrets fails instead of being dialled without them',
  { timeout: 60_000 },
  async () => {
    const url = await createTestDatabase('Debian 15')
    const store = await open(url)
    const made = await fill(url, store)
    const copy = await createTestDatabase('Debian 15')
    const dump = join(folder, 'parley.dump')
    await run(join(binDir, 'pg_dump'), ['--format=custom', '--no-owner', `--file=${dump}`, url])
    await run(join(binDir, 'pg_restore'), ['--no-owner', '--exit-on-error', `--dbname=${copy}`, dump])
    await made.end()
    await store[Symbol.asyncDispose]()
    await using again = await open(copy, new Uint8Array(32).fill(8))
    urlOf.set(again, copy)
    await setUp(again)
    await again.recoverLost({ owner: 'engine' })
    expect(await again.records.find(tenant, made.over)).toMatchObject({ state: 'ended' })
    expect(await dispatchOne(again)).toEqual([])
    expect((await again.records.find(tenant, made.waiting))?.outcome).toMatchObject({ kind: 'failed' })
  },
)

test('the data of a stopped embedded server, copied elsewhere, is a whole house', { timeout: 60_000 }, async () => {
  const from = join(folder, 'postgres')
  const server = await startEmbeddedPostgres({ ...common, dataDir: from })
  const store = await open(server.url)
  const made = await fill(server.url, store)
  await made.end()
  await store[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await run('tar', ['--numeric-owner', '-cpf', join(folder, 'postgres.tar'), '-C', folder, 'postgres'])
  await rm(from, { recursive: true })
  await run('tar', ['--numeric-owner', '-xpf', join(folder, 'postgres.tar'), '-C', folder])
  await using again = await startEmbeddedPostgres({ ...common, dataDir: from })
  expect(again.how).toBe('started')
  await using reopened = await open(again.url)
  expect(await reopened.records.find(tenant, made.over)).toMatchObject({ state: 'ended', recording: made.recording })
})

test('the page about backups names every command that is run here', async () => {
  const page = await readFile(new URL('../../../docs/backup.md', import.meta.url), 'utf8')
  for (const command of [
    'pg_dump --format=custom --no-owner',
    'pg_restore --no-owner --exit-on-error',
    'tar --numeric-owner -cpf',
  ])
    expect(page).toContain(command)
})
