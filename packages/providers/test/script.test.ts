import { readFile } from 'node:fs/promises'
import { type ChatMessage, type ReplyDelta, Secret, silentLogger, type ToolSpec, type VoiceError } from '@parley/core'
import { SeededRandom, settle, VirtualClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { createProviders, parseScript, scriptChatModel, serveScriptModel } from '../src/index.ts'
import { realClock } from './real-clock.ts'

const path = new URL('./fixtures/appointment.yaml', import.meta.url).pathname
const yaml = await readFile(path, 'utf8')
const tools: readonly ToolSpec[] = [
  { kind: 'endCall', name: 'call_end', description: 'Ends the call.' },
  { kind: 'transferToGroup', name: 'transfer_to_human', description: 'A person.', skillGroupId: 1 },
]

const conversation = (...userTexts: readonly string[]): ChatMessage[] => [
  { role: 'system', text: 'You are a clinic.' },
  ...userTexts.flatMap((text, index): ChatMessage[] => [
    ...(index > 0 ? [{ role: 'assistant' as const, text: 'Whatever was said.' }] : []),
    { role: 'user', text },
  ]),
]

async function spoken(deltas: AsyncIterable<ReplyDelta>): Promise<string> {
  let all = ''
  for await (const delta of deltas) all += delta.type === 'text' ? delta.text : ` <${delta.name}${delta.arguments}>`
  return all
}

const model = scriptChatModel(parseScript(yaml), new VirtualClock())
const say = (messages: readonly ChatMessage[], declared = tools) =>
  spoken(model.reply(messages, { tools: declared, requestId: 'r' }, new AbortController().signal))

describe('the appointment script', () => {
  test.each<[readonly string[], string]>([
    [[], 'Hello, this is the clinic. How can I help you?'],
    [['I would like an appointment please'], 'With pleasure. Which day suits you?'],
    [['An appointment, please.', 'On Monday!'], 'And at what time on monday?'],
    [['an appointment for Friday'], 'An appointment on friday, very well. And at what time on friday?'],
    [['an appointment', 'monday at ten'], 'That is monday, ten. Is that right?'],
    [['an appointment', 'monday ten', 'no'], 'Sorry about that. Which day suits you?'],
    [
      ['an appointment', 'monday', 'in the morning', "yes that's right"],
      'Your appointment is booked. Is there anything else I can do for you?',
    ],
    [['an appointment', 'the moon'], 'Please name a day of the week. Which day suits you?'],
    [['an appointment', 'the moon', 'the sun'], 'I need a day, for example Monday. Which day suits you?'],
    [['an appointment', 'when are you open?'], 'We are open from nine to five, Monday to Friday.'],
    [['an appointment', 'when are you open?', 'tuesday'], 'And at what time on tuesday?'],
    [['mondayish'], 'Sorry, I did not understand that. Hello, this is the clinic. How can I help you?'],
    [['Goodbye'], 'Thank you for calling. Goodbye. <call_end{}>'],
    [['let me SPEAK to a human'], 'One moment please, I will connect you. <transfer_to_human{}>'],
    [['a', 'b', 'c'], 'I am sorry, I will connect you with a colleague. <transfer_to_human{}>'],
  ])('%j -> %s', async (userTexts, reply) => {
    expect(await say(conversation(...userTexts))).toBe(reply)
  })

  test('a tool that was not declared is not called', async () => {
    expect(await say(conversation('goodbye'), [])).toBe('Thank you for calling. Goodbye.')
  })

  test('asked to speak first in the middle of the talk it repeats its question', async () => {
    const history: ChatMessage[] = [...conversation('an appointment'), { role: 'assistant', text: 'With pleasure.' }]
    expect(await say(history)).toBe('Which day suits you?')
  })
})

test('all problems of a script are told at once, each with its path', () => {
  const broken = `
start: nowhere
always: [{ when: "/(/", say: x }]
steps:
  one:
    rules:
      - { when: "on {day}", goto: two }
      - { when: hello }
      - { when: bye, end: true, call: tool }
`
  const error = (() => {
    try {
      return parseScript(broken)
    } catch (reason) {
      return reason as VoiceError
    }
  })() as VoiceError
  expect(error.code).toBe('CONFIG_INVALID')
  for (const part of [
    'start: there is no step "nowhere"',
    'always.0.when.0: Invalid regular expression',
    'steps.one.rules.0.goto: there is no step "two"',
    'steps.one.rules.0.when.0: there is no list "day"',
    'steps.one.rules.1: one of say, goto, end, call is needed',
    'steps.one.rules.2: end and call exclude each other',
  ]) {
    expect(error.message).toContain(part)
  }
})

test.each([
  ['steps: {}', 'steps: at least one step is needed'],
  ['steps: { a: { askk: x } }\nmore: 1', 'steps.a: Unrecognized key'],
  ['steps: [', 'script'],
  ['', 'document'],
])('%j is refused', (text, problem) => {
  expect(() => parseScript(text)).toThrow(problem)
})

test('words come in the given pace, and an abort stops them', async () => {
  const clock = new VirtualClock()
  const slow = scriptChatModel(parseScript(yaml), clock, { ttftMs: 300, tokensPerSecond: 10 })
  const abort = new AbortController()
  const heard: [number, string][] = []
  const reason = new Error('over')
  const reading = (async () => {
    for await (const delta of slow.reply(conversation(), { tools, requestId: 'r' }, abort.signal)) {
      heard.push([clock.nowMs(), delta.type === 'text' ? delta.text : ''])
    }
  })()
  await clock.advance(550)
  abort.abort(reason)
  await expect(reading).rejects.toBe(reason)
  expect(heard).toEqual([
    [300, 'Hello,'],
    [400, ' this'],
    [500, ' is'],
  ])
  expect(clock.pendingTimers).toBe(0)
})

test('over HTTP it says the same as in process, with tools, to any client of the protocol', async () => {
  await using server = await serveScriptModel({ script: { path }, clock: realClock, apiKey: 'k' })
  await using providers = createProviders({
    clock: realClock,
    random: new SeededRandom(1),
    logger: silentLogger,
    cacheDir: 'unused',
  })
  const remote = (apiKey: string) =>
    providers.chatModel({ protocol: 'openai', baseUrl: server.baseUrl, apiKey: new Secret(apiKey), model: 'x' })
  const ask = (key: string, ...userTexts: string[]) =>
    spoken(remote(key).reply(conversation(...userTexts), { tools, requestId: 'r' }, new AbortController().signal))
  for (const history of [[], ['an appointment'], ['an appointment', 'monday'], ['goodbye']]) {
    expect(await ask('k', ...history)).toBe(await say(conversation(...history)))
  }
  await expect(ask('wrong', 'hello')).rejects.toMatchObject({ code: 'LLM_AUTH' })
})

test('over HTTP it answers without streaming, lists its model and refuses what it does not understand', async () => {
  await using server = await serveScriptModel({ script: parseScript(yaml), clock: realClock })
  const post = (body: string) => fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body })
  const whole = await post(
    JSON.stringify({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'goodbye' }] }],
      tools: [{ type: 'function', function: { name: 'end_call' } }],
    }),
  )
  expect(await whole.json()).toMatchObject({
    choices: [
      {
        message: {
          content: 'Thank you for calling. Goodbye.',
          tool_calls: [{ function: { name: 'end_call', arguments: '{}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  })
  expect(await (await fetch(`${server.baseUrl}/models`)).json()).toMatchObject({ data: [{ id: 'appointment desk' }] })
  expect((await post('{')).status).toBe(400)
  expect((await post('{"messages": []}')).status).toBe(400)
  expect((await fetch(`${server.baseUrl}/other`)).status).toBe(404)
})

test('a client that goes away stops the words at the server', async () => {
  const clock = new VirtualClock()
  await using server = await serveScriptModel({ script: parseScript(yaml), clock, ttftMs: 1000 })
  const abort = new AbortController()
  const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'hello' }] })
  const response = await fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body, signal: abort.signal })
  expect(response.status).toBe(200)
  expect(clock.pendingTimers).toBe(1)
  abort.abort()
  for (let round = 0; round < 200 && clock.pendingTimers > 0; round += 1) await settle()
  expect(clock.pendingTimers).toBe(0)
})
