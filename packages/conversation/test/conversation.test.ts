import { callId, VoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { restoreHistory } from '../src/index.ts'
import { Stage, spec } from './stage.ts'

const longReply =
  'Sure, I can do that. Your order of Monday will be cancelled today, and the money comes back within five days.'

test('one turn: asked, answered, remembered, reported', async () => {
  await using stage = new Stage({ lines: ['I want to cancel my order'], reply: () => 'Sure. It is done.' })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(6000)
  expect(stage.said()).toEqual(['user: I want to cancel my order', 'reply: Sure. It is done.'])
  expect(stage.talk.history).toEqual([
    { role: 'user', text: 'I want to cancel my order' },
    { role: 'assistant', text: 'Sure. It is done.' },
  ])
  expect(stage.chatModel.requests[0]?.messages).toEqual([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'I want to cancel my order' },
  ])
  const [said] = stage.reported('assistant.said')
  expect(said).toMatchObject({ turn: 1, fromMs: 1500, interrupted: false, source: 'reply', remember: true })
  expect(stage.reported('user.said')[0]).toMatchObject({ turn: 1, fromMs: 0, toMs: 1000 })
})

test('the voice says numbers in words, the history keeps them as they were written', async () => {
  await using stage = new Stage({
    spec: { greeting: { kind: 'text', text: 'Hello, it is 5:30 p.m. here.' } },
    lines: ['what does it cost'],
    reply: () => 'It costs **$5** today.',
  })
  await stage.start()
  await stage.clock.advance(5000)
  await stage.speak()
  await stage.clock.advance(6000)
  expect(stage.synthesizer.texts).toEqual(['Hello, it is five thirty p.m. here.', 'It costs five dollars', 'today.'])
  expect(stage.talk.history.map(({ text }) => text)).toEqual([
    'Hello, it is 5:30 p.m. here.',
    'what does it cost',
    'It costs $5 today.',
  ])
})

