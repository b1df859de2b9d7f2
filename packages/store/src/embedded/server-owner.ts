import { readFile, writeFile } from 'node:fs/promises'
import { VoiceError, waitUntil } from '@parley/core'
import type pg from 'pg'
import type { LaunchContext } from './launch-server.ts'

/** Held as long as the engine lives; the server itself lets go of it when the engine is killed. */
const ownerLock = 7_237_115_901
const ownerWaitMs = 2_000

/**
 * Makes this process the one engine of the server, for as long as `client` is connected.
 * @throws VoiceError CONFIG_INVALID when another engine is
 */
export async function takeOwnership(client: pg.Client, { paths, clock }: LaunchContext): Promise<void> {
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
