import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answered, finishedCdr, readCdr, sessionStatus, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

let house: TestHouse

beforeAll(async () => {
  house = await startTestHouse({
    '0001': saysGoodbye,
    '0002': 'answer: { after: 100ms }\nends: peer\nendsTimeout: 10s',
    '0003': 'answer: { after: 100ms }\nends: peer\nendsTimeout: 6s',
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

const dataFolder = () => join(house.dataDir, 'postgres/data')
const postmasterPid = () => Number.parseInt(readFileSync(join(dataFolder(), 'postmaster.pid'), 'utf8'), 10)

const readyz = async () => {
  const response = await fetch(`http://127.0.0.1:${house.engine.httpPort}/readyz`)
  return { status: response.status, body: await response.text() }
}

/** Code of the error, or `answered`, and how long it took. */
async function ask(work: () => Promise<unknown>): Promise<{ readonly code: string; readonly tookMs: number }> {
  const fromMs = performance.now()
  const code = await work().then(
    () => 'answered',
    (error: { readonly code?: string }) => String(error.code),
  )
  return { code, tookMs: performance.now() - fromMs }
}

/** How the phone of these digits saw its call, once it is over. */
const reportOf = async (digits: string) => {
  const seen = await until(`a call of ${digits}`, 5_000, async () => house.seen.find((one) => one.digits === digits))
  return seen.call.ended
}

test('while the database is away calls go on, reads fail cleanly, a new call waits, and all is well by itself afterwards', async () => {
  const session = await house.call('0002')
  await answered(house.client, session)
  expect((await readyz()).status).toBe(200)

  // Killed, and it cannot be started again for as long as its data are elsewhere.
  const [data, postmaster] = [dataFolder(), postmasterPid()]
  renameSync(data, `${data}.away`)
  process.kill(postmaster, 'SIGKILL')
  const notReady = await until('not ready', 5_000, async () => {
    const answer = await readyz()
    return answer.status === 503 ? answer : undefined
  })
  expect(notReady.body).toContain('the database does not answer')
  for (const read of [
    () => readCdr(house.client, session),
    () => sessionStatus(house.client, session),
    () => house.client.HangUpCall({ SdkAppId: 1_400_000_001, SessionId: '00000000-0000-4000-8000-000000000000' }),
  ]) {
    const { code, tookMs } = await ask(read)
    expect(code).toBe('InternalError.DBError')
    expect(tookMs).toBeLessThan(3_000)
  }
  const tooLong = await ask(() => house.call('0001', { AcquireTimeoutSecond: 1 }))
  expect(tooLong.code).toBe('InternalError.DBError')
  expect(tooLong.tookMs).toBeLessThan(5_000)
  // The phone hangs up by itself: what happens now is written later.
  expect(await reportOf('0002')).toMatchObject({ outcome: 'completed', endedBy: 'phone' })
  const patient = house.call('0001', { AcquireTimeoutSecond: 5 })
  renameSync(`${data}.away`, data)

  const accepted = await patient
  await until('ready', 15_000, async () => ((await readyz()).status === 200 ? true : undefined))
  expect(await finishedCdr(house.client, session, 20_000)).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user' })
  expect(await finishedCdr(house.client, accepted, 40_000)).toMatchObject({ EndStatusString: 'ok' })
  // The request that was told of an error made no call.
  expect(house.seen.map(({ digits }) => digits)).toEqual(['0002', '0001'])
}, 90_000)

test('a database that is killed is started again at once, and the record of the call that went on is there', async () => {
  const session = await house.call('0003')
  await answered(house.client, session)
  const killedAt = Date.now()
  const before = postmasterPid()
  process.kill(before, 'SIGKILL')
  // After its six seconds of listening; nothing else ended the call.
  expect(await reportOf('0003')).toMatchObject({ outcome: 'completed', endedBy: 'phone' })
  const cdr = await until('the record', 20_000, async () => {
    const found = await readCdr(house.client, session).catch(() => undefined)
    return found?.EndedTimestamp ? found : undefined
  })
  expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user' })
  expect(cdr.RecordURL).toBeTruthy()
  expect(postmasterPid()).not.toBe(before)
  const log = house.engine.log()
  expect(log).toContain('embedded database has ended and is started again')
  const back = [...log.matchAll(/"tookMs":(\d+),"msg":"embedded database is back"/g)].at(-1)
  console.info(`database back after ${back?.[1]} ms, record ${Date.now() - killedAt} ms after the kill`)
  expect(await finishedCdr(house.client, await house.call('0001'), 30_000)).toMatchObject({ EndStatusString: 'ok' })
  expect(house.engine.child.exitCode).toBeNull()
}, 60_000)
