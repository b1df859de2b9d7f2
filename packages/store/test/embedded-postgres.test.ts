import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '@parley/core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/index.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { ask } from './support/test-database.ts'

const script = fileURLToPath(new URL('./support/hold-server.ts', import.meta.url))
const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
const isRoot = process.getuid?.() === 0
const ordinaryUser = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
/** Root can become somebody else if the tools are there and that user may read this checkout. */
const canDrop =
  isRoot &&
  spawnSync(ordinaryUser[0] ?? '', [...ordinaryUser.slice(1), process.execPath, '--check', script]).status === 0

let folder: string
let made: string
const holders = new Set<ChildProcess>()

function makeFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-embedded-'))
  chmodSync(path, 0o755)
  return path
}

// Making a database takes a second, or ten on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

beforeAll(async () => {
  made = makeFolder()
  await using server = await start(join(made, 'db'))
  expect(server.how).toBe('created')
})
afterAll(() => rmSync(made, { recursive: true, force: true }))
beforeEach(() => {
  folder = makeFolder()
})
afterEach(async () => {
  for (const holder of holders) await end(holder, 'SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

/** Programs and data of a server that was started and stopped once, copied for tests that are not about the first start. */
function useMadeDatabase(target = join(folder, 'db')): void {
  mkdirSync(target)
  for (const name of readdirSync(join(made, 'db'))) {
    const flag = name.startsWith('postgres-') ? '-al' : '-a'
    expect(spawnSync('cp', [flag, join(made, 'db', name), join(target, name)]).status).toBe(0)
  }
}

const start = (dataDir = join(folder, 'db')): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, clock: realClock, random: realRandom, logger: silentLogger })

/** Another process that starts the server. `said` is its one line. */
function hold(dataDir: string, as: readonly string[] = []): { child: ChildProcess; said: Promise<string> } {
  const [program = '', ...args] = [...as, process.execPath, ...flags, script, dataDir]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' })
  holders.add(child)
  child.once('exit', () => holders.delete(child))
  const said = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  return { child, said }
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

test('a stopped server is started again with its data, and disposing ends it', async () => {
  useMadeDatabase()
  const first = await start()
  expect(first.how).toBe('started')
  await ask(first.url, 'create table kept as select 42 as answer')
  await first[Symbol.asyncDispose]()
  await expect(ask(first.url, 'select 1')).rejects.toThrow()
  await using second = await start()
  expect(second.how).toBe('started')
  expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  // It listens on its socket only, and only its own user may reach that.
  expect(await ask(second.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
  expect(statSync(join(folder, 'db', 'run')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'db', 'data')).mode & 0o777).toBe(0o700)
})

test('the server of an engine that was killed is adopted with everything that was committed', async () => {
  useMadeDatabase()
  const { child, said } = hold(join(folder, 'db'))
  expect(await said).toBe('started')
  const url = `postgresql://parley@localhost/parley?host=${encodeURIComponent(join(folder, 'db', 'run'))}`
  await ask(url, 'create table kept as select 42 as answer')
  await end(child, 'SIGKILL')
  await using server = await start()
  expect(server.how).toBe('adopted')
  expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('a server that is killed while its engine lives is started again', async () => {
  useMadeDatabase()
  await using server = await start()
  await ask(server.url, 'create table kept as select 42 as answer')
  process.kill(Number.parseInt(readFileSync(join(folder, 'db', 'data', 'postmaster.pid'), 'utf8'), 10), 'SIGKILL')
  await expect(
    eventually(() =>
      ask(server.url, 'select 1')
        .then(() => false)
        .catch(() => true),
    ),
  ).resolves.toBe(true)
  const rows = await eventually(() => ask(server.url, 'select answer from kept').catch(() => undefined), 15_000)
  expect(rows).toEqual([{ answer: 42 }])
})

test('a second engine on the same folder is told who has it, and the first goes on', async () => {
  useMadeDatabase()
  await using first = await start()
  const second = await hold(join(folder, 'db')).said
  expect(second).toContain('CONFIG_INVALID')
  expect(second).toContain(`"pid":${process.pid}`)
  expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('of two engines that start at once on a fresh folder, one gets it', async () => {
  const said = await Promise.all([hold(join(folder, 'db')).said, hold(join(folder, 'db')).said])
  expect(said.filter((line) => line === 'created' || line === 'started' || line === 'adopted')).toHaveLength(1)
  expect(said.filter((line) => line.startsWith('CONFIG_INVALID'))).toHaveLength(1)
})

test('a folder with a name too long for a socket works', async () => {
  const long = join(folder, 'x'.repeat(120))
  useMadeDatabase(long)
  await using server = await start(long)
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  rmSync(new URL(server.url).searchParams.get('host') ?? '', { recursive: true, force: true })
})

test('a folder that holds something else is refused by a sentence', async () => {
  useMadeDatabase()
  rmSync(join(folder, 'db', 'data', 'PG_VERSION'))
  await expect(start()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test.runIf(isRoot)('root is told which folder keeps the server out', async () => {
  chmodSync(folder, 0o700)
  await expect(start()).rejects.toThrow(`may not enter ${folder}`)
})

test.runIf(canDrop)('an ordinary user starts it with the programs where the package manager put them', async () => {
  chownSync(folder, 65534, 65534)
  const { said, child } = hold(join(folder, 'db'), ordinaryUser)
  expect(await said).toBe('created')
  expect(existsSync(join(folder, 'db', 'owner.json'))).toBe(true)
  await end(child, 'SIGTERM')
})
