import { generation } from '@parley/core'
import { expect, test } from 'vitest'
import { policy } from './stage.ts'
import { TurnBench } from './turn-bench.ts'

const quick = () => new TurnBench().answer()

test('work begins after the first pause and is committed when the hold is satisfied', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  expect(bench.fresh()).toEqual([])
  bench.pass(100)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(399)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('what the user said enters the history when the reply becomes audible', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  bench.pass(500)
  bench.fresh()
  bench.deliver()
  expect(bench.fresh()).toEqual(['user: I want to cancel'])
})

test('the hold is measured from the last voiced frame, not from when the detector says so', () => {
  const bench = quick()
  bench.startVoice()
  bench.pass(1000)
  const lastVoiceAtMs = bench.nowMs
  bench.pass(180)
  bench.tell({ type: 'speech.stopped', lastVoiceAtMs, mediaMs: lastVoiceAtMs })
  bench.transcribe('final', 'I want to cancel')
  bench.pass(319)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('the minimum gap holds even when the hold is shorter', () => {
  const bench = new TurnBench({}, { endpointing: { ...policy.endpointing, timeoutMs: 100 }, minGapMs: 150 }).answer()
  bench.speak('I want to cancel')
  bench.pass(149)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('a partial that covers the words is enough; the final only verifies', () => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', 'I want to cancel')
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
  bench.transcribe('final', 'I want to cancel.')
  expect(bench.fresh()).toEqual([])
})

test.each([
  ['I want, uh, twenty five!', 'i want 25'],
  ['Call 1,000 times.', 'call 1000 times'],
  ['嗯，我要二十五个。', '我要25个'],
])('a difference of punctuation, case, fillers or number format keeps the speculation: %s', (partial, final) => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', partial)
  bench.pass(200)
  bench.transcribe('final', final)
  bench.pass(300)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
})

test('a changed transcript discards the speculation, at most three times a turn', () => {
  const bench = quick()
  bench.speak(null)
  bench.pass(100)
  for (const text of ['one', 'one two', 'one two three', 'one two three four'])
    bench.transcribe('partial', `${text} apples`)
  expect(bench.fresh()).toEqual([
    'reply.speculate 1',
    'reply.discard 1',
    'reply.speculate 2',
    'reply.discard 2',
    'reply.speculate 3',
    'reply.discard 3',
  ])
  bench.pass(149)
  expect(bench.fresh()).toEqual([])
})

test('beyond the limit there is one more attempt when half the hold is over', () => {
  const bench = new TurnBench({}, { speculation: { ...policy.speculation, maxPerTurn: 1 } }).answer()
  bench.speak(null)
  bench.transcribe('partial', 'one apple')
  bench.pass(100)
  bench.transcribe('final', 'one apple pie')
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1'])
  bench.pass(149)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.speculate 2'])
  bench.pass(250)
  expect(bench.fresh()).toEqual(['reply.commit 2'])
})

test('a user who went on after a pause is given a little more time at the next one', () => {
  const bench = quick()
  bench.speak('the first one')
  bench.pass(100)
  bench.speak('of the blue chairs')
  bench.fresh()
  bench.pass(119)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.speculate 2'])
})

test('words that go on discard the speculation and the turn goes on', () => {
  const bench = quick()
  bench.speak('the first one')
  bench.pass(200)
  bench.startVoice()
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.transcribe('partial', 'cancel')
  expect(bench.fresh()).toEqual(['reply.discard 1'])
  bench.pass(500)
  bench.stopVoice()
  bench.transcribe('final', 'cancel my order')
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.speculate 2', 'reply.commit 2'])
  bench.deliver()
  expect(bench.fresh()).toEqual(['user: the first one cancel my order'])
})

test('a short noise in the pause costs neither the speculation nor the silence before it', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  bench.pass(200)
  bench.speak('', 120)
  bench.pass(179)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('a noise between the end of the turn and the first audio does not kill the reply', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  bench.pass(600)
  bench.speak('', 120)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1', 'reply.hold 1', 'reply.commit 1'])
})

test('a caller who continues before the reply is audible keeps the same turn', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  bench.pass(600)
  bench.speak('my order of Monday')
  bench.pass(500)
  expect(bench.fresh()).toEqual([
    'reply.speculate 1',
    'reply.commit 1',
    'reply.hold 1',
    'reply.discard 1',
    'reply.speculate 2',
    'reply.commit 2',
  ])
  bench.deliver()
  bench.finish()
  expect(bench.fresh()).toEqual(['user: I want to cancel my order of Monday', 'turn 1 complete'])
})

test('a final that differs after the endpoint replaces the unheard reply once', () => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', 'I want to cancel')
  bench.pass(600)
  bench.fresh()
  bench.transcribe('final', 'I want to cancel Monday')
  expect(bench.fresh()).toEqual(['reply.discard 1', 'reply.speculate 2', 'reply.commit 2'])
  bench.transcribe('final', 'I want to cancel Sunday')
  expect(bench.fresh()).toEqual([])
})

