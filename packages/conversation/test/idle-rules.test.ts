import type { SayRequest } from '@parley/core'
import { generation } from '@parley/core'
import { expect, test } from 'vitest'
import { TurnBench } from './turn-bench.ts'

const message: SayRequest = {
  text: 'A message.',
  interrupt: false,
  endCallAfter: false,
  whenBusy: 'drop',
  interruptible: true,
  remember: false,
}

test('a text greeting is said at the answer, or after its delay', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' }, greetingDelayMs: 800 }).answer()
  bench.pass(799)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['say greeting 1'])
})

test('a generated greeting is a reply without a question', () => {
  const bench = new TurnBench({ greeting: { kind: 'generate' } }).answer()
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
  bench.deliver()
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 0 complete'])
  expect(bench.state.turn).toBe(0)
})

test('an interruptible greeting yields like any speech', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' } }).answer()
  bench.startVoice()
  bench.pass(500)
  expect(bench.fresh()).toEqual(['say greeting 1', 'duck -18', 'playout.pause 1'])
  bench.transcribe('partial', 'yes speaking')
  expect(bench.fresh()).toEqual(['playout.flush 1', 'reply.cancel 1', 'turn 0 complete'])
})

test('an uninterruptible greeting is spoken to its end and the user is answered then', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' }, greetingInterruptible: false }).answer()
  bench.speak('stop I want to cancel', 2000)
  bench.pass(2000)
  expect(bench.fresh()).toEqual(['say greeting 1'])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 0 complete', 'reply.speculate 2', 'reply.commit 2'])
})

test('who speaks before a delayed greeting is answered instead', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' }, greetingDelayMs: 800 }).answer()
  bench.speak('hello who is this', 700)
  bench.pass(3000)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
})

test('the silence prompt comes while neither speaks, counts, and starts anew', () => {
  const bench = new TurnBench().answer()
  bench.pass(10_000)
  expect(bench.fresh()).toEqual(['say silencePrompt 1'])
  bench.pass(3000)
  bench.finish()
  bench.pass(9999)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['say silencePrompt 2'])
  bench.finish()
  bench.pass(20_000)
  expect(bench.fresh()).toEqual([])
})

test('no silence prompt while the user speaks or the reply is on its way', () => {
  const bench = new TurnBench({}, { silencePrompt: { afterMs: 1000, text: 'Hello?', maxCount: 9 } }).answer()
  bench.startVoice()
  bench.pass(5000)
  bench.stopVoice()
  bench.transcribe('final', 'I want to cancel')
  bench.pass(5000)
  bench.deliver()
  for (let count = 0; count < 5; count += 1) {
    bench.pass(1000)
    bench.progress('Well')
  }
  expect(bench.commands().filter((command) => command.includes('silencePrompt'))).toEqual([])
  bench.finish()
  bench.pass(1000)
  expect(bench.commands().at(-1)).toBe('say silencePrompt 2')
})

test('a user who says nothing for the limit is hung up on, once', () => {
  const bench = new TurnBench({}, { silencePrompt: null }).answer()
  bench.pass(59_999)
  expect(bench.fresh()).toEqual([])
  bench.pass(60_000)
  expect(bench.fresh()).toEqual(['end silenceLimit'])
})

test('the limit does not cut the assistant short', () => {
  const bench = new TurnBench({}, { silencePrompt: null, userSilenceLimitMs: 5000 }).answer()
  bench.converse()
  for (let count = 0; count < 10; count += 1) {
    bench.pass(1000)
    bench.progress('Well')
  }
  expect(bench.fresh()).toEqual([])
  bench.finish()
  bench.pass(1999)
  expect(bench.fresh()).toEqual(['turn 1 complete'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['end silenceLimit'])
})

test('a slow model is bridged by one filler a turn, and the reply waits for its end', () => {
  const bench = new TurnBench({}, { filler: { afterMs: 900, words: ['One moment.'] } }).answer()
  bench.speak('I want to cancel')
  bench.pass(1399)
  bench.fresh()
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.hold 1', 'say filler 2'])
  bench.deliver()
  expect(bench.fresh()).toEqual([])
  bench.finish('One moment.')
  expect(bench.fresh()).toEqual(['reply.commit 1'])
  bench.pass(3000)
  expect(bench.fresh()).toEqual([])
})

test('no filler when the first sentence is there', () => {
  const bench = new TurnBench({}, { filler: { afterMs: 900, words: ['One moment.'] } }).answer()
  bench.speak('I want to cancel')
  bench.pass(1000)
  bench.tell({ type: 'reply.sentence', generation: generation(1) })
  bench.pass(2000)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
})

test('a model that fails is reported, excused, and ends the call', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(500)
  bench.fresh()
  bench.tell({ type: 'reply.failed', generation: generation(1), stage: 'llm', code: 'LLM_UNAVAILABLE', audible: false })
  expect(bench.fresh()).toEqual([
    'failed llm LLM_UNAVAILABLE',
    'reply.discard 1',
    'turn 1 complete',
    'user: I want to cancel',
    'say apology 2',
  ])
  bench.finish()
  expect(bench.fresh()).toEqual(['end failed'])
})

