import { writeSync } from 'node:fs'
import { assertInTime, type CallEventBody, type CallId, silentLogger, waitUntil } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { openStore } from '../../src/index.ts'
import { realClock, realRandom } from '../support/real-time.ts'
import { talkMs } from './stress-plan.ts'

/*
 * An engine that is made to be killed: `stress-worker.ts <url> <owner> <recordings folder> <seed>`. Standard output is the log:
 * `ready`; `D <call> <trunk> <number> <application> <Unix ms>` where an INVITE would leave, before anything else; and
 * `E <call> <Unix ms>` when the line is free again, before the journal hears of it.
 */
const [url = '', owner = '', recordingsDir = '', seed = ''] = process.argv.slice(2)
const seeded = new SeededRandom(Number(seed))
const random = () => seeded.next()
const store = await openStore({
  connection: { url },
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  recordingsDir,
  masterKey: new Uint8Array(32).fill(7),
  maxConnections: 4,
})

/** As an engine does: until the database takes it. */
async function write(callId: CallId, seq: number, body: CallEventBody): Promise<void> {
  const wallMs = realClock.wallMs()
  for (;;) {
    try {
      return await store.journal.append([{ callId, seq, wallMs, body }])
    } catch {
      await waitUntil(realClock, realClock.nowMs() + 100)
    }
  }
}

/** As long as media take, and now and then much longer than a slot. */
const openMedia = (): Promise<void> => waitUntil(realClock, realClock.nowMs() + random() * (random() < 0.05 ? 300 : 20))

const dispatching = store.dispatch({
  owner,
  signal: new AbortController().signal,
  control: {
    place: async ({ callId, trunk, caller, applicationId }, dialBeforeMs) => {
      await openMedia()
      assertInTime(realClock, dialBeforeMs)
      writeSync(1, `D ${callId} ${trunk} ${caller} ${applicationId} ${realClock.wallMs()}\n`)
      void write(callId, 0, { type: 'call.dialing' })
      realClock.setTimer(realClock.nowMs() + talkMs(trunk, random), () => {
        writeSync(1, `E ${callId} ${realClock.wallMs()}\n`)
        void write(callId, 1, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } })
      })
    },
  },
})
writeSync(1, 'ready\n')
await dispatching