test('a final with more words after the reply is audible opens the next turn', () => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', 'I want to cancel')
  bench.pass(500)
  bench.deliver()
  bench.fresh()
  bench.transcribe('final', 'I want to cancel my order')
  expect(bench.fresh()).toEqual([])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
  bench.deliver()
  expect(bench.fresh()).toEqual(['user: my order'])
})

test('a late final that hears the answered words a little differently is no new question', () => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', 'nope thank you goodbye')
  bench.pass(500)
  bench.deliver()
  bench.fresh()
  bench.transcribe('final', 'no thank you goodbye')
  bench.finish()
  bench.pass(1000)
  expect(bench.fresh()).toEqual(['turn 1 complete'])
})

test('a late final that repeats the last stretch of the answered turn is not answered again', () => {
  const bench = quick()
  bench.speak('the agent is logged on')
  bench.pass(200)
  bench.speak(null)
  bench.transcribe('partial', 'please enter your number')
  bench.pass(500)
  bench.deliver()
  expect(bench.fresh()).toContain('user: the agent is logged on please enter your number')
  bench.transcribe('final', 'please enter your number')
  bench.finish()
  bench.pass(1000)
  expect(bench.fresh()).toEqual(['turn 1 complete'])
})

test('while nothing is known of the last stretch the answer waits for it, a second at most', () => {
  const bench = quick()
  bench.speak('the agent is')
  bench.pass(200)
  bench.speak(null)
  bench.pass(700)
  expect(bench.fresh()).not.toContain('reply.commit 2')
  bench.transcribe('final', 'logged in now')
  bench.deliver()
  expect(bench.fresh()).toContain('user: the agent is logged in now')
})

test('a recogniser that is behind the voice is given a little time for its final', () => {
  const bench = quick()
  bench.startVoice()
  bench.pass(600)
  bench.transcribe('partial', 'no i need another')
  bench.pass(400)
  bench.stopVoice()
  bench.pass(600)
  expect(bench.fresh()).not.toContain('reply.commit 1')
  bench.transcribe('final', 'no i need another time')
  bench.deliver()
  expect(bench.fresh()).toContain('user: no i need another time')
})

test('a recogniser that is behind the voice for long is not waited for', () => {
  const bench = quick()
  bench.startVoice()
  bench.pass(600)
  bench.transcribe('partial', 'no i need another')
  bench.pass(400)
  bench.stopVoice()
  bench.pass(1000)
  expect(bench.fresh()).not.toContain('reply.commit 1')
  bench.pass(650)
  expect(bench.fresh()).toContain('reply.commit 1')
})

test('two finals for one utterance are one utterance', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  bench.transcribe('final', 'I want to cancel.')
  bench.pass(500)
  bench.deliver()
  bench.transcribe('final', 'I want to cancel.')
  bench.finish()
  bench.pass(1000)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1', 'user: I want to cancel.', 'turn 1 complete'])
})

