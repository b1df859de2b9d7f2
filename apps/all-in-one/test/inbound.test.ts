import { startPhone } from '@parley/callee'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr, until } from './placed-call.ts'
import { freeUdpPort, killSipp, runSipp, sippAvailable } from './sipp-process.ts'
import { saysGoodbye, startTestHouse, type TestHouse, trunkNumber } from './test-house.ts'

const sippNumber = '+8675500000009'
const callerScript = saysGoodbye.replace('answer: { after: 200ms }', '')

let house: TestHouse
let sippPort: number

beforeAll(async () => {
  sippPort = await freeUdpPort()
  house = await startTestHouse(
    {},
    {
      moreTrunks: () => [{ name: 'sipp', port: sippPort, number: sippNumber }],
      config: (modelUrl) => ({
        inbound: {
          sdkAppId: testApplication.sdkAppId,
          welcomeMessage: 'Good morning, how can I help you?',
          hints: ['thank you goodbye'],
          llm: { type: 'openai', url: modelUrl, apiKey: 'sk-test-secret' },
        },
      }),
    },
  )
})
afterAll(async () => {
  killSipp()
  await house?.[Symbol.asyncDispose]()
})

const { sdkAppId } = testApplication

/** The one record with this caller, once the call is over. */
async function recordOf(caller: string) {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const session = await until(`a record of ${caller}`, 5_000, async () => {
    const { TelCdrList } = await house.client.DescribeTelCdr({
      SdkAppId: sdkAppId,
      StartTimeStamp: nowSeconds - 3_600,
      EndTimeStamp: nowSeconds + 60,
      PageSize: 10,
      PageNumber: 0,
      Phones: [caller],
    })
    return TelCdrList?.[0]?.SessionId
  })
  return finishedCdr(house.client, session, 15_000)
}

const dial = async (user: string, from: string) => {
  const call = await house.phone.placeCall({
    to: `127.0.0.1:${house.engine.sipPort}`,
    user,
    from,
    script: callerScript,
  })
  return call.ended
}

describe.concurrent('a call that comes in', () => {
  test('rings, is answered, greeted, talked to and hung up by the assistant', async () => {
    const report = await dial('8675500000001', '8613900000001')
    expect(report).toMatchObject({ outcome: 'completed', endedBy: 'peer', problems: [] })
    expect(report.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['ringing', 'answered']))
    // The greeting, and an answer after what was said.
    expect(report.heard.length).toBeGreaterThanOrEqual(2)
    expect(report.spoken[0]?.v2vMs).toBeGreaterThan(0)
    const cdr = await recordOf('8613900000001')
    expect(cdr).toMatchObject({
      Direction: 0,
      Caller: '8613900000001',
      Callee: trunkNumber,
      EndStatusString: 'ok',
      SysHangupReasonString: 'functionCallHangup',
    })
    expect(cdr.RecordURL).toBeTruthy()
    expect(cdr.AcceptTimestamp).toBeTruthy()
  })

  test('for a number of nobody is answered with 404', async () => {
    expect(await dial('4711', '8613900000002')).toMatchObject({ outcome: 'rejected', status: 404 })
  })

  test('from an address that is no gateway gets no answer at all', async () => {
    await using stranger = await startPhone({ host: '127.0.0.2', port: 0, script: {} })
    const call = await stranger.placeCall({
      to: `127.0.0.1:${house.engine.sipPort}`,
      user: '8675500000001',
      from: '8613900000003',
      script: { cancel: { after: '1500ms' } },
    })
    const report = await call.ended
    expect(report.outcome).toBe('cancelled')
    expect(report.sipLog.filter(({ direction }) => direction === 'received')).toEqual([])
  })
})

test('without an assistant for incoming calls they are declined with 480', async () => {
  await using deaf = await startTestHouse({})
  const call = await deaf.phone.placeCall({
    to: `127.0.0.1:${deaf.engine.sipPort}`,
    user: '8675500000001',
    script: callerScript,
  })
  expect(await call.ended).toMatchObject({ outcome: 'rejected', status: 480 })
})

describe.skipIf(!sippAvailable)('sipp', () => {
  test('calls, listens and hangs up', async () => {
    const args = ['-s', '8675500000001', `127.0.0.1:${house.engine.sipPort}`]
    expect(await runSipp('caller', await freeUdpPort(), args)).toMatchObject({ code: 0 })
    expect(await recordOf('8613900000009')).toMatchObject({ Direction: 0, EndStatusString: 'ok', HungUpSide: 'user' })
  })

  test('is called and hangs up after two seconds', async () => {
    const ended = runSipp('callee', sippPort, [])
    const session = await house.call('0009', { Callers: [sippNumber] })
    expect(await ended).toMatchObject({ code: 0 })
    const cdr = await finishedCdr(house.client, session, 10_000)
    expect(cdr).toMatchObject({ Direction: 1, EndStatusString: 'ok', HungUpSide: 'user' })
    expect(cdr.Duration).toBeGreaterThanOrEqual(1)
  })

  test('calls without an offer, answers ours and hangs up', async () => {
    const args = ['-s', '8675500000001', `127.0.0.1:${house.engine.sipPort}`]
    expect(await runSipp('caller-offerless', await freeUdpPort(), args)).toMatchObject({ code: 0 })
    expect(await recordOf('8613900000008')).toMatchObject({ Direction: 0, EndStatusString: 'ok', HungUpSide: 'user' })
  })
})
