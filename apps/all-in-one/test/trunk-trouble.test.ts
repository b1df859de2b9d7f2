import type { CallReport } from '@parley/callee'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { receivedPace } from './packet-pace.ts'
import { answered, finishedCdr } from './placed-call.ts'
import { errorCodeOf } from './raw-request.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

const narrowNumber = '+8675500000002'
/** The phone's last words come after these steps. */
const afterSteps = (...steps: string[]) =>
  saysGoodbye.replace(
    'steps:',
    `steps:\n  - wait: { heard: end }${steps.map((step) => `\n  - ${step}`).join('')}\n  - say: { text: "thank you goodbye" }`,
  )

const scripts = {
  '0001': `drop: [INVITE, INVITE-180, INVITE-200, ACK, BYE, BYE-200]${saysGoodbye}`,
  '0002': afterSteps('garbage: { count: 200 }', 'alien-rtp: { for: 2s }'),
  '0003': 'answer: { after: 100ms }\nsteps:\n  - wait: { heard: end }\n  - stop-rtp: 60s',
  '0004': afterSteps('ssrc-change: true', 'pause: 400ms'),
  '0005': afterSteps('hold: { for: 3s }', 'pause: 300ms'),
  '0006': afterSteps('hold: { for: 3s, mode: inactive }', 'pause: 300ms'),
  '0007': `reliable: true${saysGoodbye}`,
  '0008': afterSteps('stop-rtp: 3s'),
  '0009': 'answer: { after: 100ms }\nends: peer',
}

const byAssistant = { EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' }
const { sdkAppId } = testApplication

let house: TestHouse

beforeAll(async () => {
  house = await startTestHouse(scripts, {
    moreTrunks: (phonePort) => [
      { name: 'narrow', port: phonePort, number: narrowNumber, extra: { limits: { maxConcurrent: 2, maxCps: 50 } } },
    ],
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

/** Makes the call `digits` and waits for its end: what the API and what the phone say of it. */
async function wholeCall(digits: string) {
  const session = await house.call(digits, { Callers: ['+8675500000001'] })
  const cdr = await finishedCdr(house.client, session, 70_000)
  const call = house.seen.find((one) => one.digits === digits)
  if (!call) throw new Error('the phone saw no call')
  return { session, cdr, report: await call.call.ended }
}

async function userLines(session: string): Promise<readonly string[]> {
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId: session })
  return (AsrDataList ?? []).filter(({ User }) => User === 'user').map(({ Message }) => Message ?? '')
}

const sent = (report: CallReport, label: string) =>
  report.sipLog.filter((line) => line.direction === 'received' && line.label === label).length

/** The longest time without a packet, ms. */
const longestGap = (report: CallReport) => receivedPace(report.packetsPath ?? '').spacingsMs.at(-1) ?? 0

describe.concurrent('a trunk that is not at its best', { timeout: 80_000 }, () => {
  test('loses the first copy of each message', async () => {
    const { cdr, report } = await wholeCall('0001')
    expect(cdr).toMatchObject(byAssistant)
    expect(report).toMatchObject({ outcome: 'completed', endedBy: 'peer' })
    expect(new Set(report.sipLog.filter(({ wasLost }) => wasLost).map(({ label }) => label))).toEqual(
      new Set(['INVITE', 'INVITE-180', 'INVITE-200', 'ACK', 'BYE', 'BYE-200']),
    )
  })

  test('lets garbage and the sound of strangers through, which nobody hears', async () => {
    const { session, cdr } = await wholeCall('0002')
    expect(cdr).toMatchObject(byAssistant)
    const lines = await userLines(session)
    expect(lines.join(' ')).toMatch(/goodbye|thank you/)
    expect(lines.length).toBeLessThanOrEqual(2)
  })

  test('stops sending sound for good: the call is given up', async () => {
    const { cdr, report } = await wholeCall('0003')
    expect(cdr).toMatchObject({ EndStatusString: 'operatorError', HungUpSide: 'system' })
    expect(cdr.RecordURL).toBeTruthy()
    expect(report.endedBy).toBe('peer')
    expect(Number(cdr.Duration)).toBeGreaterThanOrEqual(30)
    expect(Number(cdr.Duration)).toBeLessThan(50)
  })

  test('stops sending sound for three seconds: the talk goes on', async () => {
    const { session, cdr } = await wholeCall('0008')
    expect(cdr).toMatchObject(byAssistant)
    expect((await userLines(session)).join(' ')).toMatch(/goodbye|thank you/)
  })

  test('goes on with another source, sequence and time', async () => {
    const { session, cdr } = await wholeCall('0004')
    expect(cdr).toMatchObject(byAssistant)
    expect((await userLines(session)).join(' ')).toMatch(/goodbye|thank you/)
  })

  test.for(['0005', '0006'])('holds the call and comes back (%s)', async (digits) => {
    const { cdr, report } = await wholeCall(digits)
    expect(cdr).toMatchObject(byAssistant)
    expect(report.events.filter(({ type }) => type === 'hold' || type === 'resume').length).toBeGreaterThan(0)
    // Who is held sends nothing.
    expect(longestGap(report)).toBeGreaterThan(2_500)
    expect(longestGap(report)).toBeLessThan(4_500)
  })

  test('wants its provisional responses confirmed', async () => {
    const { cdr, report } = await wholeCall('0007')
    expect(cdr).toMatchObject(byAssistant)
    expect(sent(report, 'PRACK')).toBeGreaterThan(0)
  })

  test('has no third line: the request is refused after its waiting time', async () => {
    const patient = { Callers: [narrowNumber] }
    const request = { ...patient, AcquireTimeoutSecond: 1 }
    const sessions = [await house.call('0009', patient), await house.call('0009', patient)]
    const askedAt = Date.now()
    await expect(house.call('0009', request)).rejects.toMatchObject({ code: 'FailedOperation.AcquireQuota' })
    expect(Date.now() - askedAt).toBeGreaterThan(900)
    for (const session of sessions) {
      await answered(house.client, session)
      await house.client.HangUpCall({ SdkAppId: sdkAppId, SessionId: session })
      await finishedCdr(house.client, session, 10_000)
    }
    const third = await house.call('0009', patient)
    await house.client.HangUpCall({ SdkAppId: sdkAppId, SessionId: third })
    await finishedCdr(house.client, third, 10_000)
    expect(house.seen.filter(({ digits }) => digits === '0009').length).toBeLessThanOrEqual(3)
  })
})

describe('a request that is not as it should be is answered with its code', () => {
  test.for([
    ['AuthFailure.SignatureFailure', { action: 'DescribeTelCdr', secretKey: 'another' }],
    ['AuthFailure.SecretIdNotFound', { action: 'DescribeTelCdr', secretId: 'AKIDnobody' }],
    ['AuthFailure.SignatureExpire', { action: 'DescribeTelCdr', offsetSeconds: -600 }],
    ['AuthFailure.SignatureExpire', { action: 'DescribeTelCdr', offsetSeconds: 600 }],
    ['InvalidAction', { action: 'DescribeTheWeather' }],
    ['UnsupportedOperation', { action: 'CreateUserSig' }],
    ['MissingParameter', { action: 'DescribeTelCdr' }],
    ['InvalidParameter', { action: 'DescribeTelCdr', body: '{"SdkAppId":' }],
    ['RequestSizeLimitExceeded', { action: 'CreateAICall', body: `{"SystemPrompt":"${'x'.repeat(11_000_000)}"}` }],
  ] as const)('%s', async ([code, request]) => {
    expect(await errorCodeOf(house.engine.httpPort, request)).toBe(code)
  })
})
