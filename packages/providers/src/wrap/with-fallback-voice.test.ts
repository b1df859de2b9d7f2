import { type SpeechChunk, type SpeechSynthesizer, VoiceError, waitUntil } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { withFallbackVoice } from './with-fallback-voice.ts'

type Saying = (text: string, signal: AbortSignal) => AsyncIterable<number>

/** A voice whose samples are what `say` gives for each text, one chunk each. */
function voice(name: string, say: Saying, words?: SpeechChunk['words']): SpeechSynthesizer & { asked: string[] } {
  const asked: string[] = []
  return {
    name,
    asked,
    async *speak(texts, signal) {
      let item = 0
      for await (const text of texts) {
        asked.push(text)
        for await (const value of say(text, signal))
          yield { samples: Int16Array.of(value), item, ...(words && { words }) }
        item += 1
      }
    },
  }
}

const second = () =>
  voice(
    'second',
    async function* (text) {
      yield 100 + text.length
    },
    [{ textEnd: 1, endSample: 1 }],
  )

async function* texts(...items: string[]) {
  yield* items
}

async function heard(spoken: AsyncIterable<SpeechChunk>) {
  const all: [item: number, sample: number | undefined][] = []
  for await (const { item, samples } of spoken) all.push([item, samples[0]])
  return all
}

const always = new AbortController().signal

function pair(say: Saying) {
  const clock = new VirtualClock()
  const failures: VoiceError[] = []
  const first = voice('first', say)
  const fallback = second()
  const both = withFallbackVoice(first, fallback, { clock, onFailure: (error) => failures.push(error) })
  return { clock, failures, first, fallback, both }
}

test('a voice that works says everything, in order', async () => {
  const { both, fallback, failures } = pair(async function* (text) {
    yield text.length
    yield 0
  })
  expect(await heard(both.speak(texts('a', 'bb', 'ccc'), always))).toEqual([
    [0, 1],
    [0, 0],
    [1, 2],
    [1, 0],
    [2, 3],
    [2, 0],
  ])
  expect(fallback.asked).toEqual([])
  expect(failures).toEqual([])
})

test('what it fails to say is said by the other, and what follows too while it rests', async () => {
  const { both, first, failures, clock } = pair(async function* (text) {
    if (text === 'bad') throw new VoiceError('TTS_UNAVAILABLE')
    yield text.length
  })
  expect(await heard(both.speak(texts('a', 'bad', 'ccc'), always))).toEqual([
    [0, 1],
    [1, 103],
    [2, 103],
  ])
  expect(failures.map(({ code }) => code)).toEqual(['TTS_UNAVAILABLE'])
  await clock.advance(29_000)
  expect(await heard(both.speak(texts('dddd'), always))).toEqual([[0, 104]])
  expect(first.asked).not.toContain('dddd')
  await clock.advance(1_000)
  expect(await heard(both.speak(texts('dddd'), always))).toEqual([[0, 4]])
})

test('an item that breaks off is said again from its beginning, with its words where they are now', async () => {
  const { both } = pair(async function* () {
    yield 1
    throw new VoiceError('TTS_TIMEOUT')
  })
  const chunks: SpeechChunk[] = []
  for await (const chunk of both.speak(texts('ab'), always)) chunks.push(chunk)
  expect(chunks.map(({ samples }) => samples[0])).toEqual([1, 102])
  expect(chunks[1]?.words).toEqual([{ textEnd: 1, endSample: 2 }])
})

test('words that come back as no audio are a failure, punctuation is not', async () => {
  const { both, failures } = pair(async function* () {})
  expect(await heard(both.speak(texts('...', 'word'), always))).toEqual([[1, 104]])
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('no audio')])
})

test('aborting is no failure: nobody speaks any more', async () => {
  const { both, fallback, failures, clock } = pair(async function* (_text, signal) {
    await waitUntil(clock, 10_000, signal)
    yield 1
  })
  const abort = new AbortController()
  const ended = heard(both.speak(texts('a'), abort.signal)).catch((error: unknown) => error)
  const reason = new Error('interrupted')
  abort.abort(reason)
  expect(await ended).toBe(reason)
  expect(fallback.asked).toEqual([])
  expect(failures).toEqual([])
})

test('a voice that never ends is cut off after two minutes of audio', async () => {
  const long = new Int16Array(480_000)
  const endless: SpeechSynthesizer = {
    name: 'endless',
    async *speak() {
      for (;;) yield { samples: long, item: 0 }
    },
  }
  const both = withFallbackVoice(endless, second(), { clock: new VirtualClock(), onFailure: () => {} })
  const spoken = await heard(both.speak(texts('a', 'b'), always))
  expect(spoken.map(([item]) => item)).toEqual([0, 0, 0, 1, 1, 1])
})
