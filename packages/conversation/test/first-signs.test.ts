import type { TurnPolicy } from '@parley/core'
import { expect, test } from 'vitest'
import { TurnBench } from './turn-bench.ts'

/** The user has asked something, and its answer will be due 500 ms after it. */
function asked(text = 'I want to cancel', turn: Partial<TurnPolicy> = {}): TurnBench {
  const bench = new TurnBench({}, turn).answer()
  bench.speak(text)
  return bench
}
const sign = { type: 'speech.suspected' } as const

test('a sign of a voice just before the end of the turn holds the answer back, and no longer than the sign lasts', () => {
  const bench = asked()
  bench.pass(450)
  bench.tell(sign)
  bench.pass(119)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('a sign of a voice takes back an answer that is not heard yet, and its work goes on', () => {
  const bench = asked()
  bench.pass(510)
  bench.fresh()
  bench.tell(sign)
  expect(bench.fresh()).toEqual(['reply.hold 1'])
  bench.tell({ type: 'reply.ready', generation: bench.state.work?.generation ?? (0 as never) })
  bench.pass(120)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('a sign that becomes a voice keeps the floor free for the user', () => {
  const bench = asked()
  bench.pass(470)
  bench.tell(sign)
  bench.pass(80)
  bench.startVoice()
  bench.pass(800)
  bench.transcribe('partial', 'my order')
  bench.stopVoice()
  expect(bench.fresh()).toEqual(['reply.speculate 1', 'reply.discard 1'])
})

test('signs that nothing confirms cost an answer 240 ms at most, however long they last', () => {
  const bench = asked()
  bench.pass(480)
  for (let ms = 0; ms < 400; ms += 40) {
    bench.tell(sign)
    bench.pass(40)
  }
  const committed = bench.log.find(({ command }) => command.type === 'reply.commit')
  const endedAtMs = 1000
  expect((committed?.atMs ?? 0) - endedAtMs).toBe(480 + 240)
  expect(bench.fresh().filter((command) => command === 'reply.hold 1')).toEqual([])
})

test('a sign long before the end of the turn costs the answer nothing', () => {
  const bench = asked()
  bench.pass(300)
  bench.tell(sign)
  bench.pass(199)
  expect(bench.fresh()).toEqual(['reply.speculate 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['reply.commit 1'])
})

test('a greeting that may not be interrupted waits for no sign, any other does', () => {
  const greeting = { kind: 'generate' } as const
  const firm = new TurnBench({ greeting, greetingInterruptible: false }).answer()
  firm.tell(sign)
  expect(firm.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1'])
  const polite = new TurnBench({ greeting, greetingInterruptible: true }).answer()
  polite.tell(sign)
  expect(polite.fresh()).toEqual(['reply.speculate 1', 'reply.commit 1', 'reply.hold 1'])
  polite.pass(120)
  expect(polite.fresh()).toEqual(['reply.commit 1'])
})

test('a filler is not said into what may be the beginning of a voice', () => {
  const bench = asked('I want to cancel', { filler: { afterMs: 300, words: ['One moment.'] } })
  bench.pass(790)
  bench.fresh()
  bench.tell(sign)
  bench.pass(119)
  expect(bench.fresh()).toEqual(['reply.hold 1'])
  bench.pass(1)
  expect(bench.fresh()).toContain('say filler 2')
})
