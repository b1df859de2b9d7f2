import { chmod, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Logger, type Random, toVoiceError, VoiceError, waitUntil } from '@parley/core'
import type pg from 'pg'
import { locateBinaries } from './binaries.ts'
import { initialise, type LaunchContext, launch, stopServer } from './launch-server.ts'
import { serverDatabase, serverUrl, tryConnect } from './server-connection.ts'
import { claimFolder, requireReachable, serverIdentity } from './server-identity.ts'
import { serverPaths } from './server-paths.ts'

export interface EmbeddedPostgresOptions {
  /** Folder for data, socket, log and (as root) the server's programs. Made when missing. */
  readonly dataDir: string
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  /** Folder of another PostgreSQL's `initdb`, `pg_ctl` and `postgres` (15 or later). Default: the bundled ones. */
  readonly binDir?: string
}

/** A running server that belongs to this process. Disposing stops it; close every connection first. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly url: string
  /** `created`: first start on this folder. `adopted`: found running after its engine was killed. */
  readonly how: 'created' | 'started' | 'adopted'
}

/** Held as long as the engine lives; the server itself lets go of it when the engine is killed. */
const ownerLock = 7_237_115_901
const ownerWaitMs = 2_000
const draftPrefix = 'draft-'
const draftLifeMs = 600_000
/** The operator's folder cannot be used. */
const folderErrors: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR']

/**
 * Runs PostgreSQL for an engine that was given no database. Listens on a Unix socket only. As root the server is
 * dropped to an unprivileged user. A server left behind by a killed engine is adopted.
 *
 * @throws VoiceError CONFIG_INVALID: no binaries for this platform, folder not usable, or another engine lives on it
 * @throws VoiceError STORE_FAILED: the server does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw toVoiceError(error, folderErrors.includes(code) ? 'CONFIG_INVALID' : 'STORE_FAILED')
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const startedAtMs = options.clock.nowMs()
  const context = await prepare(options)
  const { paths } = context
  const orphan = await tryConnect(paths)
  const created = orphan === undefined && (await initialise(context))
  const owner = orphan ?? (await launch(context))
  try {
    await takeOwnership(owner, context)
    await createDatabase(owner)
    await removeOldDrafts(context)
  } catch (error) {
    await owner.end().catch(() => {})
    throw error
  }
  const how = orphan ? 'adopted' : created ? 'created' : 'started'
  options.logger.info('embedded database is ready', { how, tookMs: Math.round(options.clock.nowMs() - startedAtMs) })
  let stopping: Promise<void> | undefined
  return {
    url: serverUrl(paths),
    how,
    [Symbol.asyncDispose]: () => {
      // The lock is held until the server is down, so nobody adopts a server that is being stopped.
      stopping ??= stopServer(context).finally(() => owner.end().catch(() => {}))
      return stopping
    },
  }
}

/** Everything needed to start the server, without starting it. */
async function prepare(options: EmbeddedPostgresOptions): Promise<LaunchContext> {
  // A strict umask must not shut the dropped server out of a folder made for it.
  if (await mkdir(options.dataDir, { recursive: true })) await chmod(options.dataDir, 0o711)
  const root = await realpath(options.dataDir)
  const identity = serverIdentity()
  const paths = serverPaths(root)
  await requireReachable(paths.data, identity)
  await claimFolder(paths.socketDir, identity)
  const uniqueName = `${draftPrefix}${options.random.uuid()}`
  const binDir = options.binDir ?? (await locateBinaries(root, identity, uniqueName))
  return { paths, identity, clock: options.clock, binDir, uniqueName }
}

async function takeOwnership(client: pg.Client, { paths, clock }: LaunchContext): Promise<void> {
  const deadlineMs = clock.nowMs() + ownerWaitMs
  for (;;) {
    const answer = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [ownerLock])
    if (answer.rows[0]?.free) break
    const owner = (await readFile(paths.owner, 'utf8').catch(() => '')).trim()
    // Of an engine that was killed a moment ago the server may not have noticed yet.
    if (isAlive(owner) || clock.nowMs() >= deadlineMs) {
      throw new VoiceError('CONFIG_INVALID', {
        detail: `another engine is using the data directory ${paths.root} (${owner || 'unknown process'})`,
      })
    }
    await waitUntil(clock, clock.nowMs() + 50)
  }
  await writeFile(paths.owner, `${JSON.stringify({ pid: process.pid, sinceMs: Math.round(clock.wallMs()) })}\n`)
}

/** `owner`: content of the owner file. */
function isAlive(owner: string): boolean {
  const pid = Number(/"pid":(\d+)/.exec(owner)?.[1] ?? 0)
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What starts that were killed left behind. Another start may be at work on a young one. */
async function removeOldDrafts({ paths, clock }: LaunchContext): Promise<void> {
  for (const name of await readdir(paths.root)) {
    if (!name.startsWith(draftPrefix)) continue
    const path = join(paths.root, name)
    if (clock.wallMs() - (await stat(path)).mtimeMs > draftLifeMs) await rm(path, { recursive: true, force: true })
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [serverDatabase])
  if (found.rowCount === 0) await client.query(`create database ${serverDatabase}`)
}
