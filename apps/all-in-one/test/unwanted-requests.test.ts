import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { answered, finishedCdr, until } from './placed-call.ts'
import { freeUdpPort, killSipp, runSipp, sippAvailable } from './sipp-process.ts'
import { answer, pause, plainSdp, reoffer, request, type SippStep, sippScenario } from './sipp-scenario.ts'
import { startTestHouse, type TestHouse } from './test-house.ts'

const { sdkAppId } = testApplication
const sippNumber = '+8675500000009'
const fax = ['m=image 6010 udptl t38', 'a=T38FaxVersion:0', 'a=T38FaxRateManagement:transferredTCF']
const session = plainSdp.slice(0, 5)
const speech = plainSdp.slice(5)
const silentSpeech = ['m=audio 0 RTP/AVP 8']

let house: TestHouse
let port: number

beforeAll(async () => {
  port = await freeUdpPort()
  house = await startTestHouse({}, { moreTrunks: () => [{ name: 'sipp', port, number: sippNumber }] })
})
afterAll(async () => {
  killSipp()
  await house?.[Symbol.asyncDispose]()
})

const spoken = (sessionId: string, text: string) =>
  until(`"${text}" to be said`, 10_000, async () => {
    const { AsrDataList } = await house.client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId: sessionId })
    return AsrDataList?.some(({ Message }) => Message === text) ? true : undefined
  })

describe.skipIf(!sippAvailable)('a call that is up, asked', { timeout: 40_000 }, () => {
  test.each<[string, SippStep]>([
    ['to become a fax by T.38 alone, answers 488', reoffer(1, [...session, ...fax], 488)],
    [
      'to become a fax with its audio switched off, answers 488',
      reoffer(1, [...session, ...silentSpeech, ...fax], 488),
    ],
    [
      'for a fax beside the talk, declines the fax',
      reoffer(1, [...session, ...speech, ...fax], 200, 'm=image 0 udptl'),
    ],
    [
      'to call somebody by REFER, answers 405',
      request('REFER', 1, 405, ['Refer-To: &lt;sip:premium@198.51.100.1&gt;']),
    ],
  ])('%s and the talk goes on', async (_what, step) => {
    const played = runSipp(sippScenario(answer(), pause(300), step, pause(6_000), request('BYE', 2, 200)), port, [])
    const sessionId = await house.call('0009', { Callers: [sippNumber] })
    await answered(house.client, sessionId)
    // The greeting ends well after the request: what is pushed then is said in a call that was asked.
    await spoken(sessionId, 'Hello, how can I help you?')
    await house.client.ControlAIConversation({
      SdkAppId: sdkAppId,
      SessionId: sessionId,
      Command: 'ServerPushText',
      ServerPushText: { Text: 'We are still here.', Interrupt: true },
    })
    expect(await played).toMatchObject({ code: 0, log: '' })
    expect(await finishedCdr(house.client, sessionId, 15_000)).toMatchObject({
      EndStatusString: 'ok',
      HungUpSide: 'user',
    })
    await spoken(sessionId, 'We are still here.')
  })
})