test('a failed speculation costs nothing: the endpoint asks again', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(200)
  bench.tell({ type: 'reply.failed', generation: generation(1), stage: 'llm', code: 'LLM_UNAVAILABLE', audible: false })
  bench.pass(300)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1', 'reply.speculate 2', 'reply.commit 2'])
})

test('a model that dies in the middle is heard out before the apology', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'reply.failed', generation: generation(1), stage: 'llm', code: 'LLM_UNAVAILABLE', audible: true })
  expect(bench.fresh()).toEqual(['failed llm LLM_UNAVAILABLE'])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 1 complete', 'say apology 2'])
})

test('a model that does not answer within eight seconds has timed out', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(8499)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
  bench.pass(1)
  expect(bench.fresh()[0]).toBe('failed llm LLM_TIMEOUT')
})

test('a dead voice ends the call without a word', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(500)
  bench.fresh()
  bench.tell({ type: 'reply.failed', generation: generation(1), stage: 'tts', code: 'TTS_UNAVAILABLE', audible: false })
  expect(bench.fresh()).toContain('end failed')
  expect(bench.commands().some((command) => command.includes('apology'))).toBe(false)
})

test('a dead voice under the apology still ends the call', () => {
  const bench = new TurnBench().answer()
  bench.tell({ type: 'recognizer.failed', code: 'ASR_UNAVAILABLE' })
  bench.tell({ type: 'reply.failed', generation: generation(1), stage: 'tts', code: 'TTS_UNAVAILABLE', audible: false })
  expect(bench.fresh()).toEqual([
    'failed asr ASR_UNAVAILABLE',
    'say apology 1',
    'failed tts TTS_UNAVAILABLE',
    'end failed',
  ])
})

test('a dead recogniser is excused when the assistant has finished', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'recognizer.failed', code: 'ASR_UNAVAILABLE' })
  bench.finish()
  bench.finish()
  expect(bench.fresh()).toEqual(['failed asr ASR_UNAVAILABLE', 'turn 1 complete', 'say apology 2', 'end failed'])
})

test('speaking without a packet for eight seconds is a failure, not a state', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' } }).answer()
  bench.pass(8000)
  expect(bench.fresh()).toEqual([
    'say greeting 1',
    'playout.flush 1',
    'reply.cancel 1',
    'turn 0 complete',
    'failed tts TTS_TIMEOUT',
    'end failed',
  ])
})

test('an empty reply is asked for once more; then the user is prompted', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(500)
  bench.fresh()
  bench.tell({ type: 'reply.empty', generation: generation(1) })
  expect(bench.fresh()).toEqual(['reply.discard 1', 'reply.speculate 2', 'reply.commit 2'])
  bench.tell({ type: 'reply.empty', generation: generation(2) })
  expect(bench.fresh()).toEqual(['reply.discard 2', 'turn 1 complete', 'user: I want to cancel', 'say silencePrompt 3'])
})

const endCall = { kind: 'endCall', name: 'call_end', description: '' } as const

test('the end-call tool lets the last words be spoken, then ends the call', () => {
  const bench = new TurnBench().answer()
  bench.converse('goodbye then')
  bench.tell({ type: 'tool.called', generation: generation(1), tool: endCall })
  bench.pass(2000)
  expect(bench.fresh()).toEqual([])
  bench.finish('Goodbye.')
  expect(bench.fresh()).toEqual(['turn 1 complete', 'end assistantEnded'])
})

test('the end-call tool without words ends the call at once', () => {
  const bench = new TurnBench().answer()
  bench.speak('goodbye then')
  bench.pass(500)
  bench.tell({ type: 'tool.called', generation: generation(1), tool: endCall })
  bench.tell({ type: 'reply.empty', generation: generation(1) })
  expect(bench.commands().slice(-3)).toEqual(['turn 1 complete', 'user: goodbye then', 'end assistantEnded'])
})

test('who interrupts the goodbye keeps the call', () => {
  const bench = new TurnBench().answer()
  bench.converse('goodbye then')
  bench.tell({ type: 'tool.called', generation: generation(1), tool: endCall })
  bench.speak('wait one more thing', 600)
  bench.pass(500)
  expect(bench.commands().at(-1)).toBe('reply.commit 2')
  expect(bench.state.life).toBe('live')
})

test('a transfer asked for by the model is an end of the talk', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  const tool = { kind: 'transferToGroup', name: 'transfer', description: '', skillGroupId: 3 } as const
  bench.tell({ type: 'tool.called', generation: generation(1), tool })
  bench.finish()
  expect(bench.log.map(({ command }) => command)).toContainEqual({
    type: 'call.end',
    end: { kind: 'transfer', skillGroupId: 3 },
  })
})

