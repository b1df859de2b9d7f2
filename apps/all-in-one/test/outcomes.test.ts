import { type Phone, startPhone } from '@parley/callee'
import { parseScript, type ScriptServer, serveScriptModel } from '@parley/providers'
import { systemClock } from '@parley/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CccClient, sdkClient } from '../src/demo/sdk-client.ts'
import { type EngineProcess, removeDataDir, startEngineProcess, testApplication } from './engine-process.ts'
import { type LyingModel, startLyingModel } from './lying-model.ts'
import { answered, callRequest, finishedCdr, placeCall, readCdr, sessionStatus, until } from './placed-call.ts'
import { farewell } from './test-house.ts'

/** What the phone does is chosen by the last four digits of the called number. */
const scripts: Readonly<Record<string, string>> = {
  '0001': 'busy: true',
  '0002': 'reject: { status: 603 }',
  '0003': 'never: true',
  '0004': 'silent: true',
  '0005': 'reject: { status: 404 }',
  '0006': 'codec: none',
  '0007': 'challenge-forever: true',
  '0010': 'answer: { after: 100ms }\nends: peer\nendsTimeout: 30s',
  '0011': 'answer: { after: 100ms }\nsteps:\n  - wait: { heard: end }\n  - hangup: true',
  '0012':
    'answer: { after: 100ms }\nsteps:\n  - wait: { heard: end }\n  - say: { text: "thank you goodbye" }\nends: peer\nendsTimeout: 30s',
  '0013':
    'answer: { after: 100ms }\nsteps:\n  - garbage: { count: 300 }\n  - alien-rtp: { for: 1s }\n  - wait: { heard: end }\n  - say: { text: "thank you goodbye" }\nends: peer\nendsTimeout: 30s',
}

const callee = (digits: string) => `00861300000${digits}`

let engine: EngineProcess
let phone: Phone
let model: ScriptServer
let liar: LyingModel
let client: CccClient

beforeAll(async () => {
  model = await serveScriptModel({ script: parseScript(farewell), clock: systemClock })
  liar = await startLyingModel()
  phone = await startPhone({ host: '127.0.0.1', port: 0, script: ({ to }) => scripts[to.slice(-4)] ?? 'busy: true' })
  engine = await startEngineProcess({
    trunks: [
      {
        name: 'phone',
        port: phone.port,
        number: '+8675500000001',
        extra: { auth: { kind: 'digest', username: 'a', password: 'p' } },
      },
      { name: 'nobody', port: 9, number: '+8675500000002' },
    ],
  })
  client = sdkClient(engine.httpPort, testApplication)
})

afterAll(async () => {
  await engine?.stop()
  await phone?.close()
  await model?.[Symbol.asyncDispose]()
  await liar?.[Symbol.asyncDispose]()
  if (engine) removeDataDir(engine.dataDir)
})

const request = (digits: string, more = {}) =>
  callRequest(callee(digits), model.baseUrl, { Callers: ['+8675500000001'], ...more })

async function outcome(digits: string, more = {}) {
  const sessionId = await placeCall(client, request(digits, more))
  const cdr = await finishedCdr(client, sessionId, 45_000)
  return {
    end: cdr.EndStatusString,
    system: cdr.SysHangupReasonString ?? '',
    side: cdr.HungUpSide,
    answered: Boolean(cdr.AcceptTimestamp),
  }
}

test('the numbers of the trunks are the caller numbers of the application', async () => {
  const { Numbers = [] } = await client.DescribeNumbers({ SdkAppId: testApplication.sdkAppId })
  expect(Numbers.map(({ Number: number }) => number).toSorted()).toEqual(['+8675500000001', '+8675500000002'])
})

describe.concurrent('each way a call can end leaves one record that says so', () => {
  test('busy', async () => expect(await outcome('0001')).toMatchObject({ end: 'busy', answered: false }))
  test('declined', async () => expect(await outcome('0002')).toMatchObject({ end: 'userReject', answered: false }))
  test('rings and is not answered in time', async () =>
    expect(await outcome('0003', { MaxRingTimeoutSecond: 2 })).toMatchObject({ end: 'notAnswer', answered: false }))
  test('the number does not exist', async () => expect(await outcome('0005')).toMatchObject({ end: 'numberNotExist' }))
  test('the trunk has no common codec', async () =>
    expect(await outcome('0006')).toMatchObject({ end: 'operatorError' }))
  test('the trunk challenges for ever', async () =>
    expect(await outcome('0007')).toMatchObject({ end: 'operatorError' }))
  test('the gateway never answers', async () => expect(await outcome('0004')).toMatchObject({ end: 'operatorError' }))
  test('the gateway does not exist', async () =>
    expect(await outcome('0001', { Callers: ['+8675500000002'] })).toMatchObject({ end: 'operatorError' }))
  test('the callee hangs up', async () =>
    expect(await outcome('0011')).toMatchObject({ end: 'ok', side: 'user', answered: true }))
  test('the assistant hangs up', async () =>
    expect(await outcome('0012')).toMatchObject({ end: 'ok', side: 'system', system: 'functionCallHangup' }))
  test('the user stays silent', async () =>
    expect(await outcome('0010', { MaxDuration: 4000 })).toMatchObject({ end: 'ok', system: 'userInactivity' }))
  test('the call reaches its longest duration', async () =>
    expect(await outcome('0010', { MaxCallDurationMs: 4000 })).toMatchObject({
      end: 'ok',
      system: 'maxCallDurationReached',
    }))
  test('garbage datagrams and audio from elsewhere change nothing', async () =>
    expect(await outcome('0013')).toMatchObject({ end: 'ok', system: 'functionCallHangup' }))

  test('hung up by the API while it rings', async () => {
    const sessionId = await placeCall(client, request('0003'))
    await until('ringing', 10_000, async () =>
      (await sessionStatus(client, sessionId)) === 'ringing' && (await readCdr(client, sessionId))?.RingTimestamp
        ? true
        : undefined,
    )
    await client.HangUpCall({ SdkAppId: testApplication.sdkAppId, SessionId: sessionId })
    expect(await finishedCdr(client, sessionId, 10_000)).toMatchObject({ EndStatusString: 'callerCancelWhileRing' })
  })

  test('hung up by the API while they talk', async () => {
    const sessionId = await placeCall(client, request('0010'))
    await answered(client, sessionId)
    await client.HangUpCall({ SdkAppId: testApplication.sdkAppId, SessionId: sessionId })
    expect(await finishedCdr(client, sessionId, 10_000)).toMatchObject({
      EndStatusString: 'ok',
      SysHangupReasonString: 'callTerminatedByAPI',
    })
  })

  for (const behaviour of ['401', '429', '500', 'hang', 'garbage']) {
    test(`the language model is dead: ${behaviour}`, async () => {
      expect(await outcome('0012', { APIUrl: liar.url(behaviour) })).toMatchObject({
        end: 'ok',
        side: 'system',
        system: 'llmasrError',
      })
    })
  }
})

test('afterwards no call is live, and no log line holds a key, a number or what was said', async () => {
  expect(engine.child.exitCode).toBeNull()
  const log = engine.log()
  expect(log).not.toMatch(/sk-test-secret|test-secret-key/)
  expect(log).not.toMatch(/1300000\d{4}|86755000/)
  expect(log).not.toMatch(/goodbye|How can I help/i)
})
