import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { saysGoodbye, startTestHouse, type TestHouse, trunkNumber } from './test-house.ts'

const { sdkAppId } = testApplication
const script = saysGoodbye.replace('answer: { after: 200ms }', '')

let house: TestHouse
let server: Server
/** What the server was asked, and how it answers. */
const asked: unknown[] = []
let answer: { readonly status: number; readonly body: string } | 'hang'

beforeAll(async () => {
  house = await startTestHouse(
    {},
    {
      config: (modelUrl) => ({
        agents: [
          {
            id: 7,
            sdkAppId,
            name: 'desk',
            settings: {
              LLMType: 'openai',
              APIUrl: modelUrl,
              APIKey: 'sk-test-secret',
              Languages: ['en'],
              VadSilenceTime: 500,
              WelcomeMessage: 'Good morning {{name}}, how can I help you?',
              EndFunctionEnable: true,
              Variables: [
                { Key: 'name', Value: 'caller' },
                { Key: 'parley-asr-hints', Value: 'thank you goodbye' },
              ],
            },
          },
        ],
      }),
    },
  )
  server = createServer(async (request, response) => {
    asked.push(await json(request))
    if (answer !== 'hang') response.writeHead(answer.status).end(answer.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server?.closeAllConnections()
  server?.close()
  await house?.[Symbol.asyncDispose]()
})

const bind = (URL?: string) =>
  house.client.BindNumberCallInInterface({
    SdkAppId: sdkAppId,
    Number: trunkNumber,
    ...(URL !== undefined && { CallInInterface: { URL } }),
  })

async function dial(from: string) {
  const to = `127.0.0.1:${house.engine.sipPort}`
  const call = await house.phone.placeCall({ to, user: trunkNumber.slice(1), from, script })
  return call.ended
}

/** Calls until the engine has heard of the binding. */
async function dialUntilAsked(from: string) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const before = asked.length
    const report = await dial(from)
    if (asked.length > before) return report
  }
  throw new Error('the server was never asked')
}

test("a number's server says call by call who takes it", async () => {
  expect(await dial('8613900000001')).toMatchObject({ outcome: 'rejected', status: 480 })
  await bind(`http://127.0.0.1:${(server.address() as AddressInfo).port}/who?token=1`)

  answer = { status: 200, body: JSON.stringify({ AIAgentId: 7, Variables: { name: 'Ann' } }) }
  const served = await dialUntilAsked('8613900000002')
  expect(served).toMatchObject({ outcome: 'completed', endedBy: 'peer', problems: [] })
  const question = { SdkAppId: sdkAppId, Number: trunkNumber, Caller: '8613900000002', Callee: trunkNumber }
  expect(asked.at(-1)).toMatchObject({ ...question, SessionId: expect.any(String), Timestamp: expect.any(Number) })
  const { SessionId } = asked.at(-1) as { readonly SessionId: string }
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId })
  expect(AsrDataList?.[0]?.Message).toContain('Good morning Ann')

  answer = { status: 200, body: '{"Reject":603}' }
  expect(await dial('8613900000003')).toMatchObject({ outcome: 'rejected', status: 603 })

  answer = { status: 500, body: '' }
  expect(await dial('8613900000004')).toMatchObject({ outcome: 'rejected', status: 480 })

  answer = 'hang'
  const late = await dial('8613900000005')
  expect(late).toMatchObject({ outcome: 'rejected', status: 480 })
  // It rings while the server thinks.
  expect(late.events.map(({ type }) => type)).toContain('ringing')

  const before = asked.length
  server.close()
  server.closeAllConnections()
  expect(await dial('8613900000006')).toMatchObject({ outcome: 'rejected', status: 480 })
  expect(asked).toHaveLength(before)
}, 60_000)
