import { expect, test } from 'vitest'
import { policy } from './stage.ts'
import { TurnBench } from './turn-bench.ts'

const inSpeech = { speculation: { ...policy.speculation, inSpeech: true } }

/** The user sounds, and the words so far have been recognised. */
function sounding(text: string, turn: ConstructorParameters<typeof TurnBench>[1] = inSpeech): TurnBench {
  const bench = new TurnBench({}, turn).answer()
  bench.startVoice()
  bench.pass(800)
  bench.transcribe('partial', text)
  return bench
}

test('words that read complete and stand still are answered ahead while the user still sounds', () => {
  const bench = sounding('yes please, cancel it.')
  bench.pass(159)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(200)
  bench.stopVoice()
  bench.transcribe('final', 'Yes, please cancel it.')
  bench.deliver()
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('further words make what was prepared in speech worthless', () => {
  const bench = sounding('yes please, cancel it.')
  bench.pass(200)
  bench.transcribe('partial', 'yes please, cancel it. tomorrow')
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1'])
})

test('words that go on are not answered ahead in speech', () => {
  const bench = sounding('I would like to')
  bench.pass(1000)
  expect(bench.fresh()).toEqual([])
})

test('nothing is done ahead in speech unless the policy says so', () => {
  const bench = sounding('yes please, cancel it.', {})
  bench.pass(1000)
  expect(bench.fresh()).toEqual([])
})

test('an eager recogniser starts the work at once, one that takes it back ends it, one that is sure ends the hold', () => {
  const bench = sounding('my flight', { endpointing: { threshold: 1, actionDelayMs: 200, timeoutMs: 900 } })
  bench.tell({ type: 'transcript.turn', state: 'eager' })
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.tell({ type: 'transcript.turn', state: 'resumed' })
  expect(bench.fresh()).toEqual(['reply.discard 1'])
  bench.transcribe('partial', 'my flight is late')
  bench.tell({ type: 'transcript.turn', state: 'eager' })
  bench.stopVoice()
  bench.tell({ type: 'transcript.turn', state: 'confirmed' })
  bench.pass(199)
  expect(bench.fresh()).toEqual(['reply.speculate 2'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 2'])
})

test('a call that has wasted its budget prepares nothing ahead any more', () => {
  const bench = new TurnBench({}, { speculation: { ...policy.speculation, maxWastedTokens: 100 } }).answer()
  bench.tell({ type: 'reply.wasted', tokens: 100 })
  bench.speak('cancel it')
  bench.pass(499)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
})

test('without attempts everything happens after the endpoint', () => {
  const bench = new TurnBench({}, { speculation: { ...policy.speculation, maxPerTurn: 0 } }).answer()
  bench.speak('cancel it')
  bench.pass(499)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
})

test('an end-of-turn model is asked while the pause lasts, and its answer moves the hold', () => {
  const turn = { endpointing: { threshold: 0.9, actionDelayMs: 250, timeoutMs: 1000 } }
  const bench = new TurnBench({ endOfTurnModel: true }, turn).answer()
  bench.speak('the blue one')
  bench.pass(99)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['endOfTurn.score', 'reply.speculate 1'])
  bench.pass(100)
  expect(bench.fresh()).toEqual(['endOfTurn.score'])
  bench.tell({ type: 'endOfTurn.scored', probability: 0.98 })
  bench.pass(50)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})
