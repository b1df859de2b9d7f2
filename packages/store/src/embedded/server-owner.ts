import { readFile, writeFile } from 'node:fs/promises'
import { VoiceError, waitUntil } from '@parley/core'
import type pg from 'pg'
import type { LaunchContext } from './launch-server.ts'
import type { ServerPaths } from './server-paths.ts'

/** Held as long as the engine lives; the server itself lets go of it when the engine is killed. */
const ownerLock = 7_237_115_901
const ownerWaitMs = 2_000

/**
 * Makes the engine behind `client` the server's owner, as long as that connection lasts.
 * @throws VoiceError CONFIG_INVALID when another engine is and stays the owner
 */
export async function takeOwnership(client: pg.Client, { paths, clock }: LaunchContext): Promise<void> {
  const deadlineMs = clock.nowMs() + ownerWaitMs
  for (;;) {
    const answer = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [ownerLock])
    if (answer.rows[0]?.free) break
    if (clock.nowMs() >= deadlineMs) throw await inUse(paths)
    await waitUntil(clock, clock.nowMs() + 50)
  }
  await writeFile(paths.owner, `${JSON.stringify({ pid: process.pid, sinceMs: Math.round(clock.wallMs()) })}\n`)
}

async function inUse(paths: ServerPaths): Promise<VoiceError> {
  const owner = (await readFile(paths.owner, 'utf8').catch(() => '')).trim()
  return new VoiceError('CONFIG_INVALID', {
    detail: `another engine is using the data directory ${paths.root} (${owner || 'unknown process'})`,
    retryable: false,
  })
}
