import { writeSync } from 'node:fs'
import { silentLogger } from '@parley/core'
import { openStore } from '../../src/index.ts'
import { realClock, realRandom } from './real-time.ts'

/*
 * An engine that is made to be killed; its first line says `ready`: `crash-worker.ts <url> <owner> <recordings folder> [endless]`. Each call it dials is a line on
 * standard output, written before anything else, as an INVITE would leave; the call is answered and ends by itself, but for
 * every third one of an engine with a fourth argument.
 */
const [url = '', owner = '', recordingsDir = '', endless] = process.argv.slice(2)
let dialled = 0
const store = await openStore({
  connection: { url },
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  recordingsDir,
  masterKey: new Uint8Array(32).fill(7),
  maxConnections: 4,
})
const dispatching = store.dispatch({
  owner,
  signal: new AbortController().signal,
  control: {
    place: async ({ callId }) => {
      writeSync(1, `${callId}\n`)
      const event = (seq: number, type: 'call.dialing' | 'call.answered') => ({
        callId,
        seq,
        wallMs: Date.now(),
        body: { type },
      })
      await store.journal.append([event(0, 'call.dialing')])
      await store.journal.append([event(1, 'call.answered')])
      dialled += 1
      if (endless && dialled % 3 === 0) return
      setTimeout(
        () => {
          const body = { type: 'call.ended' as const, outcome: { kind: 'completed' as const, by: 'user' as const } }
          void store.journal.append([{ callId, seq: 2, wallMs: Date.now(), body }])
        },
        30 + Math.random() * 60,
      )
    },
  },
})
writeSync(1, 'ready\n')
await dispatching