test('numbers are said in the main language of the assistant', async () => {
  await using stage = new Stage({
    spec: { recognition: { languages: ['zh', 'en'], hints: [] } },
    lines: ['多少钱'],
    reply: () => '一共¥5。',
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(5000)
  expect(stage.synthesizer.texts).toEqual(['一共五元。'])
  expect(stage.said().at(-1)).toBe('reply: 一共¥5。')
})

test('a reply without end is given up', async () => {
  await using stage = new Stage({
    lines: ['tell me all'],
    reply: () => [{ type: 'text', text: 'na '.repeat(400_000) }],
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(3000)
  expect(stage.reported('provider.failed')).toEqual([
    { type: 'provider.failed', stage: 'llm', code: 'LLM_BAD_RESPONSE' },
  ])
})

test('a superseded speculation is aborted and none of its audio is ever sent', async () => {
  await using stage = new Stage({
    lines: ['the first one', 'cancel my order'],
    reply: (_, index) => `Reply number ${index}.`,
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(300)
  const resumedAtMs = stage.clock.nowMs()
  await stage.speak()
  await stage.clock.advance(5000)
  const [first, second] = stage.chatModel.requests
  expect(first?.messages.at(-1)?.text).toBe('the first one')
  expect(second?.messages.at(-1)?.text).toBe('the first one cancel my order')
  expect(stage.chatModel.requests).toHaveLength(2)
  expect(resumedAtMs).toBeLessThan(stage.media.audibleAtMs() ?? 0)
  expect(new Set(stage.media.sent.map((packet) => packet.generation))).toEqual(new Set([2]))
  expect(stage.media.misplaced).toEqual([])
  expect(stage.said()).toEqual(['user: the first one cancel my order', 'reply: Reply number 1.'])
  expect(stage.reported('turn.completed')[0]?.timings.discarded).toBe(1)
})

test('a request that is thrown away is aborted at the model', async () => {
  await using stage = new Stage({ lines: ['the first one', 'cancel my order'], model: { firstTokenMs: 2000 } })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(300)
  await stage.speak()
  await stage.clock.advance(500)
  expect(stage.chatModel.requests[0]?.abortedAtMs).toBeDefined()
})

test('an interruption silences the next packet and the history keeps what was heard', async () => {
  await using stage = new Stage({
    lines: ['I want to cancel my order', 'wait a moment please'],
    reply: () => longReply,
  })
  await stage.start()
  const stoppedAtMs = await stage.speak()
  await stage.clock.advance(2500)
  const onsetAtMs = stage.clock.nowMs()
  await stage.speak()
  await stage.clock.advance(200)
  const lastPacketAtMs = stage.media.sent.at(-1)?.atMs ?? 0
  expect(lastPacketAtMs - onsetAtMs).toBeLessThanOrEqual(500)
  expect(stage.media.sent.some((packet) => packet.gainDb === -18)).toBe(true)

  // 60 ms a character: the words whose last character had left.
  const heardCharacters = (lastPacketAtMs + 20 - (stoppedAtMs + 500)) / 60
  const heard = stage.talk.history.at(-1)?.text ?? ''
  expect(longReply.startsWith(heard)).toBe(true)
  expect(heard.length).toBeLessThanOrEqual(heardCharacters + 2)
  expect(heard.length).toBeGreaterThan(heardCharacters - 12)

  await stage.clock.advance(500)
  const messages = stage.chatModel.requests.at(-1)?.messages ?? []
  expect(messages.at(-2)).toEqual({ role: 'assistant', text: heard })
  expect(messages.at(-1)).toEqual({ role: 'user', text: 'wait a moment please' })
  expect(stage.reported('assistant.said')[0]).toMatchObject({ heard, intended: longReply, interrupted: true })
  expect(stage.reported('turn.completed')[0]?.timings.interruptedAtMs).toBeGreaterThan(onsetAtMs)
})

test('a reply nobody heard leaves no trace', async () => {
  await using stage = new Stage({ lines: ['I want to cancel', 'no keep my order'], model: { firstTokenMs: 900 } })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(800)
  await stage.speak()
  await stage.clock.advance(700)
  expect(stage.media.sent).toEqual([])
  expect(stage.talk.history).toEqual([])
  await stage.clock.advance(6000)
  expect(stage.said()[0]).toBe('user: I want to cancel no keep my order')
  expect(stage.said()).toHaveLength(2)
})

test('a filler is heard but not remembered', async () => {
  await using stage = new Stage({
    lines: ['I want to cancel'],
    turn: { filler: { afterMs: 300, words: ['One moment please.'] } },
    model: { firstTokenMs: 1500 },
    reply: () => 'It is done.',
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(8000)
  expect(stage.said()).toEqual(['filler: One moment please.', 'user: I want to cancel', 'reply: It is done.'])
  expect(stage.talk.history.map(({ text }) => text)).toEqual(['I want to cancel', 'It is done.'])
})

test('a model that fails ends the call after an apology', async () => {
  await using stage = new Stage({ lines: ['I want to cancel'], reply: () => new VoiceError('LLM_AUTH') })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(6000)
  expect(stage.end).toEqual({ kind: 'failed', code: 'LLM_AUTH' })
  expect(stage.said()).toEqual(['user: I want to cancel', 'apology: I am sorry, something went wrong.'])
  expect(stage.reported('provider.failed')).toEqual([{ type: 'provider.failed', stage: 'llm', code: 'LLM_AUTH' }])
})

test('a model that never answers is given eight seconds', async () => {
  await using stage = new Stage({ lines: ['I want to cancel'], reply: () => 'hang' })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(8000 + 500 + 3000)
  expect(stage.end).toEqual({ kind: 'failed', code: 'LLM_TIMEOUT' })
})

test('a dead voice ends the call', async () => {
  await using stage = new Stage({
    spec: { greeting: { kind: 'text', text: 'Hello.' } },
    voice: { failure: () => new VoiceError('TTS_UNAVAILABLE') },
  })
  stage.talk.prewarm()
  await stage.clock.advance(1000)
  await stage.start()
  await stage.clock.advance(1000)
  expect(stage.end).toEqual({ kind: 'failed', code: 'TTS_UNAVAILABLE' })
})

test('a dead recogniser is excused, then the call ends', async () => {
  await using stage = new Stage()
  await stage.start()
  stage.recognizer.fail(new VoiceError('ASR_UNAVAILABLE'))
  await stage.clock.advance(5000)
  expect(stage.end).toEqual({ kind: 'failed', code: 'ASR_UNAVAILABLE' })
  expect(stage.said()).toEqual(['apology: I am sorry, something went wrong.'])
})

test.each(['call_end', 'end_call'])(
  'the tool %s ends the call after the last words, whatever was speculated',
  async (name) => {
    await using stage = new Stage({
      lines: ['Goodbye then'],
      reply: () => [
        { type: 'text', text: 'Goodbye!' },
        { type: 'toolCall', name, arguments: '{}' },
      ],
    })
    await stage.start()
    await stage.speak()
    await stage.clock.advance(499)
    expect(stage.end).toBeUndefined()
    await stage.clock.advance(5000)
    expect(stage.end).toEqual({ kind: 'assistantEnded' })
    expect(stage.ends).toBe(1)
    expect(stage.said()).toEqual(['user: Goodbye then', 'reply: Goodbye!'])
  },
)

test('a tool call of a discarded speculation is never executed', async () => {
  await using stage = new Stage({
    lines: ['Goodbye', 'no wait I have a question'],
    reply: (_, index) => (index === 0 ? [{ type: 'toolCall', name: 'call_end', arguments: '{}' }] : 'Yes please.'),
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(300)
  await stage.speak()
  await stage.clock.advance(5000)
  expect(stage.end).toBeUndefined()
  expect(stage.said()).toEqual(['user: Goodbye no wait I have a question', 'reply: Yes please.'])
})

test('a model that calls something undeclared is still heard', async () => {
  await using stage = new Stage({
    lines: ['Hello there'],
    reply: () => [
      { type: 'toolCall', name: 'launch', arguments: '{}' },
      { type: 'text', text: 'Hello.' },
    ],
  })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(4000)
  expect(stage.said()).toEqual(['user: Hello there', 'reply: Hello.'])
})

test('an empty reply does not hang', async () => {
  await using stage = new Stage({ lines: ['Hello there'], reply: () => '' })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(5000)
  expect(stage.chatModel.requests).toHaveLength(2)
  expect(stage.said()).toEqual(['user: Hello there', 'silencePrompt: Are you still there?'])
})

test('a question of the operator reaches the model marked as such', async () => {
  await using stage = new Stage({ reply: () => 'We offer ten percent.' })
  await stage.start()
  stage.talk.ask({ text: 'Offer a discount.', interrupt: false })
  await stage.clock.advance(5000)
  expect(stage.chatModel.requests[0]?.options.headers).toEqual({ 'X-Invoke-LLM': '1' })
  expect(stage.said()).toEqual(['user: Offer a discount.', 'reply: We offer ten percent.'])
  expect(stage.reported('user.said')[0]?.origin).toBe('ask')
})

test('the recogniser gets the marks of the detector in their place in the audio', async () => {
  await using stage = new Stage({ lines: ['one', 'two'] })
  await stage.start()
  await stage.clock.advance(1000)
  await stage.speak(600)
  await stage.clock.advance(200)
  await stage.speak(400)
  await stage.clock.advance(200)
  expect(stage.recognizer.marks).toEqual([
    { type: 'speech.started', mediaMs: 1000 },
    { type: 'speech.stopped', mediaMs: 1600 },
    { type: 'speech.started', mediaMs: 1800 },
    { type: 'speech.stopped', mediaMs: 2200 },
  ])
})

test('a talk can go on elsewhere from its journal', async () => {
  const lines = ['I want to cancel my order', 'wait a moment please', 'go on']
  await using first = new Stage({
    lines,
    reply: () => longReply,
    spec: { greeting: { kind: 'text', text: 'Hello, how can I help?' } },
  })
  await first.start()
  await first.clock.advance(3000)
  await first.speak()
  await first.clock.advance(2500)
  await first.speak()
  await first.clock.advance(1500)
  await first.talk[Symbol.asyncDispose]()
  const events = first.reports.map((body, seq) => ({ callId: callId('call'), seq, wallMs: seq, body }))
  const restored = restoreHistory(events)
  expect(restored.messages).toEqual(first.talk.history)
  expect(restored.turns).toBe(2)

  await using second = new Stage({ lines: ['go on'], restored, spec: { greeting: { kind: 'text', text: 'Hello.' } } })
  await second.start()
  await second.speak()
  await second.clock.advance(4000)
  expect(second.reported('user.said')[0]?.turn).toBe(3)
  const messages = second.chatModel.requests[0]?.messages ?? []
  expect(messages.slice(1, -1)).toEqual(restored.messages.slice())
  expect(second.said()[0]).toBe('user: go on')
})

test('a question that was not answered before the talk moved is answered at once', async () => {
  const restored = { messages: [{ role: 'user', text: 'What does it cost?' }] as const, turns: 1 }
  await using stage = new Stage({ restored, reply: () => 'Ten dollars.' })
  await stage.start()
  await stage.clock.advance(3000)
  expect(stage.chatModel.requests[0]?.messages.at(-1)?.text).toBe('What does it cost?')
  expect(stage.media.audibleAtMs()).toBe(1000 + 250 + 100)
  expect(stage.talk.history.at(-1)).toEqual({ role: 'assistant', text: 'Ten dollars.' })
})

test('a talk that is taken up again begins with what happened meanwhile, and does not hand the caller over at once', async () => {
  const transfer = { kind: 'transferToGroup', name: 'to_sales', description: 'Sales.', skillGroupId: 7 } as const
  const restored = {
    messages: [{ role: 'user', text: 'Give me a human.' }] as const,
    turns: 3,
    generation: 9,
    note: 'Nobody answered.',
  }
  await using stage = new Stage({
    restored,
    reply: () => 'Nobody is there right now.',
    spec: { tools: [...spec.tools, transfer], greetingInterruptible: false },
  })
  await stage.start()
  await stage.clock.advance(3000)
  const request = stage.chatModel.requests[0]
  expect(request?.messages.slice(1)).toEqual([
    { role: 'user', text: 'Give me a human.' },
    { role: 'system', text: 'Nobody answered.' },
  ])
  expect(request?.options.tools.map(({ name }) => name)).toEqual(['call_end'])
  expect(stage.media.sent[0]?.generation).toBe(10)
  expect(stage.talk.progress).toEqual({ turns: 3, generation: 10 })
})

test('an assistant that takes over opens with its own words, knows what was said, and can be interrupted', async () => {
  const restored = {
    messages: [
      { role: 'user', text: 'My bicycle is broken.' },
      { role: 'assistant', text: 'One moment.' },
    ] as const,
    turns: 3,
    generation: 9,
    note: 'You have taken over.',
    opening: { kind: 'text', text: 'Repair desk, what is it that is broken, and since when has it been like that?' },
  } as const
  await using stage = new Stage({
    restored,
    lines: ['the wheel is bent'],
    reply: () => 'I see.',
    spec: { greeting: { kind: 'none' }, greetingDelayMs: 5_000 },
  })
  await stage.start()
  await stage.clock.advance(1_500)
  expect(stage.media.audibleAtMs()).toBeLessThanOrEqual(1000 + 150)
  await stage.speak()
  await stage.clock.advance(3_000)
  expect(stage.said()[0]).toMatch(/^greeting: Repair desk.* --$/)
  expect(stage.said()).toContain('reply: I see.')
  const roles = stage.chatModel.requests.at(-1)?.messages.map(({ role }) => role)
  expect(roles).toEqual(['system', 'user', 'assistant', 'system', 'assistant', 'user'])
})

test('an assistant that lets its model open does so without handing the caller on', async () => {
  const onward = { kind: 'transferToAgent', name: 'back', description: 'Back.', agentId: 1 } as const
  await using stage = new Stage({
    restored: { messages: [], turns: 1, opening: { kind: 'generate' } },
    reply: () => 'Repair desk.',
    spec: { tools: [...spec.tools, onward] },
  })
  await stage.start()
  await stage.clock.advance(3_000)
  expect(stage.said()).toEqual(['greeting: Repair desk.'])
  expect(stage.chatModel.requests[0]?.options.tools.map(({ name }) => name)).toEqual(['call_end'])
})

test('after disposal nothing is left behind and nothing is said', async () => {
  const stage = new Stage({ lines: ['I want to cancel my order'], reply: () => longReply })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(1500)
  await stage.talk[Symbol.asyncDispose]()
  await stage.talk[Symbol.asyncDispose]()
  const reports = stage.reports.length
  expect(stage.said()).toHaveLength(2)
  await stage.clock.advance(60_000)
  stage.media.voice(1000)
  await stage.clock.advance(60_000)
  expect(stage.reports).toHaveLength(reports)
  expect(stage.clock.pendingTimers).toBe(0)
  expect(stage.ends).toBe(0)
})

test('words are told as they are recognised, with the time at which they were said', async () => {
  await using stage = new Stage({ lines: ['I want to cancel'] })
  await stage.start()
  await stage.clock.advance(4_000)
  await stage.speak()
  await stage.clock.advance(1_000)
  expect(stage.userWords).toEqual([
    ['I want to cancel', { fromMs: 5_000, toMs: 6_000 }],
    ['I want to cancel', { fromMs: 5_000, toMs: 6_000 }],
  ])
})
