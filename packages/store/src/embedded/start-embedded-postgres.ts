import { chmod, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Logger, type Random, toVoiceError } from '@parley/core'
import type pg from 'pg'
import { locateBinaries } from './binaries.ts'
import { initialise, type LaunchContext, launch } from './launch-server.ts'
import { serverDatabase, serverUrl, tryConnect } from './server-connection.ts'
import { claimFolder, requireReachable, serverIdentity } from './server-identity.ts'
import { ServerKeeper } from './server-keeper.ts'
import { takeOwnership } from './server-owner.ts'
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

/**
 * A running server that belongs to this process; started again when it ends by itself. Disposing stops it and cuts open
 * connections.
 */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly url: string
  /** `created`: first start on this folder. `adopted`: found running after its engine was killed. */
  readonly how: 'created' | 'started' | 'adopted'
}

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
  const keeper = new ServerKeeper(context, owner, options.logger)
  return { url: serverUrl(paths), how, [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose]() }
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
