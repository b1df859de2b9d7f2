import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** What this process holds at a moment, after a collection. */
export interface ProcessUsage {
  readonly heapMb: number
  readonly timers: number
  /** Open files by what they are: `udp socket`, `tcp to port 5432`, `unix socket`, `pipe`, or a path. */
  readonly files: Readonly<Record<string, number>>
}

/** More than finalisers need that free what others hold. */
const collections = 4
const tcpListening = '0A'

/** Of the process it is called in, which was started with `--expose-gc`. Linux. */
export async function processUsage(): Promise<ProcessUsage> {
  for (let round = 0; round < collections; round += 1) {
    globalThis.gc?.()
    await wait(50)
  }
  return {
    heapMb: process.memoryUsage().heapUsed / 1e6,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    files: openFiles(),
  }
}

function openFiles(): Readonly<Record<string, number>> {
  const sockets = namedSockets()
  const files: Record<string, number> = {}
  for (const fd of readdirSync('/proc/self/fd')) {
    const name = nameOf(fd, sockets)
    if (name !== undefined) files[name] = (files[name] ?? 0) + 1
  }
  return files
}

/** Undefined: closed again, as the directory that was just read. */
function nameOf(fd: string, sockets: ReadonlyMap<string, string>): string | undefined {
  try {
    const target = readlinkSync(`/proc/self/fd/${fd}`)
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined) return sockets.get(inode) ?? 'other socket'
    return target.startsWith('pipe:') ? 'pipe' : target
  } catch {
    return undefined
  }
}

/** By inode. @see proc(5), `/proc/net/tcp` */
function namedSockets(): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const rows = (table: string) =>
    readFileSync(`/proc/self/net/${table}`, 'latin1')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
  for (const columns of [...rows('udp'), ...rows('udp6')]) names.set(columns[9] ?? '', 'udp socket')
  for (const [, , remote = '', state, , , , , , inode = ''] of [...rows('tcp'), ...rows('tcp6')]) {
    const port = Number.parseInt(remote.split(':')[1] ?? '', 16)
    names.set(inode, state === tcpListening ? 'tcp listener' : `tcp to port ${port}`)
  }
  for (const columns of rows('unix')) names.set(columns[6] ?? '', 'unix socket')
  return names
}
