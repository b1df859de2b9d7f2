import { spawn } from 'node:child_process'
import { access, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, VoiceError, waitUntil } from '@parley/core'
import type pg from 'pg'
import { runProgram, serverEnvironment } from './run-program.ts'
import { serverUser, tryConnect } from './server-connection.ts'
import { makePrivate, type ServerIdentity } from './server-identity.ts'
import { type ServerPaths, serverPort } from './server-paths.ts'

export interface LaunchContext {
  readonly paths: ServerPaths
  readonly identity: ServerIdentity
  readonly clock: Clock
  /** Folder of `initdb`, `pg_ctl`, `postgres`. */
  readonly binDir: string
  /** Unlike any other name below `paths.root`. */
  readonly uniqueName: string
}

const startLimitMs = 60_000
const logLimitBytes = 8_000_000

/** Creates the data on first start. Of several starters at once, one wins and the others use its result. */
export async function initialise(context: LaunchContext): Promise<boolean> {
  const { paths, identity, binDir } = context
  if (await holdsData(paths.data)) {
    await requireSameMajor(context)
    return false
  }
  if ((await readdir(paths.data).catch(() => [])).length > 0) {
    throw new VoiceError('CONFIG_INVALID', { detail: `${paths.data} holds something that is not a database` })
  }
  const draft = join(paths.root, `${context.uniqueName}.data`)
  await mkdir(draft)
  await makePrivate(draft, identity)
  const settings = ['--encoding=UTF8', '--locale=C', '--auth-local=trust', '--auth-host=reject', '--no-instructions']
  const made = await runProgram(
    join(binDir, 'initdb'),
    ['-D', draft, '-U', serverUser, ...settings],
    identity,
    paths.root,
  )
  if (made.exitCode !== 0) {
    await rm(draft, { recursive: true, force: true })
    throw new VoiceError('STORE_FAILED', { detail: `initdb ended with ${made.exitCode}: ${made.output.slice(-600)}` })
  }
  try {
    await rename(draft, paths.data)
    return true
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (await holdsData(paths.data)) return false
    throw error
  }
}

/**
 * Starts the server as a process group of its own (a terminal's Ctrl-C must not take it away before the engine is done)
 * and waits until it answers. When another starter wins the race, the connection is to that one's server.
 */
export async function launch(context: LaunchContext): Promise<pg.Client> {
  const { paths, identity, clock } = context
  await trimLog(paths.log)
  const log = await open(paths.log, 'a')
  const child = spawn(join(context.binDir, 'postgres'), serverArguments(paths), {
    cwd: paths.root,
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(identity.dropped ? { uid: identity.uid, gid: identity.gid } : {}),
  })
  let ended: string | undefined
  child.on('exit', (code, signal) => {
    ended = `ended with ${signal ?? code}`
  })
  child.on('error', (error) => {
    ended = error.message
  })
  child.unref()
  await log.close()

  const deadlineMs = clock.nowMs() + startLimitMs
  while (clock.nowMs() < deadlineMs) {
    const endedBefore = ended
    const client = await tryConnect(paths)
    if (client) return client
    // Ended before the attempt and nobody else answers either: there will be no server.
    if (endedBefore !== undefined && !(await postmasterLives(paths))) break
    await waitUntil(clock, clock.nowMs() + 15)
  }
  const tail = (await readFile(paths.log, 'utf8').catch(() => '')).slice(-600)
  throw new VoiceError('STORE_FAILED', {
    detail: `the database server did not start (${ended ?? 'time-out'}): ${tail}`,
  })
}

/** Stops whatever server runs on the data, at once but cleanly; open connections are cut. */
export async function stopServer(context: LaunchContext): Promise<void> {
  const { paths, identity, binDir } = context
  const stop = (mode: string) =>
    runProgram(join(binDir, 'pg_ctl'), ['stop', '-D', paths.data, '-m', mode, '-w', '-t', '20'], identity, paths.root)
  const fast = await stop('fast')
  if (fast.exitCode === 0 || !(await postmasterLives(paths))) return
  const immediate = await stop('immediate')
  if (immediate.exitCode !== 0 && (await postmasterLives(paths))) {
    throw new VoiceError('STORE_FAILED', {
      detail: `the database server does not stop: ${immediate.output.slice(-300)}`,
    })
  }
}

function serverArguments(paths: ServerPaths): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: paths.socketDir,
    unix_socket_permissions: '0700',
    port: String(serverPort),
    max_connections: '100',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
  }
  return ['-D', paths.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

async function holdsData(folder: string): Promise<boolean> {
  return access(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

async function requireSameMajor({ paths, binDir, identity }: LaunchContext): Promise<void> {
  const dataMajor = (await readFile(join(paths.data, 'PG_VERSION'), 'utf8')).trim()
  const { output } = await runProgram(join(binDir, 'postgres'), ['--version'], identity, paths.root)
  const binaryMajor = /\(PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (binaryMajor === undefined) throw new VoiceError('STORE_FAILED', { detail: `postgres does not run: ${output}` })
  if (binaryMajor !== dataMajor) {
    throw new VoiceError('CONFIG_INVALID', {
      detail: `${paths.data} belongs to PostgreSQL ${dataMajor}, the bundled server is ${binaryMajor}; dump and restore it, or choose another data directory`,
    })
  }
}

/** True while the process named in `postmaster.pid` exists. */
async function postmasterLives(paths: ServerPaths): Promise<boolean> {
  try {
    const pid = Number.parseInt(await readFile(join(paths.data, 'postmaster.pid'), 'utf8'), 10)
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function trimLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  )
  if (size > logLimitBytes) await truncate(path)
}
