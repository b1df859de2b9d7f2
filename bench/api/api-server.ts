import { type ChildProcess, fork } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '../../packages/core/src/index.ts'
import { systemClock as clock, systemRandom as random } from '../../packages/runtime/src/index.ts'
import { openStore, startEmbeddedPostgres } from '../../packages/store/src/index.ts'
import { answerOf } from '../child-answer.ts'
import type { ApiReport } from './api-protocol.ts'
import { type ArchiveSample, fillArchive } from './call-archive.ts'

/** CPU time so far, ms. */
interface ApiUsage {
  readonly apiMs: number
  readonly databaseMs: number
}

/** The API in a process of its own over a database of its own, which holds `sample` and many more. */
export interface ApiServer extends AsyncDisposable {
  readonly apiPort: number
  readonly echoPort: number
  readonly sample: ArchiveSample
  usage(): Promise<ApiUsage>
}

/** `calls`: how many records the database holds before the server starts. */
export async function startApiServer(calls: number): Promise<ApiServer> {
  await using building = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-api-'))
  building.defer(() => rm(folder, { recursive: true, force: true }))
  // As root the database drops to another user, who must be able to enter.
  await chmod(folder, 0o755)
  const common = { clock, random, logger: silentLogger }
  const database = building.use(await startEmbeddedPostgres({ ...common, dataDir: join(folder, 'postgres') }))
  const recordingsDir = join(folder, 'recordings')
  const masterKey = new Uint8Array(32).fill(7)
  await (await openStore({ ...common, connection: database, recordingsDir, masterKey }))[Symbol.asyncDispose]()
  const sample = await fillArchive(database.url, calls)
  const child = startProcess(database.url, recordingsDir)
  building.defer(() => void child.kill())
  const { apiPort, echoPort } = await answerOf<ApiReport, 'ready'>(child, 'ready')
  const postmaster = Number.parseInt(await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8'), 10)
  const parts = building.move()
  return {
    apiPort,
    echoPort,
    sample,
    usage: async () => {
      const answer = answerOf<ApiReport, 'usage'>(child, 'usage')
      child.send('usage')
      return { apiMs: (await answer).cpuMs, databaseMs: await cpuOfFamily(postmaster) }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function startProcess(url: string, recordingsDir: string): ChildProcess {
  const path = fileURLToPath(new URL('api-process.ts', import.meta.url))
  // `PARLEY_BENCH_PROF`: folder for a CPU profile of the server.
  const profile = process.env.PARLEY_BENCH_PROF
  const execArgv = [...process.execArgv, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])]
  return fork(path, [url, recordingsDir], { execArgv })
}

/** Clock ticks of /proc are of 10 ms on every Linux that Node runs on. */
const tickMs = 10

/** CPU time of a process, its children that live, and those that are over, ms. */
async function cpuOfFamily(parent: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return stats.reduce((sum, stat) => {
    // After the name in brackets: state, parent, ...; utime and stime are fields 14 and 15, those of dead children 16 and 17.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const of = (field: number) => Number(fields[field - 3] ?? 0) * tickMs
    const isParent = Number.parseInt(stat, 10) === parent
    if (!isParent && Number(fields[1]) !== parent) return sum
    return sum + of(14) + of(15) + (isParent ? of(16) + of(17) : 0)
  }, 0)
}
