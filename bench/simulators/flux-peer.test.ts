import { expect, onTestFinished, test } from 'vitest'
import { SeededRandom } from '../seeded-random.ts'
import { startProviders } from './provider-process.ts'
import { ScriptFollower } from './script-follower.ts'

/** Two words, a pause of 300 ms, one word. */
const utterance = {
  words: [
    { text: 'seven', endMs: 100 },
    { text: 'clubs', endMs: 200 },
    { text: 'please', endMs: 700 },
  ],
  pauses: [{ fromMs: 200, toMs: 500 }],
  durationMs: 700,
}
const random = new SeededRandom(2)
const noise = (peak: number, ms: number) => Int16Array.from({ length: 8 * ms }, () => random.below(2 * peak + 1) - peak)
/** 20 ms each. */
const frames = [noise(20, 100), noise(8_000, 200), noise(20, 300), noise(8_000, 200), noise(20, 500)].flatMap((part) =>
  Array.from({ length: part.length / 160 }, (_, index) => part.subarray(160 * index, 160 * (index + 1))),
)

test('the follower tells words, what silence follows them and when the voice goes on', () => {
  const follower = new ScriptFollower(3, () => [utterance])
  const told = frames
    .flatMap((frame) => follower.push(frame))
    .map((event) => (event.kind === 'word' ? `${event.word.text}${event.word.isBeforeSilence ? '|' : ''}` : event.kind))
  expect(told).toEqual(['onset', 'c3t1 seven', 'clubs|', 'resumed', 'please|'])
})

test('turn events follow the voice: probable end in a pause, taken back, probable end, end', async () => {
  const providers = await startProviders({ seed: 1, profile: 'fast', script: [utterance], apiKey: 'k', replyWords: 6 })
  onTestFinished(() => providers[Symbol.asyncDispose]())
  const url = `ws://127.0.0.1:${providers.ports.asr}/v2/listen?encoding=linear16&sample_rate=8000`
  const socket = new WebSocket(url, { headers: { authorization: 'Token k' } })
  const messages: { type: string; event: string; transcript: string; turn_index: number }[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  socket.addEventListener('message', (message) => {
    messages.push(JSON.parse(String(message.data)))
    if (messages.at(-1)?.event === 'EndOfTurn') end()
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  for (const [index, frame] of frames.entries()) setTimeout(() => socket.send(frame), 20 * index)
  await ended
  socket.close()
  expect(messages[0]?.type).toBe('Connected')
  expect(messages.slice(1).map(({ event, transcript }) => `${event} ${transcript}`)).toEqual([
    'StartOfTurn c1t1 seven',
    'Update c1t1 seven',
    'EagerEndOfTurn c1t1 seven clubs',
    'TurnResumed c1t1 seven clubs',
    'EagerEndOfTurn c1t1 seven clubs please',
    'EndOfTurn c1t1 seven clubs please',
  ])
})
