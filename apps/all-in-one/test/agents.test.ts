import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

let house: TestHouse
const { sdkAppId } = testApplication

beforeAll(async () => {
  house = await startTestHouse(
    { '0001': saysGoodbye },
    {
      config: (modelUrl) => ({
        agents: [
          {
            id: 7,
            sdkAppId,
            name: 'farewell desk',
            settings: {
              LLMType: 'openai',
              APIUrl: modelUrl,
              APIKey: 'sk-agent-secret',
              Languages: ['en'],
              VadSilenceTime: 500,
              WelcomeMessage: 'Hello {{name}}, this is {{shop}}, {{nothing}}.',
              EndFunctionEnable: true,
              Variables: [
                { Key: 'name', Value: 'stranger' },
                { Key: 'shop', Value: 'Acme' },
                { Key: 'parley-asr-hints', Value: 'thank you goodbye' },
              ],
            },
          },
        ],
      }),
    },
  )
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
})

const spokenBy = async (sessionId: string) => {
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId: sessionId })
  return (AsrDataList ?? []).flatMap((line) => (line.User === 'bot' ? [line.Message ?? ''] : []))
}

test('a declared agent is listed, calls, greets with the variables of the call and its own, and is named in the record', {
  timeout: 60_000,
}, async () => {
  const page = { SdkAppId: sdkAppId, PageSize: 10, PageNumber: 0 }
  expect(await house.client.DescribeAIAgentInfoList(page)).toMatchObject({
    TotalCount: 1,
    AIAgentInfoList: [{ AIAgentId: 7, AIAgentName: 'farewell desk', VariableNames: ['name', 'shop', 'nothing'] }],
  })
  const { SessionId = '' } = await house.client.CreateAIAgentCall({
    SdkAppId: sdkAppId,
    AIAgentId: 7,
    Callee: '008613000000001',
    Variables: [{ Key: 'name', Value: 'Jane' }],
  })
  const cdr = await finishedCdr(house.client, SessionId, 50_000)
  expect(cdr).toMatchObject({
    SysHangupReasonString: 'functionCallHangup',
    AIAgentId: 7,
    AIAgentName: 'farewell desk',
  })
  const [greeting, ...rest] = await spokenBy(SessionId)
  expect(greeting).toBe('Hello Jane, this is Acme, {{nothing}}.')
  expect(rest).toContain('Goodbye.')
})

test('afterwards no log line holds a secret of an agent', () => {
  expect(house.engine.log()).not.toContain('sk-agent-secret')
})
