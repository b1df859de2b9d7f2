import { Channel, type LogFields, type SpeechChunk, silentLogger } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { afterAll, expect, test } from 'vitest'
import { createProviders } from '../src/index.ts'
import { realClock } from './real-clock.ts'
import { speech } from './telephone.ts'

const warnings: [string, LogFields | undefined][] = []
const providers = createProviders({
  clock: realClock,
  random: new SeededRandom(1),
  logger: { ...silentLogger, warn: (message, fields) => void warnings.push([message, fields]) },
  cacheDir: 'unused',
  speechWorkers: 1,
  voices: { ZhiMei: { engine: 'flite', voice: 'slt' } },
})
afterAll(() => providers[Symbol.asyncDispose]())
const signal = () => new AbortController().signal

async function* items(...texts: readonly string[]) {
  yield* texts
}

async function collect(chunks: AsyncIterable<SpeechChunk>): Promise<SpeechChunk[]> {
  const all: SpeechChunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}

const level = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)

test.each(['rms', 'awb', 'slt', 'kal'])('%s speaks a sentence of plausible length and loudness', async (name) => {
  const samples = await speech(providers.synthesizer({ name }), 'Hello, thanks for calling.')
  expect(samples.length / 8000).toBeGreaterThan(1)
  expect(samples.length / 8000).toBeLessThan(3)
  expect(level(samples)).toBeGreaterThan(500)
  expect(level(samples)).toBeLessThan(10_000)
})

test('there is no silence before the first word and little after the last', async () => {
  const samples = await speech(providers.synthesizer({ name: 'rms' }), 'Good morning.')
  const audible = (sample: number) => Math.abs(sample) > 100
  expect(samples.findIndex(audible)).toBeLessThan(240)
  expect(samples.length - samples.findLastIndex(audible)).toBeLessThan(480)
})

test('the first item is delivered while the second is not even known', async () => {
  const text = new Channel<string>(10, 'fail')
  const iterator = providers.synthesizer({}).speak(text, signal())[Symbol.asyncIterator]()
  text.push('This is the first sentence.')
  const first = await iterator.next()
  expect(first.value).toMatchObject({ item: 0 })
  text.push('And the second.')
  expect((await iterator.next()).value).toMatchObject({ item: 1 })
  text.close()
  expect((await iterator.next()).done).toBe(true)
})

test('a long item comes in clauses, in order, and items without words give no audio', async () => {
  const long =
    'We are open from nine to five on weekdays, from ten to two on Saturdays, and on Sundays we are closed, but you can always leave a message.'
  const chunks = await collect(
    providers.synthesizer({}).speak(items('Hello.', '...', '您好', long, 'Goodbye.'), signal()),
  )
  const order = chunks.map((chunk) => chunk.item)
  expect([...new Set(order)]).toEqual([0, 3, 4])
  expect(order.filter((item) => item === 3).length).toBeGreaterThan(1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
})

test.each(['rms', 'awb', 'slt', 'kal'])('%s tells where each word of an item ends', async (name) => {
  const text = ' One, two,  three, four.'
  const [chunk, ...more] = await collect(providers.synthesizer({ name }).speak(items(text), signal()))
  expect(more).toEqual([])
  const { samples, words = [] } = chunk as SpeechChunk
  expect(words.map(({ textEnd }) => text.slice(0, textEnd))).toEqual([
    ' One,',
    ' One, two,',
    ' One, two,  three,',
    ' One, two,  three, four.',
  ])
  expect(words.at(-1)?.endSample).toBeLessThanOrEqual(samples.length)
  // After a word with a comma the voice pauses: it is loud just before the end of the word and quiet just after it.
  for (const { endSample } of words.slice(0, 3)) {
    const before = level(samples.subarray(endSample - 1_000, endSample))
    const after = level(samples.subarray(endSample + 160, endSample + 480))
    expect(before).toBeGreaterThan(4 * after)
  }
})

test('ends of words go on from clause to clause of an item, and begin anew with the next item', async () => {
  const long =
    'We are open from nine to five on weekdays,  from ten to two on Saturdays, and on Sundays we are closed, but you can always leave a message.'
  const chunks = await collect(providers.synthesizer({}).speak(items(long, 'Goodbye.'), signal()))
  const words = chunks.filter((chunk) => chunk.item === 0).flatMap((chunk) => chunk.words ?? [])
  expect(words.map(({ textEnd }) => textEnd)).toEqual(
    [...long.matchAll(/\S+/g)].map((word) => word.index + word[0].length),
  )
  const ends = words.map(({ endSample }) => endSample)
  expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  const total = chunks.filter((chunk) => chunk.item === 0).reduce((sum, chunk) => sum + chunk.samples.length, 0)
  // The voice fades out after its last phone.
  expect(total - (ends.at(-1) ?? 0)).toBeLessThan(1_600)
  expect(chunks.at(-1)?.words).toEqual([{ textEnd: 8, endSample: expect.any(Number) }])
})

test('a phrase that was said before is at hand, and each reader owns its copy', async () => {
  const synthesizer = providers.synthesizer({})
  const first = await speech(synthesizer, 'Please hold the line.')
  const copy = first.slice()
  first.fill(0)
  expect(await speech(synthesizer, 'Please hold the line.')).toEqual(copy)
})

test('an abort drops what is waiting and ends with its reason; others are served', async () => {
  const synthesizer = providers.synthesizer({ name: 'awb' })
  const abort = new AbortController()
  const reason = new Error('barge-in')
  const many = Array.from({ length: 30 }, (_, index) => `This is sentence number ${index} of a speech nobody hears.`)
  const reading = collect(synthesizer.speak(items(...many), abort.signal))
  const other = speech(synthesizer, 'I am heard.')
  abort.abort(reason)
  await expect(reading).rejects.toBe(reason)
  expect((await other).length).toBeGreaterThan(4000)
})

test('a text that fails ends the speech with its failure', async () => {
  const broken = (async function* () {
    yield 'One.'
    throw new Error('model lost')
  })()
  await expect(collect(providers.synthesizer({}).speak(broken, signal()))).rejects.toThrow('model lost')
})

test('a configured name has its voice, an unknown one the default, said once', async () => {
  expect(providers.synthesizer({ name: 'ZhiMei' }).name).toBe('flite/slt')
  expect(providers.synthesizer({ name: 'Nobody' }).name).toBe('flite/rms')
  expect(providers.synthesizer({ name: 'Nobody' }).name).toBe('flite/rms')
  expect(warnings).toEqual([['unknown voice, the default serves it', { voice: 'Nobody', servedBy: 'rms' }]])
})
