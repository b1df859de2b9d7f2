import { writeSync } from 'node:fs'
import { silentLogger, toVoiceError } from '@parley/core'
import { startEmbeddedPostgres } from '../../src/index.ts'
import { realClock, realRandom } from './real-time.ts'

/*
 * Starts the embedded server in a process of its own and holds it until it is told to end or killed:
 * `hold-server.ts <folder>`. Writes one line: how the server was started, or the code of the error and its message.
 */
const [dataDir = ''] = process.argv.slice(2)
try {
  const server = await startEmbeddedPostgres({ dataDir, clock: realClock, random: realRandom, logger: silentLogger })
  process.once('SIGTERM', () => void server[Symbol.asyncDispose]())
  writeSync(1, `${server.how}\n`)
} catch (error) {
  const { code, message } = toVoiceError(error, 'INTERNAL')
  writeSync(1, `${code} ${message}\n`)
}
