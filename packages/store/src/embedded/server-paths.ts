import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const serverPort = 5432

/** Where the embedded server keeps its things. */
export interface ServerPaths {
  /** What the operator chose; everything but an overlong socket path is below it. */
  readonly root: string
  /** PostgreSQL's own data. */
  readonly data: string
  /** Folder of the Unix socket. */
  readonly socketDir: string
  readonly log: string
  /** JSON: who started or adopted the server last. For people; the lock is in the server. */
  readonly owner: string
}

/** `sun_path` holds 108 bytes with its terminator. */
const longestSocketPathBytes = 107

/** Short enough a socket folder: below `root` if it fits, else one in the system's temporary folder named after it. */
export function serverPaths(root: string): ServerPaths {
  const below = join(root, 'run')
  const socket = join(below, `.s.PGSQL.${serverPort}`)
  const fits = Buffer.byteLength(socket) <= longestSocketPathBytes
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return {
    root,
    data: join(root, 'data'),
    socketDir: fits ? below : join(tmpdir(), `parley-${digest}`),
    log: join(root, 'postgres.log'),
    owner: join(root, 'owner.json'),
  }
}