test('a hand-over to an agent waits for the last word, and is forgotten when the user takes the floor', () => {
  const tool = { kind: 'transferToAgent', name: 'to_repair', description: '', agentId: 9 } as const
  const handedOver = { type: 'call.end', end: { kind: 'handOver', agentId: 9 } }
  const commands = (bench: TurnBench) => bench.log.map(({ command }) => command)
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'tool.called', generation: generation(1), tool })
  expect(commands(bench)).not.toContainEqual(handedOver)
  bench.finish()
  expect(commands(bench)).toContainEqual(handedOver)

  const interrupted = new TurnBench().answer()
  interrupted.converse()
  interrupted.tell({ type: 'tool.called', generation: generation(1), tool })
  interrupted.speak('no wait please stop', 1_500)
  expect(commands(interrupted)).not.toContainEqual(handedOver)
})

test('after the end nothing changes and no timer is left', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'closed' })
  bench.fresh()
  expect(bench.timers()).toEqual([])
  bench.speak('hello')
  bench.pass(100_000)
  expect(bench.fresh()).toEqual([])
})

test('what the user said last is kept when the call goes away', () => {
  const bench = new TurnBench().answer()
  bench.speak('goodbye then')
  bench.pass(200)
  bench.tell({ type: 'closed' })
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1', 'user: goodbye then'])
})

test.each([
  { when: 'idle', request: {}, expected: ['say say 1'] },
  {
    when: 'speaking',
    request: { interrupt: true },
    expected: ['playout.flush 1', 'reply.cancel 1', 'turn 1 complete', 'say say 2'],
  },
  { when: 'speaking', request: { whenBusy: 'drop' }, expected: ['turn 1 complete'] },
  { when: 'speaking', request: { whenBusy: 'queue' }, expected: ['turn 1 complete', 'say say 2'] },
  { when: 'user speaks', request: {}, expected: [] },
  { when: 'user speaks', request: { interrupt: true }, expected: ['say say 1'] },
] as const)('a pushed message $request while $when', ({ when, request, expected }) => {
  const bench = new TurnBench().answer()
  if (when === 'speaking') bench.converse()
  if (when === 'user speaks') bench.startVoice()
  bench.tell({ type: 'control.say', request: { ...message, ...request } })
  if (when === 'speaking' && bench.state.speech?.source === 'reply') bench.finish()
  expect(bench.fresh()).toEqual(expected)
})

test('while an uninterruptible message plays, every later one is ignored and speech does not stop it', () => {
  const bench = new TurnBench().answer()
  bench.tell({ type: 'control.say', request: { ...message, interruptible: false } })
  bench.tell({ type: 'control.say', request: { ...message, interrupt: true } })
  bench.tell({ type: 'control.say', request: { ...message, interrupt: true, interruptible: false } })
  bench.tell({ type: 'control.say', request: { ...message, whenBusy: 'queue' } })
  bench.speak('stop it now', 1000)
  bench.pass(500)
  bench.finish()
  expect(bench.fresh()).toEqual(['say say 1', 'reply.speculate 2', 'reply.commit 2'])
})

test('a message may be the last word', () => {
  const bench = new TurnBench().answer()
  bench.tell({ type: 'control.say', request: { ...message, endCallAfter: true } })
  bench.pass(1000)
  bench.finish()
  expect(bench.fresh()).toEqual(['say say 1', 'end sayEnded'])
})

test('a message that cuts into an unanswered question leaves the question to be answered after it', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to cancel')
  bench.pass(600)
  bench.tell({ type: 'control.say', request: { ...message, interrupt: true } })
  bench.finish()
  expect(bench.fresh()).toEqual([
    'reply.speculate 1',
    'reply.commit 1',
    'reply.discard 1',
    'say say 2',
    'reply.speculate 3',
    'reply.commit 3',
  ])
})

test('a question put to the model waits for the floor, or takes it', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'control.ask', request: { text: 'Offer a discount.', interrupt: false } })
  expect(bench.fresh()).toEqual([])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
  bench.deliver()
  expect(bench.fresh()).toEqual(['user: Offer a discount.'])
  bench.tell({ type: 'control.ask', request: { text: 'Say goodbye.', interrupt: true } })
  expect(bench.fresh()).toEqual([
    'playout.flush 2',
    'reply.cancel 2',
    'turn 2 complete',
    'reply.speculate 3',
    'reply.commit 3',
  ])
})

test('nothing is prepared ahead while the call is about to end', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.tell({ type: 'tool.called', generation: generation(1), tool: endCall })
  bench.speak('okay', 200)
  bench.pass(400)
  expect(bench.commands().filter((command) => command.startsWith('reply.speculate'))).toEqual(['reply.speculate 1'])
})
