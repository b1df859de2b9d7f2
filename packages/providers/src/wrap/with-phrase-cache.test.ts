import { Channel, type SpeechChunk, type SpeechSynthesizer, VoiceError } from '@parley/core'
import { settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { PhraseCache } from './phrase-cache.ts'
import { withPhraseCache } from './with-phrase-cache.ts'

/** A voice whose audio the test hands out: one channel per text asked for, in order. */
function handheldVoice() {
  const requests: { text: string; audio: Channel<SpeechChunk>; aborted: boolean }[] = []
  const synthesizer: SpeechSynthesizer = {
    name: 'handheld',
    async *speak(texts, signal) {
      let item = 0
      for await (const text of texts) {
        const request = { text, audio: new Channel<SpeechChunk>(1_000, 'fail'), aborted: false }
        requests.push(request)
        signal.addEventListener('abort', () => {
          request.aborted = true
          request.audio.close(signal.reason)
        })
        for await (const chunk of request.audio) yield { ...chunk, item }
        item += 1
      }
    },
  }
  const say = (index: number, ...samples: number[]) =>
    requests[index]?.audio.push({ samples: Int16Array.from(samples), item: 0 })
  const finish = (index: number, ...samples: number[]) => {
    if (samples.length > 0) say(index, ...samples)
    requests[index]?.audio.close()
  }
  return { synthesizer, requests, say, finish }
}

function setUp(maxBytes = 1_000_000) {
  const voice = handheldVoice()
  const cache = new PhraseCache(maxBytes)
  return { ...voice, cache, cached: withPhraseCache(voice.synthesizer, cache, 'handheld/rms') }
}

/** Reads in the background; `heard` grows as audio comes. */
function read(
  synthesizer: SpeechSynthesizer,
  texts: AsyncIterable<string> | readonly string[],
  signal = new AbortController().signal,
) {
  const heard: [item: number, ...samples: number[]][] = []
  const stream = Symbol.asyncIterator in texts ? texts : each(texts)
  const ended = (async () => {
    for await (const { item, samples } of synthesizer.speak(stream, signal)) {
      heard.push([item, ...samples])
      // The receiver owns the buffer.
      samples.fill(99)
    }
    return 'complete'
  })().catch((error: unknown) => error)
  return { heard, ended }
}

async function* each(texts: readonly string[]) {
  yield* texts
}

async function keep(house: ReturnType<typeof setUp>, text: string, ...samples: number[]) {
  const { ended } = read(house.cached, [text])
  await settle()
  house.finish(house.requests.length - 1, ...samples)
  expect(await ended).toBe('complete')
}

test('a text that was said to its end is at hand the next time, for each reader with a buffer of its own', async () => {
  const house = setUp()
  await keep(house, 'Hello.', 1, 2)
  for (let again = 0; again < 2; again += 1) {
    const { heard, ended } = read(house.cached, ['Hello.'])
    expect(await ended).toBe('complete')
    expect(heard).toEqual([[0, 1, 2]])
  }
  expect(house.requests).toHaveLength(1)
})

test('items at hand and items still spoken come in the order of the text, each with its number', async () => {
  const house = setUp()
  await keep(house, 'One moment.', 1)
  const { heard, ended } = read(house.cached, ['One moment.', 'Now.', 'One moment.', 'Bye.'])
  await settle()
  expect(heard).toEqual([[0, 1]])
  house.say(1, 2)
  await settle()
  expect(heard).toEqual([
    [0, 1],
    [1, 2],
  ])
  house.finish(1, 3)
  await settle()
  house.finish(2, 4)
  expect(await ended).toBe('complete')
  expect(heard).toEqual([
    [0, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [3, 4],
  ])
})

test('the next item is asked for while one is heard, the one after it is not', async () => {
  const house = setUp()
  void read(house.cached, ['a', 'b', 'c'])
  await settle()
  expect(house.requests.map(({ text }) => text)).toEqual(['a', 'b'])
  house.finish(0, 1)
  await settle()
  expect(house.requests.map(({ text }) => text)).toEqual(['a', 'b', 'c'])
})

test('two calls that want the same text at the same time share one synthesis', async () => {
  const house = setUp()
  const first = read(house.cached, ['Welcome.'])
  await settle()
  house.say(0, 1)
  const second = read(house.cached, ['Welcome.'])
  await settle()
  expect(second.heard).toEqual([[0, 1]])
  house.finish(0, 2)
  expect([await first.ended, await second.ended]).toEqual(['complete', 'complete'])
  expect(second.heard).toEqual(first.heard)
  expect(house.requests).toHaveLength(1)
})

test('one of two that share a text may leave; when the last one leaves the voice stops and nothing is kept', async () => {
  const house = setUp()
  const [one, two] = [new AbortController(), new AbortController()]
  const first = read(house.cached, ['Welcome.'], one.signal)
  const second = read(house.cached, ['Welcome.'], two.signal)
  await settle()
  house.say(0, 1)
  await settle()
  const reason = new Error('barge-in')
  one.abort(reason)
  expect(await first.ended).toBe(reason)
  expect(house.requests[0]?.aborted).toBe(false)
  two.abort(reason)
  expect(await second.ended).toBe(reason)
  expect(house.requests[0]?.aborted).toBe(true)
  void read(house.cached, ['Welcome.'])
  await settle()
  expect(house.requests).toHaveLength(2)
})

test('an abort also stops the item that was asked for ahead', async () => {
  const house = setUp()
  const abort = new AbortController()
  const { ended } = read(house.cached, ['a', 'b'], abort.signal)
  await settle()
  abort.abort(new Error('hung up'))
  await ended
  await settle()
  expect(house.requests.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('a failure reaches the reader after what came before it, and nothing of it is kept', async () => {
  const house = setUp()
  const { heard, ended } = read(house.cached, ['Hello.'])
  await settle()
  house.say(0, 1)
  house.requests[0]?.audio.close(new VoiceError('TTS_UNAVAILABLE'))
  expect(await ended).toMatchObject({ code: 'TTS_UNAVAILABLE' })
  expect(heard).toEqual([[0, 1]])
  await keep(house, 'Hello.', 5)
  expect(house.requests).toHaveLength(2)
})

test('a text that fails ends the speech with its failure', async () => {
  const house = setUp()
  const broken = (async function* () {
    yield 'One.'
    throw new Error('model lost')
  })()
  const { heard, ended } = read(house.cached, broken)
  await settle()
  house.finish(0, 1)
  expect(await ended).toMatchObject({ message: 'model lost' })
  expect(heard).toEqual([[0, 1]])
})

test('the least recently used phrase goes when there is no room, and a very large one is not kept', async () => {
  const house = setUp(8_000)
  const fiftyMs = Array(400).fill(1)
  for (let index = 0; index < 8; index += 1) await keep(house, `text ${index}`, ...fiftyMs)
  expect(await read(house.cached, ['text 0']).ended).toBe('complete')
  await keep(house, 'text 8', ...fiftyMs)
  expect(await read(house.cached, ['text 0', 'text 8']).ended).toBe('complete')
  expect(house.requests).toHaveLength(9)
  await keep(house, 'text 1', 1)
  await keep(house, 'large', ...fiftyMs, ...fiftyMs)
  await keep(house, 'large', 1)
  expect(house.requests).toHaveLength(12)
})

test('long texts are kept only when they were announced', async () => {
  const house = setUp()
  const long = 'word '.repeat(50)
  await keep(house, long, 1)
  await keep(house, long, 1)
  house.cached.prepare?.([long])
  await settle()
  house.finish(2, 7)
  await settle()
  const { heard, ended } = read(house.cached, [long])
  expect(await ended).toBe('complete')
  expect(heard).toEqual([[0, 7]])
})

test('announced texts are made one after the other; a failure does not stop the rest', async () => {
  const house = setUp()
  house.cached.prepare?.(['a', 'b', 'c'])
  house.cached.prepare?.(['a'])
  await settle()
  expect(house.requests).toHaveLength(1)
  house.requests[0]?.audio.close(new VoiceError('TTS_FAILED'))
  await settle()
  house.finish(1, 2)
  await settle()
  house.finish(2, 3)
  await settle()
  house.finish(3, 1)
  await settle()
  expect(house.requests.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'a'])
  const { heard } = read(house.cached, ['a', 'b', 'c'])
  await settle()
  expect(heard).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ])
})

test('other voices and other parameters do not share phrases', async () => {
  const house = setUp()
  await keep(house, 'Hello.', 1)
  void read(withPhraseCache(house.synthesizer, house.cache, 'handheld/slt'), ['Hello.'])
  await settle()
  expect(house.requests).toHaveLength(2)
})

test('word timings are kept with the audio', async () => {
  const house = setUp()
  const first = read(house.cached, ['Hello you.'])
  await settle()
  const words = [{ textEnd: 5, endSample: 1 }]
  house.requests[0]?.audio.push({ samples: Int16Array.of(1), item: 0, words })
  house.finish(0, 2)
  await first.ended
  const chunks: SpeechChunk[] = []
  for await (const chunk of house.cached.speak(each(['Hello you.']), new AbortController().signal)) chunks.push(chunk)
  expect(chunks).toEqual([{ samples: Int16Array.of(1, 2), item: 0, words }])
})

test('a voice that never ends a text fails', async () => {
  const house = setUp()
  const { ended } = read(house.cached, ['Hello.'])
  await settle()
  for (let minute = 0; minute < 6; minute += 1) {
    house.requests[0]?.audio.push({ samples: new Int16Array(60 * 8_000), item: 0 })
  }
  expect(await ended).toMatchObject({ code: 'TTS_FAILED' })
  expect(house.requests[0]?.aborted).toBe(true)
})
