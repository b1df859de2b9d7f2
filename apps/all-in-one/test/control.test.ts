import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CccClient } from '../src/demo/sdk-client.ts'
import { testApplication } from './engine-process.ts'
import { answered, assistantLines, until } from './placed-call.ts'
import { type LiveTalk, startTalkHouse, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

type Push = NonNullable<Parameters<CccClient['ControlAIConversation']>[0]['ServerPushText']>

const { sdkAppId } = testApplication
const greeting = 'Hello there.'
const long =
  'This message is rather long so that there is time enough to say something else while it is still being said.'

let house: TalkHouse
let model: TellingModel
let live: LiveTalk

beforeAll(async () => {
  house = await startTalkHouse({ listener: { answer: { after: 100 }, ends: 'peer', endsTimeout: 80_000 } })
  model = await startTellingModel()
  const url = model.open('operator', (text) => (/weather/.test(text) ? 'It is sunny outside.' : 'I see.'))
  live = await house.call('listener', url, { WelcomeMessage: greeting, SystemPrompt: 'Be kind.', NotifyMaxCount: 0 })
  await answered(house.client, live.sessionId)
  await spoken(greeting)
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const push = (ServerPushText: Push) =>
  house.client.ControlAIConversation({
    SdkAppId: sdkAppId,
    SessionId: live.sessionId,
    Command: 'ServerPushText',
    ServerPushText,
  })

const invoke = (Content: string, Interrupt = false) =>
  house.client.ControlAIConversation({
    SdkAppId: sdkAppId,
    SessionId: live.sessionId,
    Command: 'InvokeLLM',
    InvokeLLM: { Content, Interrupt },
  })

const saidSoFar = () => assistantLines(house.client, live.sessionId)

/** Waits until the assistant has said this to its end. */
const spoken = (text: string) =>
  until(`"${text}" to be said`, 30_000, async () => ((await saidSoFar()).includes(text) ? true : undefined))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('an operator leads a live call', { timeout: 120_000 }, async () => {
  await push({ Text: 'Your parcel has arrived.', AddHistory: true })
  await spoken('Your parcel has arrived.')

  // While something is being said, a message is dropped or waits for its turn, as it asks.
  await push({ Text: long })
  await push({ Text: 'This one is dropped.', DropMode: 0 })
  await push({ Text: 'This one waits.', DropMode: 1 })
  await spoken('This one waits.')
  expect(await saidSoFar()).toEqual([greeting, 'Your parcel has arrived.', long, 'This one waits.'])

  // One that interrupts is said at once.
  await push({ Text: long })
  await pause(1500)
  await push({ Text: 'This one cuts in.', Interrupt: true })
  await spoken('This one cuts in.')
  const cut = (await saidSoFar()).at(-2) ?? ''
  expect(long.startsWith(cut)).toBe(true)
  expect(cut.length).toBeLessThan(long.length / 2)

  // The model is told who speaks, and knows of what was said what it shall know.
  await invoke('tell the caller about the weather')
  await spoken('It is sunny outside.')
  const request = model.requests('operator').at(-1)
  expect(request?.invoked).toBe('1')
  expect(request?.messages).toEqual([
    { role: 'system', content: 'Be kind.' },
    { role: 'assistant', content: `${greeting} Your parcel has arrived.` },
    { role: 'user', content: 'tell the caller about the weather' },
  ])

  await push({ Text: long })
  await pause(1000)
  await invoke('once more about the weather', true)
  await until('the second weather report', 20_000, async () =>
    (await saidSoFar()).filter((line) => line === 'It is sunny outside.').length === 2 ? true : undefined,
  )

  await push({ Text: 'We wish you a good day.', StopAfterPlay: true })
  const { cdr, report } = await live.ended()
  expect(cdr.EndStatusString).toBe('ok')
  expect(cdr.HungUpSide).toBe('system')
  expect(report.endedBy).toBe('peer')
  expect((await saidSoFar()).at(-1)).toBe('We wish you a good day.')
  const lastHeardNs = report.heard.at(-1)?.endNs ?? 0
  expect((report.endedAtNs - lastHeardNs) / 1e6).toBeLessThan(1000)
})

test('a call that is over cannot be controlled', async () => {
  await expect(push({ Text: 'Too late.' })).rejects.toMatchObject({
    code: 'FailedOperation.SessionNotInControlState',
  })
})
