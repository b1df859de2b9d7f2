import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { until } from './placed-call.ts'
import { startTalkHouse, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

const heardEnd = { wait: { heard: 'end' as const, timeout: 20_000 } }
const guest = {
  answer: { after: 100 },
  steps: [heardEnd, { say: { text: 'a table for four please' } }, heardEnd],
}

let house: TalkHouse
let model: TellingModel

beforeAll(async () => {
  house = await startTalkHouse({ guest })
  model = await startTellingModel()
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const isAfterCall = (messages: readonly { content: string }[]) => messages[0]?.content.includes('JSON object') ?? false

test('the model of a call is asked about it once it is over, and its answer is typed', {
  timeout: 120_000,
}, async () => {
  let questions = 0
  const modelUrl = model.open('guest', (_text, messages) => {
    if (!isAfterCall(messages)) return 'Very well.'
    questions += 1
    const fields = { guests: '4', drink: ['water', 'petrol'], vegetarian: 'who knows', wish: 'a table' }
    const analysis = { summary: 'Somebody wants a table.', mood: 'friendly', intention: 'to book' }
    return questions === 1 ? 'Let me think about that.' : `\`\`\`json\n${JSON.stringify({ fields, analysis })}\n\`\`\``
  })
  const { sessionId, report } = await house.talk('guest', modelUrl, {
    SystemPrompt: 'You take orders in a restaurant.',
    Variables: [
      { Key: 'parley-asr-hints', Value: 'a table for four please' },
      { Key: 'parley-analysis', Value: 'true' },
    ],
    ExtractConfig: [
      { InfoType: 'Number', InfoName: 'guests', InfoContent: 'How many people come' },
      { InfoType: 'Selector', InfoName: 'drink', Choices: ['Wine', 'Water'] },
      { InfoType: 'Boolean', InfoName: 'vegetarian' },
      { InfoType: 'Text', InfoName: 'wish' },
    ],
  })
  expect(report.problems).toEqual([])
  const nowS = Math.floor(Date.now() / 1000)
  const query = {
    ...{ SdkAppId: testApplication.sdkAppId, SessionId: sessionId },
    ...{ StartTime: nowS - 3600, EndTime: nowS + 60 },
  }
  // The first answer is no JSON: asked again after five seconds.
  const extracted = await until('the extraction', 30_000, async () => {
    const { ResultList = [] } = await house.client.DescribeAICallExtractResult(query)
    return ResultList.length > 0 ? ResultList : undefined
  })
  expect(extracted).toEqual([
    { InfoType: 'Number', InfoName: 'guests', InfoContent: 'How many people come', Result: { Number: 4 } },
    { InfoType: 'Selector', InfoName: 'drink', InfoContent: '', Result: { Chosen: ['Water'] } },
    { InfoType: 'Boolean', InfoName: 'vegetarian', InfoContent: '', Result: null },
    { InfoType: 'Text', InfoName: 'wish', InfoContent: '', Result: { Text: 'a table' } },
  ])
  expect((await house.client.DescribeAIAnalysisResult(query)).ResultList).toEqual([
    { Type: 'summary', Result: 'Somebody wants a table.' },
    { Type: 'mood', Result: 'friendly' },
    { Type: 'intention', Result: 'to book' },
  ])
  const asked = model.requests('guest').filter(({ messages }) => isAfterCall(messages))
  expect(asked).toHaveLength(2)
  expect(asked[0]?.messages[1]?.content).toMatch(/Assistant: Hello.*\nUser: .*(table|four)/s)
})
