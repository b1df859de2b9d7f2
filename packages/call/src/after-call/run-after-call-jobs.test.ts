import {
  type AfterCallJob,
  type AfterCallJobs,
  type AfterCallResult,
  applicationId,
  type ChatMessage,
  callId,
  Secret,
  silentLogger,
  type TranscriptLine,
  VoiceError,
} from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { runAfterCallJobs } from './run-after-call-jobs.ts'

const job: AfterCallJob = {
  callId: callId('3fa85f64-5717-4562-b3fc-2c963f66afa6'),
  applicationId: applicationId(1400000000),
  plan: { extract: [{ kind: 'number', name: 'guests', description: 'How many guests come' }], analyse: false },
  model: { protocol: 'openai', baseUrl: 'http://model.invalid/v1/', apiKey: new Secret('sk') },
  attempt: 1,
}
const talk: readonly TranscriptLine[] = [
  { role: 'assistant', text: 'How many are you?', fromMs: 0, toMs: 1 },
  { role: 'user', text: 'We are four.', fromMs: 2, toMs: 3 },
]

type Reply = string | VoiceError | 'silence'

function house(
  replies: readonly Reply[],
  transcript = talk,
  jobs = replies.map((_, at) => ({ ...job, attempt: at + 1 })),
) {
  const clock = new VirtualClock()
  const stop = new AbortController()
  const asked: (readonly ChatMessage[])[] = []
  const finished: AfterCallResult[] = []
  const returned: { readonly code: string; readonly afterMs?: number }[] = []
  const waiting = [...jobs]
  const queue: AfterCallJobs = {
    claim: async () => waiting.shift(),
    finish: async (_job, result) => void finished.push(result),
    giveBack: async (_job, failure) => void returned.push(failure),
  }
  const left = [...replies]
  const chatModel = () => ({
    name: 'scripted',
    async *reply(messages: readonly ChatMessage[], _options: unknown, signal: AbortSignal) {
      asked.push(messages)
      const reply = left.shift() ?? 'silence'
      if (reply instanceof VoiceError) throw reply
      if (reply === 'silence')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      yield { type: 'text', text: reply } as const
    },
  })
  const records = { transcript: async () => transcript }
  const options = { jobs: queue, records, providers: { chatModel }, clock, logger: silentLogger, signal: stop.signal }
  const running = runAfterCallJobs(options)
  onTestFinished(async () => {
    stop.abort()
    await running
  })
  return { clock, stop, running, asked, finished, returned }
}

test('the model is asked for the fields and hears the talk as data', async () => {
  const { clock, asked, finished } = house(['{"fields":{"guests":4}}'])
  await clock.advance(0)
  expect(finished).toEqual([{ extracted: { guests: 4 } }])
  const [system, user] = asked[0] ?? []
  expect(system?.text).toContain('How many guests come')
  expect(user?.text).toContain('Assistant: How many are you?\nUser: We are four.')
})

test('the model is told which tags there are and what may be chosen', async () => {
  const tags = [{ name: 'interest', description: 'In buying', values: ['high', 'low'] }]
  const tagged = { ...job, plan: { extract: [], analyse: false, tags } }
  const { clock, asked, finished } = house(['{"tags":{"interest":"low"}}'], talk, [tagged])
  await clock.advance(0)
  expect(finished).toEqual([{ extracted: {}, tags: [{ name: 'interest', value: 'low' }] }])
  expect(asked[0]?.[0]?.text).toContain(
    '{"tags":[{"name":"interest","description":"In buying","values":["high","low"]}]}',
  )
})

test('a talk in which the user said nothing is not worth a question', async () => {
  const { clock, asked, finished } = house(['unused'], [])
  await clock.advance(0)
  expect(asked).toEqual([])
  expect(finished).toEqual([{ extracted: { guests: null } }])
})

test('what may pass is tried again later and later; what will not is not', async () => {
  const { clock, returned } = house(['no object', new VoiceError('LLM_RATE_LIMITED'), new VoiceError('LLM_AUTH')])
  await clock.advance(0)
  expect(returned).toEqual([
    { code: 'LLM_BAD_RESPONSE', afterMs: 5_000 },
    { code: 'LLM_RATE_LIMITED', afterMs: 30_000 },
    { code: 'LLM_AUTH' },
  ])
})

test('the fifth attempt is the last', async () => {
  const { clock, returned } = house(['no object'], talk, [{ ...job, attempt: 5 }])
  await clock.advance(0)
  expect(returned).toEqual([{ code: 'LLM_BAD_RESPONSE' }])
})

test('a model that never answers is given up for a while', async () => {
  const { clock, returned } = house(['silence'])
  await clock.advance(59_999)
  expect(returned).toEqual([])
  await clock.advance(1)
  expect(returned).toEqual([{ code: 'LLM_TIMEOUT', afterMs: 5_000 }])
})

test('an engine that stops hands its work to the next one at once', async () => {
  const { clock, stop, running, returned } = house(['silence'])
  await clock.advance(0)
  stop.abort()
  await running
  expect(returned).toMatchObject([{ afterMs: 0 }])
})
