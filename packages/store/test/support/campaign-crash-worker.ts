import { writeSync } from 'node:fs'
import { callId, silentLogger } from '@parley/core'
import { openStore } from '../../src/index.ts'
import { startCampaignEngine, talked } from './campaign-house.ts'
import { realClock, realRandom } from './real-time.ts'
import { newCall } from './sample-calls.ts'

/*
 * An engine with campaigns that is made to be killed: `campaign-crash-worker.ts <url> <owner> <recordings folder> [stuck]`.
 * Each call it dials is a line `dial <callee>` on standard output, written before anything else. A stuck one says
 * `claimed <callee>` for its third callee, and makes no call for anybody from then on.
 */
const [url = '', owner = '', recordingsDir = '', stuck] = process.argv.slice(2)
const store = await openStore({
  connection: { url },
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  recordingsDir,
  masterKey: new Uint8Array(32).fill(7),
  maxConnections: 4,
})
let claimed = 0
startCampaignEngine(store, {
  owner,
  answer: (callee) => {
    writeSync(1, `dial ${callee}\n`)
    return talked
  },
  place: async ({ callId: id, callee }) => {
    claimed += 1
    if (stuck && claimed >= 3) {
      writeSync(1, `claimed ${callee}\n`)
      return new Promise(() => {})
    }
    const outcome = await store.intake.create(newCall({ callId: callId(id), callee, acquireMs: 5_000 }))
    return { kind: outcome.kind === 'accepted' ? 'taken' : 'noCapacity' }
  },
})
writeSync(1, 'ready\n')
