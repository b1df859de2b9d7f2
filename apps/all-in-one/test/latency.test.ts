import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { startTalkHouse, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

const questions = ['tell me about monday', 'tell me about a new appointment', 'tell me about the menu', 'how are you']
const heardEnd = { wait: { heard: 'end' as const, timeout: 20_000 } }

let house: TalkHouse
let model: TellingModel

beforeAll(async () => {
  house = await startTalkHouse({
    asks: { answer: { after: 100 }, steps: [heardEnd, ...questions.flatMap((text) => [{ say: { text } }, heardEnd])] },
  })
  model = await startTellingModel()
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

test('the latencies of each turn are those that the phone measured', { timeout: 90_000 }, async () => {
  const { sessionId, report } = await house.talk(
    'asks',
    model.open('asks', () => 'Let me have a look at it.'),
    {
      Variables: [{ Key: 'parley-asr-hints', Value: questions.join('\n') }],
    },
  )
  expect(report.problems).toEqual([])
  const nowSeconds = Math.floor(Date.now() / 1000)
  const latency = await house.client.DescribeAILatency({
    SdkAppId: testApplication.sdkAppId,
    SessionId: sessionId,
    StartTime: nowSeconds - 600,
    EndTime: nowSeconds + 60,
  })
  const rounds = (latency.AILatencyDetail ?? []).filter((round) => (round.ETELatency ?? -1) >= 0)
  expect(rounds).toHaveLength(questions.length)
  for (const [index, round] of rounds.entries()) {
    const measuredMs = report.spoken[index]?.v2vMs ?? Number.NaN
    expect(round.ETELatency).toBeGreaterThanOrEqual(240)
    expect(round.ETELatency).toBeLessThan(2000)
    expect(round.LLMFirstTokenLatency).toBeGreaterThanOrEqual(0)
    expect(round.LLMLatency).toBeGreaterThanOrEqual(round.LLMFirstTokenLatency ?? 0)
    expect(round.TTSLatency).toBeGreaterThanOrEqual(0)
    expect(round.TTSLatency).toBeLessThan(1000)
    expect(Math.abs((round.ETELatency ?? 0) - measuredMs)).toBeLessThanOrEqual(30)
  }
  expect(latency.AILatencyStatistics?.ETELatency?.MiddleLatency).toBeGreaterThanOrEqual(240)
})
