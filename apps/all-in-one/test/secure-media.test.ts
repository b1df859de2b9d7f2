import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

const farNumber = '+8613000000042'
const nearNumber = '+8675500000008'
const secure = { media: { srtp: 'required', srtpOverClearSip: true } }

/** Takes encrypted calls only. */
let far: TestHouse
/** Its trunk to `far` is encrypted, that to its phone too, which cannot. */
let near: TestHouse

beforeAll(async () => {
  far = await startTestHouse(
    {},
    {
      trunk: secure,
      moreTrunks: (port) => [{ name: 'near', port, number: farNumber, extra: secure }],
      config: (modelUrl) => ({
        inbound: {
          sdkAppId: testApplication.sdkAppId,
          welcomeMessage: 'Good morning.',
          hints: ['thank you goodbye'],
          llm: { type: 'openai', url: modelUrl, apiKey: 'sk-test-secret' },
        },
      }),
    },
  )
  near = await startTestHouse(
    { '0001': saysGoodbye },
    {
      trunk: secure,
      moreTrunks: () => [{ name: 'far', port: far.engine.sipPort, number: nearNumber, extra: secure }],
    },
  )
})
afterAll(async () => {
  await near?.[Symbol.asyncDispose]()
  await far?.[Symbol.asyncDispose]()
})

/** Says goodbye again and again: the recogniser of the far engine may miss it once, or speak over it. */
async function saidUntilEnded(session: string) {
  for (let times = 0; times < 7; times += 1) {
    const cdr = await finishedCdr(near.client, session, 6_000).catch(() => undefined)
    if (cdr) return cdr
    // A call that ended just now takes nothing more.
    await near.client
      .ControlAIConversation({
        SdkAppId: testApplication.sdkAppId,
        SessionId: session,
        Command: 'ServerPushText',
        ServerPushText: { Text: 'Thank you. Goodbye.', Interrupt: true },
      })
      .catch(() => undefined)
  }
  return finishedCdr(near.client, session, 6_000)
}

describe('calls that must be encrypted', { timeout: 60_000 }, () => {
  test('two engines hear each other: one says goodbye, the other understands and hangs up', async () => {
    const session = await near.call('0042', {
      Callers: [nearNumber],
      WelcomeMessage: 'Thank you. Goodbye. Thank you. Goodbye.',
      Languages: ['en'],
    })
    const cdr = await saidUntilEnded(session)
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user' })
    expect(near.engine.log() + far.engine.log()).not.toMatch(/inline:/)
  })

  test('a phone that cannot encrypt refuses, and the call ends as a fault of the line', async () => {
    const session = await near.call('0001', { Callers: ['+8675500000001'] })
    expect(await finishedCdr(near.client, session, 20_000)).toMatchObject({ EndStatusString: 'operatorError' })
    expect(near.seen.length).toBe(1)
  })

  test('a plain call that comes in is answered with 488', async () => {
    const call = await far.phone.placeCall({
      to: `127.0.0.1:${far.engine.sipPort}`,
      user: '8675500000001',
      script: saysGoodbye.replace('answer: { after: 200ms }', ''),
    })
    expect(await call.ended).toMatchObject({ outcome: 'rejected', status: 488 })
  })
})
