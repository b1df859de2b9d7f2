import { expect, test } from 'vitest'
import { policy } from './stage.ts'
import { TurnBench } from './turn-bench.ts'

/** The assistant is answering, and has just said `heard`. */
function speaking(
  turn: ConstructorParameters<typeof TurnBench>[1] = {},
  heard = 'Your order is on its way',
  language = 'en',
): TurnBench {
  const bench = new TurnBench({ recognition: { languages: [language], hints: [] } }, turn).answer()
  bench.converse()
  bench.pass(1000)
  bench.progress(heard)
  return bench
}
const takenFloor = ['playout.flush 1', 'reply.cancel 1', 'duck 0', 'turn 1 complete']

test('speech ducks the assistant first, silences it when it goes on, and takes the floor with its words', () => {
  const bench = speaking()
  bench.startVoice()
  bench.pass(99)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['duck -18'])
  bench.pass(399)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['playout.pause 1'])
  bench.transcribe('partial', 'Thursday')
  expect(bench.fresh()).toEqual(['playout.flush 1', 'reply.cancel 1', 'turn 1 complete'])
})

test('the first sign of a voice ducks at once and is given back when no voice follows', () => {
  const bench = speaking()
  bench.tell({ type: 'speech.suspected' })
  expect(bench.fresh()).toEqual(['duck -18'])
  bench.pass(60)
  bench.tell({ type: 'speech.suspected' })
  bench.pass(119)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['duck 0'])
  bench.pass(3000)
  expect(bench.fresh()).toEqual([])
})

test('a sign that becomes a voice keeps the assistant low, and is where the voice began', () => {
  const bench = speaking()
  bench.tell({ type: 'speech.suspected' })
  bench.pass(100)
  bench.startVoice()
  bench.pass(19)
  expect(bench.fresh()).toEqual(['duck -18'])
  bench.pass(380)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['playout.pause 1'])
})

test('a sign that ended long before a voice is none of its sounds', () => {
  const bench = speaking()
  bench.tell({ type: 'speech.suspected' })
  bench.pass(251)
  bench.startVoice()
  bench.pass(499)
  expect(bench.fresh()).not.toContain('playout.pause 1')
  bench.pass(1)
  expect(bench.fresh()).toContain('playout.pause 1')
})

test('signs of a voice do nothing to what may not be interrupted, nor where more than 100 ms of voice are asked for', () => {
  const patient = speaking({ bargeIn: { ...policy.bargeIn, duckAfterMs: 300 } })
  patient.tell({ type: 'speech.suspected' })
  expect(patient.fresh()).toEqual([])
  const never = speaking({ bargeIn: { ...policy.bargeIn, speechMs: null } })
  never.tell({ type: 'speech.suspected' })
  expect(never.fresh()).toEqual([])
})

test('the gaps between words neither flutter the gain nor restart the count', () => {
  const bench = speaking()
  bench.speak(null, 220)
  bench.pass(120)
  expect(bench.fresh()).toEqual(['duck -18'])
  bench.startVoice()
  bench.pass(159)
  expect(bench.fresh()).toEqual([])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['playout.pause 1'])
})

test('a noise that ends restores the gain and nothing else happens', () => {
  const bench = speaking()
  bench.speak('', 300)
  expect(bench.fresh()).toEqual(['duck -18', 'duck 0'])
  bench.pass(3000)
  expect(bench.state.speech).not.toBeNull()
  expect(bench.fresh()).toEqual([])
})

test.each([
  ['mhm', 'en'],
  ['Uh-huh.', 'en'],
  ['yeah okay', 'en'],
  ['嗯嗯', 'zh'],
  ['はい', 'ja'],
  ['genau', 'de'],
  ['네', 'ko'],
  ["d'accord", 'fr'],
])(
  'the listening noise "%s" (%s) leaves the assistant speaking, is not answered and not remembered',
  (noise, language) => {
    const bench = speaking({}, 'Your order is on its way', language)
    bench.startVoice()
    bench.pass(300)
    bench.transcribe('partial', noise)
    bench.pass(300)
    bench.stopVoice()
    bench.transcribe('final', noise)
    bench.finish('Your order is on its way.')
    bench.pass(3000)
    expect(bench.fresh()).toEqual(['duck -18', 'duck 0', 'turn 1 complete'])
  },
)

