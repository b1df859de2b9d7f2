import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@parley/core'
import { expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../src/index.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { ask } from './support/test-database.ts'

test('a server that is killed is started again with its data, and stays stopped once it was stopped', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-keeper-'))
  await chmod(dataDir, 0o755)
  try {
    await using server = await startEmbeddedPostgres({
      dataDir,
      clock: realClock,
      random: realRandom,
      logger: silentLogger,
    })
    const postmaster = async () => Number.parseInt(await readFile(join(dataDir, 'data/postmaster.pid'), 'utf8'), 10)
    await ask(server.url, 'create table kept as select 7 as value')
    const first = await postmaster()
    process.kill(first, 'SIGKILL')
    const rows = await eventually(() => ask(server.url, 'select value from kept').catch(() => undefined), 20_000)
    expect(rows).toEqual([{ value: 7 }])
    expect(await postmaster()).not.toBe(first)
    await server[Symbol.asyncDispose]()
    await expect(ask(server.url, 'select 1')).rejects.toThrow()
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}, 40_000)
