import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receivedPace } from './packet-pace.ts'
import { finishedCdr, readCdr, sessionStatus, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

let house: TestHouse

beforeAll(async () => {
  house = await startTestHouse(
    {
      '0001': saysGoodbye,
      '0002': 'answer: { after: 100ms }\nends: peer\nendsTimeout: 10s',
      '0003': 'never: true',
    },
    { trunk: { limits: { maxConcurrent: 2, maxCps: 50 } } },
  )
})
afterAll(() => house?.[Symbol.asyncDispose]())

const isIn = (session: string, state: string) =>
  until(`${session} to be ${state}`, 15_000, async () =>
    (await sessionStatus(house.client, session)) === state ? true : undefined,
  )

/** A stereo recording at 8 kHz: what its header says of its length, and what there is. */
async function recording(url: string) {
  const response = await fetch(url)
  const bytes = Buffer.from(await response.arrayBuffer())
  return {
    status: response.status,
    marks: bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12),
    dataBytes: bytes.readUInt32LE(40),
    presentBytes: bytes.length - 44,
    seconds: bytes.readUInt32LE(40) / 32_000,
  }
}

const postmasterPid = () =>
  Number.parseInt(readFileSync(join(house.dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10)

test('a killed engine comes back to the same database, closes what it lost and dials nothing again', async () => {
  const talking = await house.call('0002')
  await isIn(talking, 'inProgress')
  const ringing = await house.call('0003')
  await isIn(ringing, 'ringing')
  await until('a ring in the record', 5_000, async () =>
    (await readCdr(house.client, ringing))?.RingTimestamp ? true : undefined,
  )
  // Beyond the trunk's two lines: nobody has promised anything for it yet.
  const queued = house.call('0001').then(
    () => 'accepted',
    (error: unknown) => error,
  )
  const answeredAt = (await readCdr(house.client, talking))?.AcceptTimestamp
  const file = join(house.dataDir, 'recordings', `${talking}.wav`)
  await until('two seconds of recording', 15_000, async () => (statSync(file).size > 2 * 32_000 ? true : undefined))
  const database = postmasterPid()
  await house.engine.stop('SIGKILL')
  expect(await queued).toBeInstanceOf(Error)
  const killedAt = Date.now()

  await house.restart()
  const backAfterMs = Date.now() - killedAt
  expect(postmasterPid()).toBe(database)
  expect(house.engine.log()).toContain('"how":"adopted"')

  const lost = await finishedCdr(house.client, talking, 5_000)
  expect(lost).toMatchObject({ EndStatusString: 'operatorError', AcceptTimestamp: answeredAt })
  expect(lost.EndedTimestamp ?? 0).toBeLessThanOrEqual(Math.ceil(killedAt / 1000))
  const unanswered = await finishedCdr(house.client, ringing, 5_000)
  expect(unanswered).toMatchObject({ EndStatusString: 'operatorError' })
  expect(unanswered.AcceptTimestamp).toBeFalsy()
  expect(unanswered.RingTimestamp).toBeTruthy()

  const audio = await recording(lost.RecordURL ?? '')
  expect(audio).toMatchObject({ status: 200, marks: 'RIFFWAVE' })
  expect(audio.dataBytes).toBe(audio.presentBytes)
  expect(audio.seconds).toBeGreaterThan(1)
  expect(audio.seconds).toBeLessThan(10)

  // The phone saw two calls and hears nothing more of the first.
  const heard = await house.seen.find(({ digits }) => digits === '0002')?.call.ended
  expect(heard?.problems).toContain('the peer did not end the call within 10000 ms')
  const { lastAtNs } = receivedPace(heard?.packetsPath ?? '')
  expect(((heard?.endedAtNs ?? 0) - lastAtNs) / 1e6).toBeGreaterThan(1_500)

  const again = await house.call('0001')
  expect(await finishedCdr(house.client, again, 30_000)).toMatchObject({ EndStatusString: 'ok' })
  // What was lost would have been dialled before it.
  expect(house.seen.map(({ digits }) => digits)).toEqual(['0002', '0003', '0001'])
  console.info(`ready ${backAfterMs} ms after the kill`)
}, 60_000)
