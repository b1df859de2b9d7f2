import { expect, test } from 'vitest'
import { TurnBench } from './turn-bench.ts'

/** The assistant is answering and its first packet has left. */
function speaking(): TurnBench {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.progress('Your order')
  bench.fresh()
  return bench
}
const checks = (bench: TurnBench) => bench.log.filter(({ command }) => command.type === 'playout.check')

test('speech of which no packet leaves for half a second is looked at and set going again', () => {
  const bench = speaking()
  bench.pass(499)
  expect(checks(bench)).toEqual([])
  bench.pass(1)
  expect(checks(bench).length).toBe(1)
  bench.tell({ type: 'playout.checked', generation: bench.state.speech?.generation as never, unplayedSamples: 1600 })
  expect(bench.fresh()).toEqual(['talk.repaired', 'playout.resume 1'])
})

test('a voice that is merely slow is no fault', () => {
  const bench = speaking()
  bench.pass(600)
  bench.tell({ type: 'playout.checked', generation: bench.state.speech?.generation as never, unplayedSamples: 0 })
  expect(bench.fresh()).toEqual([])
})

test('the next packet ends the alarm, and the next silence raises it anew', () => {
  const bench = speaking()
  bench.pass(600)
  bench.progress('Your order is')
  bench.pass(499)
  expect(checks(bench).length).toBe(1)
  bench.pass(1)
  expect(checks(bench).length).toBe(2)
})

test('on hold nothing is missing: no alarm, no prompt, no limit, and the time does not count', () => {
  const bench = new TurnBench({}, { userSilenceLimitMs: 20_000 }).answer()
  bench.converse()
  bench.tell({ type: 'hold.started' })
  bench.pass(60_000)
  expect(checks(bench)).toEqual([])
  expect(bench.fresh()).toEqual([])
  bench.tell({ type: 'hold.ended' })
  bench.progress('Your order is on its way.')
  bench.finish()
  bench.pass(9999)
  expect(bench.fresh()).toEqual(['turn 1 complete'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['say silencePrompt 2'])
})

test('recognition that says nothing to two stretches of voice is opened anew, and the user is asked each time', () => {
  const bench = new TurnBench().answer()
  bench.speak(null, 900)
  bench.pass(1500)
  expect(bench.fresh()).toEqual(['say silencePrompt 1'])
  bench.finish()
  bench.speak(null, 900)
  bench.pass(1500)
  expect(bench.fresh()).toEqual(['talk.repaired', 'recognizer.restart', 'say silencePrompt 2'])
})

test('a single result, if only silence, shows that recognition works', () => {
  const bench = new TurnBench().answer()
  bench.speak(null, 900)
  bench.pass(1500)
  bench.finish()
  bench.speak('', 900)
  bench.pass(1500)
  bench.speak(null, 900)
  bench.pass(1500)
  expect(bench.fresh()).not.toContain('recognizer.restart')
})

test('a short sound without a result is a noise, not deafness', () => {
  const bench = new TurnBench().answer()
  for (let count = 0; count < 5; count += 1) {
    bench.speak(null, 300)
    bench.pass(1600)
  }
  expect(bench.fresh()).toEqual([])
})

test('packets of a fixed text are expected from its first audio on, however long the voice took', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello.' } }).answer()
  bench.pass(400)
  bench.tell({ type: 'reply.audible', generation: bench.state.speech?.generation as never })
  bench.pass(499)
  expect(checks(bench)).toEqual([])
  bench.pass(1)
  expect(checks(bench).length).toBe(1)
})