test.each([
  ['stop', 'en'],
  ['wait', 'en'],
  ['No.', 'en'],
  ['等一下', 'zh'],
  ['待って', 'ja'],
  ['espera', 'es'],
  ['nein', 'de'],
])('"%s" (%s) takes the floor at once', (word, language) => {
  const bench = speaking({}, 'Your order is on its way', language)
  bench.startVoice()
  bench.pass(200)
  bench.transcribe('partial', word)
  expect(bench.fresh()).toEqual(['duck -18', ...takenFloor])
})

test('two words with content take the floor before the time is over', () => {
  const bench = speaking()
  bench.startVoice()
  bench.pass(200)
  bench.transcribe('partial', 'yeah what')
  expect(bench.fresh()).toEqual(['duck -18'])
  bench.transcribe('partial', 'yeah what price')
  expect(bench.fresh()).toEqual(takenFloor)
})

test('the interrupting turn goes on and is answered', () => {
  const bench = speaking()
  bench.speak('what does it cost', 700)
  bench.fresh()
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.speculate 2', 'reply.commit 2'])
  bench.deliver()
  expect(bench.fresh()).toEqual(['user: what does it cost'])
})

test('a short interruption that is recognised after it ended still takes the floor', () => {
  const bench = speaking()
  bench.speak(null, 250)
  bench.pass(99)
  bench.transcribe('final', 'stop')
  expect(bench.fresh()).toEqual(['duck -18', ...takenFloor])
})

test('"yes" right after a question of the assistant is an answer', () => {
  const bench = speaking({}, 'Shall I cancel it?')
  bench.startVoice()
  bench.pass(200)
  bench.transcribe('partial', 'yes')
  expect(bench.fresh()).toEqual(['duck -18', ...takenFloor])
  bench.stopVoice()
  bench.transcribe('final', 'yes')
  bench.pass(500)
  expect(bench.fresh()).toEqual(['reply.speculate 2', 'reply.commit 2'])
})

test('"yes" said over the end of the question is an answer too', () => {
  const bench = speaking({}, 'Shall I')
  bench.startVoice()
  bench.pass(50)
  bench.finish('Shall I cancel it?')
  bench.pass(200)
  bench.stopVoice()
  bench.transcribe('final', 'yes')
  bench.pass(500)
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
})

test('one word that is neither waits until the assistant has finished', () => {
  const bench = speaking()
  bench.speak('Tuesday', 300)
  bench.pass(1000)
  expect(bench.fresh()).toEqual(['duck -18', 'duck 0'])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
})

test('with interruption off, speech neither ducks nor takes the floor and is kept for the next turn', () => {
  const bench = speaking({ bargeIn: { ...policy.bargeIn, speechMs: null } })
  bench.speak('stop that right now', 3000)
  bench.pass(1000)
  expect(bench.fresh()).toEqual([])
  bench.finish()
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
})

test('the user may still be speaking when the assistant finishes', () => {
  const bench = speaking({ bargeIn: { ...policy.bargeIn, speechMs: null } })
  bench.startVoice()
  bench.pass(500)
  bench.finish()
  bench.pass(500)
  bench.stopVoice()
  bench.transcribe('final', 'what does it cost')
  bench.pass(500)
  expect(bench.fresh()).toEqual(['turn 1 complete', 'reply.speculate 2', 'reply.commit 2'])
})

test('a noise that silenced the assistant lets it go on in the word it stopped in', () => {
  const bench = speaking()
  bench.speak('', 800)
  bench.pass(500)
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1', 'playout.resume 1'])
  expect(bench.state.speech?.stance).toBe('full')
})

