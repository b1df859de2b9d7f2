import { chmod, chown, lstat, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VoiceError } from '@parley/core'

/** User and group the database server runs as. */
export interface ServerIdentity {
  readonly uid: number
  readonly gid: number
  /** True when this process is root and the server is another, unprivileged user. */
  readonly dropped: boolean
}

/** `nobody`/`nogroup` on Debian: PostgreSQL refuses to run as root. */
const unprivilegedId = 65534

export function serverIdentity(): ServerIdentity {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  return uid === 0 ? { uid: unprivilegedId, gid: unprivilegedId, dropped: true } : { uid, gid, dropped: false }
}

/** Hands `path` to the server and closes it to everybody else. */
export async function makePrivate(path: string, identity: ServerIdentity): Promise<void> {
  if (identity.dropped) await chown(path, identity.uid, identity.gid)
  await chmod(path, 0o700)
}

/**
 * A dropped server needs to pass through every folder above its data.
 * @throws VoiceError CONFIG_INVALID naming the folder that stops it
 */
export async function requireReachable(path: string, identity: ServerIdentity): Promise<void> {
  if (!identity.dropped) return
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid } = await stat(folder)
    if ((mode & 0o001) === 0 && !(uid === identity.uid && (mode & 0o100) !== 0)) {
      throw new VoiceError('CONFIG_INVALID', {
        detail: `the database server does not run as root and may not enter ${folder}; set PARLEY_DATA_DIR to one it can reach, such as /var/lib/parley`,
      })
    }
    if (folder === dirname(folder)) return
  }
}

/**
 * Makes `path` a private folder of the server, or checks that it is one.
 * @throws VoiceError CONFIG_INVALID when somebody else made it (possible in a shared temporary folder)
 */
export async function claimFolder(path: string, identity: ServerIdentity): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const facts = await lstat(path)
  const ours = facts.uid === identity.uid || facts.uid === process.getuid?.()
  if (!facts.isDirectory() || !ours) {
    throw new VoiceError('CONFIG_INVALID', { detail: `${path} exists and does not belong to the database server` })
  }
  await makePrivate(path, identity)
}