test('a timer that fires too early is set again', () => {
  const bench = quick()
  bench.speak('I want to cancel')
  const dueAtMs = bench.state.timers.endpoint ?? 0
  bench.pass(dueAtMs - bench.nowMs - 0.4)
  bench.fresh()
  expect(bench.tell({ type: 'timer.fired', timer: 'endpoint' })).toEqual([
    { type: 'timer.set', timer: 'endpoint', atMs: dueAtMs },
  ])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('an empty transcript is not answered', () => {
  const bench = quick()
  bench.speak('')
  bench.pass(5000)
  expect(bench.fresh()).toEqual([])
  expect(bench.state.user.openedAtMs).toBeNull()
})

test('an empty final takes back what a partial claimed', () => {
  const bench = quick()
  bench.speak(null)
  bench.transcribe('partial', 'blue')
  bench.pass(150)
  bench.transcribe('final', '')
  bench.pass(2000)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1'])
})

test('words whose end is not recognised yet are waited for', () => {
  const bench = quick()
  bench.speak('the first one')
  bench.pass(300)
  bench.speak(null)
  bench.pass(800)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.transcribe('final', 'cancel my order')
  expect(bench.fresh()).toEqual(['reply.discard 1', 'reply.speculate 2', 'reply.commit 2'])
})

test('a final that never comes is waited for a second, then the user is asked to say it again', () => {
  const bench = quick()
  bench.speak(null)
  bench.pass(1499)
  expect(bench.state.user.openedAtMs).not.toBeNull()
  bench.pass(1)
  expect(bench.state.user.openedAtMs).toBeNull()
  expect(bench.fresh()).toEqual(['say silencePrompt 1'])
})

test('a final that comes after that is still answered', () => {
  const bench = quick()
  bench.speak(null)
  bench.pass(2000)
  bench.transcribe('final', 'I want to cancel')
  expect(bench.fresh()).toEqual([
    'say silencePrompt 1',
    'playout.flush 1',
    'reply.cancel 1',
    'reply.speculate 2',
    'reply.commit 2',
  ])
})

test('words that cannot end a sentence are held longer', () => {
  const bench = new TurnBench().answer()
  bench.speak('I want to')
  bench.pass(1499)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('late events of an old generation change nothing', () => {
  const bench = quick()
  bench.speak('the first one')
  bench.pass(150)
  bench.transcribe('final', 'the first one cancel')
  const old = generation(1)
  const before = bench.state
  bench.tell({ type: 'reply.ready', generation: old })
  bench.tell({ type: 'reply.audible', generation: old })
  bench.tell({ type: 'reply.failed', generation: old, stage: 'llm', code: 'LLM_AUTH', audible: false })
  bench.tell({ type: 'playout.finished', generation: old, heard: 'x' })
  expect(bench.state).toEqual(before)
})

test('digits pressed are kept and count as a sign of life', () => {
  const bench = quick()
  bench.pass(9000)
  bench.tell({ type: 'dtmf', key: '4' })
  bench.tell({ type: 'dtmf', key: '2' })
  bench.pass(9999)
  expect(bench.state.keys).toBe('42')
  expect(bench.fresh()).toEqual([])
})

test('a result that reaches a little into the next stretch is not erased by what is recognised there, if only silence', () => {
  const bench = quick()
  const told = (kind: 'partial' | 'final', text: string, fromMs: number, toMs: number) =>
    bench.tell({ type: 'transcript', kind, text, fromMs, toMs })
  bench.speak(null, 1000)
  told('final', 'seven of', 0, 1200)
  bench.pass(100)
  bench.speak(null, 500)
  told('partial', 'clubs', 1100, 1600)
  told('final', '', 1100, 1700)
  bench.pass(3000)
  bench.deliver()
  expect(bench.fresh()).toContain('user: seven of')
})

test('words are not erased by an empty result for a short sound at their end', () => {
  const bench = quick()
  const say = (kind: 'partial' | 'final', text: string, fromMs: number, toMs: number) =>
    bench.tell({ type: 'transcript', kind, text, fromMs, toMs })
  const atMs = bench.nowMs
  const stop = (mediaMs: number) => bench.tell({ type: 'speech.stopped', lastVoiceAtMs: atMs + mediaMs, mediaMs })
  bench.tell({ type: 'speech.started', onsetAtMs: atMs, mediaMs: 0 })
  bench.pass(1136)
  stop(1136)
  bench.tell({ type: 'speech.started', onsetAtMs: atMs + 1136, mediaMs: 1136 })
  bench.pass(44)
  stop(1180)
  say('final', 'Where is my parcel?', 300, 1220)
  say('final', '', 1136, 1180)
  bench.pass(1_000)
  expect(bench.fresh()).toContain('reply.commit 1')
})