test('a listening noise that was long enough to silence the assistant lets it go on as soon as it is understood', () => {
  const bench = speaking()
  bench.startVoice()
  bench.pass(600)
  bench.transcribe('partial', 'yeah okay right')
  bench.pass(100)
  bench.stopVoice()
  bench.transcribe('final', 'yeah okay right')
  bench.pass(300)
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1', 'playout.resume 1', 'duck -18', 'duck 0'])
})

test('the words of a long interruption are waited for, but not for ever', () => {
  const bench = speaking()
  bench.speak(null, 800)
  bench.pass(699)
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1'])
  bench.pass(1)
  expect(bench.fresh()).toEqual(['playout.resume 1'])
})

test('a single word after voice that silenced the assistant takes the floor', () => {
  const bench = speaking()
  bench.speak(null, 600)
  bench.pass(200)
  bench.transcribe('final', 'Thursday')
  expect(bench.fresh()).toEqual([
    'duck -18',
    'playout.pause 1',
    'playout.flush 1',
    'reply.cancel 1',
    'turn 1 complete',
    'reply.speculate 2',
  ])
})

test('a single word of a partial is not believed before its final', () => {
  const bench = speaking()
  bench.speak(null, 600)
  bench.pass(50)
  bench.transcribe('partial', 'mhms')
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1'])
  bench.transcribe('final', 'mhm')
  bench.pass(300)
  expect(bench.fresh()).toEqual(['playout.resume 1'])
})

test('voice without a word for two and a half seconds is no speech: the assistant goes on and stays undisturbed', () => {
  const bench = speaking()
  bench.startVoice()
  bench.pass(2499)
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1'])
  bench.pass(5000)
  expect(bench.fresh()).toEqual(['playout.resume 1'])
})

test('a caller who goes on just as the reply begins is made way for after less voice, and given more time afterwards', () => {
  const bench = new TurnBench().answer()
  bench.converse()
  bench.pass(200)
  bench.startVoice()
  bench.pass(240)
  expect(bench.fresh()).toEqual(['duck -18', 'playout.pause 1'])
  bench.transcribe('partial', 'for tomorrow please')
  expect(bench.state.habits.cutIns).toBe(1)
})

test("the assistant's own words that come back from the line are not taken for the user's", () => {
  const bench = speaking({}, 'Your order is on its way. Anything else?')
  bench.transcribe('final', 'your order is on its way')
  bench.finish('Your order is on its way. Anything else?')
  bench.pass(800)
  bench.transcribe('final', 'on its way anything else')
  bench.pass(2000)
  expect(bench.fresh()).toEqual(['turn 1 complete'])
  bench.transcribe('final', 'when will it come')
  expect(bench.fresh()).toEqual(['reply.speculate 2', 'reply.commit 2'])
})

test('a "hello?" over the greeting is answered by the greeting', () => {
  const bench = new TurnBench({ greeting: { kind: 'text', text: 'Hello. How can I help?' } }).answer()
  bench.pass(300)
  bench.speak('hello hello', 400)
  bench.finish('Hello. How can I help?')
  bench.pass(3000)
  expect(bench.fresh()).toEqual(['say greeting 1', 'duck -18', 'duck 0', 'turn 0 complete'])
})

test('what an interruption finds waiting in the queue is forgotten', () => {
  const bench = speaking()
  const message = { text: 'A message.', interrupt: false, endCallAfter: false, interruptible: true, remember: false }
  bench.tell({ type: 'control.say', request: { ...message, whenBusy: 'queue' } })
  bench.speak('stop', 600)
  expect(bench.state.queue).toEqual([])
})

test('what is heard of the assistant without any voiced stretch is its echo', () => {
  const bench = speaking()
  bench.transcribe('partial', 'your order is on')
  bench.transcribe('final', 'your order is on its way')
  expect(bench.fresh()).toEqual([])
})
