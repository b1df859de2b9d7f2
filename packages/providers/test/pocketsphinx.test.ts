import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Channel,
  type LogFields,
  type Logger,
  type ProviderCatalog,
  type RecognizerInput,
  silentLogger,
} from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { streamsPerThread } from '../src/asr/pocketsphinx/recognition-engine.ts'
import { createProviders } from '../src/index.ts'
import { realClock } from './real-clock.ts'
import { clip, finals, heardBy, overTelephone, speech, transcripts, wordErrors } from './telephone.ts'

const installed = existsSync('/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict')
const hints = [
  'I would like to make an appointment.',
  'Which day suits you?',
  'I want to cancel my appointment',
  'What are your opening hours?',
  'I have a question about my bill',
  'The delivery has not arrived',
  'My order number is 4711',
]

let cacheDir: string
let shared: ProviderCatalog
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'parley-asr-'))
  shared = setUp()
})
afterAll(async () => {
  await shared[Symbol.asyncDispose]()
  await rm(cacheDir, { recursive: true })
})

const setUp = (logger: Logger = silentLogger, speechWorkers = 1) =>
  createProviders({ clock: realClock, random: new SeededRandom(1), logger, cacheDir, speechWorkers })

// Without the engine the tests are skipped on a laptop and fail in CI.
describe.skipIf(!installed && !process.env.CI)('the embedded recogniser', () => {
  test('understands synthetic callers over the telephone within 10 % word errors', async () => {
    const providers = shared
    const said = [
      ['rms', 'i would like to make an appointment for tomorrow morning'],
      ['awb', 'i want to cancel my appointment on friday'],
      ['rms', 'what are your opening hours please'],
      ['awb', 'my order number is four seven one one'],
      ['rms', 'yes'],
      ['awb', 'no thank you'],
      ['awb', 'the twenty third of may at three'],
      ['rms', 'goodbye'],
    ] as const
    const audio = await Promise.all(said.map(([name, words]) => speech(providers.synthesizer({ name }), words)))
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    const all = await transcripts(recognizer, hints, heardBy(audio.map((samples) => overTelephone(samples))))
    const heard = finals(all)
    expect(heard).toHaveLength(said.length)
    const errors = said.reduce((sum, [, words], index) => sum + wordErrors(words, heard[index]?.text ?? ''), 0)
    const words = said.reduce((sum, [, sentence]) => sum + sentence.split(' ').length, 0)
    expect(errors / words, heard.map((item) => item.text).join(' | ')).toBeLessThanOrEqual(0.1)
    expect(all.filter((item) => item.kind === 'partial').length).toBeGreaterThan(2 * said.length)
    for (const item of heard) expect(item.confidence).toBeGreaterThan(0.2)
  })

  test('understands human callers, loud and 20 dB quieter, within 15 % when it knows what they may say', async () => {
    const providers = shared
    const said = {
      'cards-001': 'ten of clubs',
      'cards-002': 'four queen of clubs',
      goforward: 'go forward ten meters',
      'asterisk8k-en-privacy-prompt': 'please enter your phone number starting with the area code',
      'asterisk8k-en-cannot-complete-as-dialed': 'your call cannot be completed as dialed',
      'asterisk8k-en-queue-thankyou': 'thank you for your patience',
    }
    const sentences = Object.values(said)
    const clips = await Promise.all(Object.keys(said).map(clip))
    const recognizer = providers.recognizer({ languages: ['en'], hints: sentences })
    for (const gain of [1, 0.1]) {
      const line = heardBy(clips.map((samples) => overTelephone(samples, gain)))
      const heard = finals(await transcripts(recognizer, sentences, line)).map((item) => item.text)
      const errors = sentences.reduce((sum, words, index) => sum + wordErrors(words, heard[index] ?? ''), 0)
      expect(errors / sentences.join(' ').split(' ').length, heard.join(' | ')).toBeLessThanOrEqual(0.15)
    }
  })

  test('a final carries the times of its stretch and comes before anything of the next', async () => {
    const providers = shared
    const yes = overTelephone(await speech(providers.synthesizer({ name: 'rms' }), 'yes please'))
    const all = await transcripts(providers.recognizer({ languages: ['en'], hints }), hints, heardBy([yes, yes]))
    const lengthMs = Math.ceil(yes.length / 160) * 20
    const [first, second] = finals(all)
    expect(first).toMatchObject({ text: 'yes please', fromMs: 400, toMs: 400 + lengthMs })
    expect(second).toMatchObject({ text: 'yes please', fromMs: 1000 + lengthMs, toMs: 1000 + 2 * lengthMs })
    const order = all.map((item) => item.fromMs)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('silence within a stretch gives an empty final, and an open stretch is finished when the input ends', async () => {
    const providers = shared
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    const [empty] = finals(await transcripts(recognizer, hints, heardBy([new Int16Array(8000)])))
    expect(empty).toMatchObject({ kind: 'final', text: '' })
    const goodbye = overTelephone(await speech(providers.synthesizer({ name: 'rms' }), 'goodbye'))
    const cut = (async function* () {
      for await (const item of heardBy([goodbye])) if (item.type !== 'speech.stopped') yield item
    })()
    expect(finals(await transcripts(recognizer, hints, cut)).map((item) => item.text)).toEqual(['goodbye'])
  })

  test('talk outside of its vocabulary has clearly less confidence than talk inside', async () => {
    const names = ['cards-001', 'cards-002', 'cards-003', 'asterisk8k-en-cannot-complete-as-dialed', 'librivox-0880']
    const strange = (await Promise.all(names.map(clip))).map((samples) => overTelephone(samples))
    const said = ['i want to cancel my appointment', 'what are your opening hours', 'yes please']
    const voice = shared.synthesizer({ name: 'awb' })
    const known = (await Promise.all(said.map((words) => speech(voice, words)))).map((samples) =>
      overTelephone(samples),
    )
    const recognizer = shared.recognizer({ languages: ['en'], hints })
    const heard = finals(await transcripts(recognizer, hints, heardBy([...strange, ...known])))
    const mean = (items: typeof heard) => items.reduce((sum, item) => sum + (item.confidence ?? 0), 0) / items.length
    expect(mean(heard.slice(0, names.length))).toBeLessThan(0.35)
    expect(mean(heard.slice(names.length))).toBeGreaterThan(0.45)
  })

  test('five callers at once on two threads each get what they would get alone', async () => {
    await using providers = setUp(silentLogger, 2)
    const said = ['yes please', 'no thank you', 'goodbye', 'what are your opening hours', 'today']
    const voice = providers.synthesizer({ name: 'rms' })
    const lines = await Promise.all(said.map(async (words) => overTelephone(await speech(voice, words))))
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    const hear = async (samples: Int16Array) =>
      finals(await transcripts(recognizer, hints, heardBy([samples]))).map((item) => item.text)
    const alone: string[][] = []
    for (const samples of lines) alone.push(await hear(samples))
    expect(new Set(alone.flat()).size).toBe(said.length)
    expect(await Promise.all(lines.map(hear))).toEqual(alone)
  })

  test('an abort in the middle of a stretch ends the transcription with its reason and frees the decoder', async () => {
    const providers = shared
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    for (let round = 0; round < streamsPerThread + 4; round += 1) {
      const abort = new AbortController()
      const input = new Channel<RecognizerInput>(100, 'fail')
      const reading = (async () => {
        for await (const item of recognizer.transcribe(input, { languages: ['en'], hints }, abort.signal)) return item
      })()
      input.push({ type: 'audio', samples: new Int16Array(800), mediaMs: 0 })
      input.push({ type: 'speech.started', mediaMs: 60 })
      const reason = new Error('hung up')
      abort.abort(reason)
      await expect(reading).rejects.toBe(reason)
    }
    const yes = overTelephone(await speech(providers.synthesizer({ name: 'rms' }), 'yes please'))
    expect(finals(await transcripts(recognizer, hints, heardBy([yes])))[0]?.text).toBe('yes please')
  })

  test('one caller more than a thread serves is refused, and served when another has gone', async () => {
    const providers = shared
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    const abort = new AbortController()
    const pending = Array.from({ length: streamsPerThread }, () => {
      const input = new Channel<RecognizerInput>(1, 'fail')
      return recognizer
        .transcribe(input, { languages: ['en'], hints }, abort.signal)
        [Symbol.asyncIterator]()
        .next()
    })
    await expect(transcripts(recognizer, hints, heardBy([]))).rejects.toMatchObject({ code: 'ASR_UNAVAILABLE' })
    abort.abort(new Error('over'))
    await Promise.allSettled(pending)
    expect(await transcripts(recognizer, hints, heardBy([]))).toEqual([])
  })

  test('prewarming makes the model files once for the same hints', async () => {
    const providers = shared
    const own = ['Only for this test']
    const recognizer = providers.recognizer({ languages: ['en'], hints: own })
    const before = (await readdir(cacheDir)).length
    await recognizer.prewarm?.({ languages: ['en'], hints: own })
    const after = await readdir(cacheDir)
    await recognizer.prewarm?.({ languages: ['en'], hints: own })
    expect((await readdir(cacheDir)).length).toBe(after.length)
    expect(after.length).toBeGreaterThan(before)
    expect(after.filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('a caller of another language is served with a warning', async () => {
    const warnings: [string, LogFields | undefined][] = []
    await using providers = setUp({ ...silentLogger, warn: (message, fields) => void warnings.push([message, fields]) })
    const recognizer = providers.recognizer({ languages: ['zh'], hints })
    const spec = { languages: ['zh'], hints }
    for await (const item of recognizer.transcribe(heardBy([]), spec, new AbortController().signal))
      expect(item).toBe('')
    expect(warnings).toEqual([['embedded recogniser knows english only', { language: 'zh' }]])
  })

  test('closing the catalog fails what runs with SHUTDOWN', async () => {
    const providers = setUp()
    const input = new Channel<RecognizerInput>(10, 'fail')
    const recognizer = providers.recognizer({ languages: ['en'], hints })
    const next = recognizer
      .transcribe(input, { languages: ['en'], hints }, new AbortController().signal)
      [Symbol.asyncIterator]()
      .next()
    input.push({ type: 'audio', samples: new Int16Array(160), mediaMs: 0 })
    await Promise.all([expect(next).rejects.toMatchObject({ code: 'SHUTDOWN' }), providers[Symbol.asyncDispose]()])
  })
})
