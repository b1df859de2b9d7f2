import { writeSync } from 'node:fs'
import { silentLogger } from '@parley/core'
import { openStore } from '../../src/index.ts'
import { route } from './push-house.ts'
import { realClock, realRandom } from './real-time.ts'

/* An engine that is made to be killed while a push is under way: `push-process.ts <url> <recordings folder>`. Writes the id. */
const [url = '', recordingsDir = ''] = process.argv.slice(2)
const store = await openStore({
  connection: { url },
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  recordingsDir,
  masterKey: new Uint8Array(32).fill(7),
})
await store.deliverPushes({
  routes: () => [route('crm')],
  signal: new AbortController().signal,
  transport: {
    deliver: ({ id }) => {
      writeSync(1, `${id}\n`)
      return new Promise(() => {})
    },
  },
})
