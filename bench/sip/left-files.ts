/** Open files by what they are, before and after. */
type Files = Readonly<Record<string, number>>

/** What is open now and was not before. */
export interface LeftFiles {
  readonly udpSockets: number
  /** Connections that are kept for the next call: to providers and to the database. */
  readonly connections: number
  readonly others: number
  /** `12 connections to the model`, a line for each kind. */
  readonly names: readonly string[]
}

/** `peers`: who listens at a port. The database is reached by a socket of the file system. */
export function leftFiles(before: Files, after: Files, peers: Readonly<Record<number, string>> = {}): LeftFiles {
  const left = { udpSockets: 0, connections: 0, others: 0 }
  const names: string[] = []
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const count = (after[name] ?? 0) - (before[name] ?? 0)
    if (count === 0) continue
    const peer = name === 'unix socket' ? 'the database' : peers[Number(/^tcp to port (\d+)$/.exec(name)?.[1])]
    const kind = name === 'udp socket' ? 'udpSockets' : peer === undefined ? 'others' : 'connections'
    // Fewer of one kind do not make up for more of another.
    if (kind === 'connections') left[kind] += count
    else left[kind] += Math.max(0, count)
    names.push(`${count > 0 ? '+' : ''}${count} ${peer === undefined ? name : `connections to ${peer}`}`)
  }
  return { ...left, names }
}
