import { rm } from 'node:fs/promises'
import { silentLogger } from '@parley/core'
import { startEmbeddedPostgres } from '../../src/index.ts'
import { realClock, realRandom } from './real-time.ts'

/*
 * Runs one server for all test files of a test run and ends with that run: `keep-server.ts <folder> <pid of the run> [binDir]`.
 * When several are started for one folder, one stays.
 */
const [folder = '', runPid = '', binDir] = process.argv.slice(2)
const server = await startEmbeddedPostgres({
  dataDir: folder,
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  ...(binDir ? { binDir } : {}),
})
const watch = setInterval(() => {
  try {
    process.kill(Number(runPid), 0)
  } catch {
    clearInterval(watch)
    void server[Symbol.asyncDispose]().then(() => rm(folder, { recursive: true, force: true }))
  }
}, 200)
