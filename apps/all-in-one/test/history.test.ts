import { join } from 'node:path'
import { type ProviderCatalog, silentLogger } from '@parley/core'
import { createProviders } from '@parley/providers'
import { systemClock, systemRandom } from '@parley/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { wordErrors } from './word-errors.ts'

/** One breath without a comma, so that nothing but the words tells how far it came. */
const longAnswer =
  'the little brown boat went slowly down the river past seven old houses and under the big stone bridge at noon'

const heardEnd = { wait: { heard: 'end' as const, timeout: 20_000 } }
const heardStart = { wait: { heard: 'start' as const, timeout: 20_000 } }
const ask = { say: { text: 'tell me a story please' } }
/** Makes the model be asked once more; how well it is understood does not matter. */
const andThen = [heardEnd, { say: { text: 'thank you very much' } }, heardEnd]
const base = { answer: { after: 100 } }

const scripts = {
  cut: {
    ...base,
    steps: [heardEnd, ask, heardStart, { interrupt: { after: 2500, text: 'stop please wait a moment' } }, ...andThen],
  },
  listens: {
    ...base,
    // Made quieter it is still heard.
    thresholdDb: -70,
    steps: [heardEnd, ask, heardStart, { backchannel: { after: 1500, text: 'yeah' } }, ...andThen],
  },
  ignored: {
    ...base,
    steps: [heardEnd, ask, heardStart, { backchannel: { after: 1500, text: 'stop please wait a moment' } }, ...andThen],
  },
  greeted: {
    ...base,
    steps: [heardStart, { backchannel: { after: 1000, text: 'stop please wait a moment' } }, ...andThen],
  },
  goesOn: {
    ...base,
    steps: [
      heardEnd,
      { say: { parts: [{ text: 'tell me a story' }, { pause: 350 }, { text: 'about the river please' }] } },
      ...andThen,
    ],
  },
  silent: { ...base, steps: [{ wait: { heard: 'end' as const, silence: 2000 } }, heardStart, ...andThen] },
}

let house: TalkHouse
let model: TellingModel
/** The engine's own voice, to measure with. */
let providers: ProviderCatalog

beforeAll(async () => {
  house = await startTalkHouse(scripts)
  model = await startTellingModel()
  const cacheDir = join(house.engine.dataDir, 'cache')
  providers = createProviders({ clock: systemClock, random: systemRandom, logger: silentLogger, cacheDir })
})

afterAll(async () => {
  await providers?.[Symbol.asyncDispose]()
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

/** Made ahead, while the caller draws breath; it is thrown away. */
const unheard = 'Which story would you like to hear?'

const answerTo = (script: string) => (text: string) => {
  if (script === 'goesOn' && /^tell/.test(text) && !/river/.test(text)) return unheard
  return /story|tell me/.test(text) ? longAnswer : 'All right.'
}

const hints =
  'tell me a story please\nstop please wait a moment\nthank you very much\ntell me a story about the river please\nyeah'

async function talk(script: keyof typeof scripts, more = {}): Promise<Talk> {
  return house.talk(script, model.open(script, answerTo(script)), {
    SystemPrompt: 'Be kind.',
    Variables: [{ Key: 'parley-asr-hints', Value: hints }],
    ...more,
  })
}

const lastMessages = (name: string) => model.requests(name).at(-1)?.messages ?? []
const said = (name: string, role: string) => lastMessages(name).filter((message) => message.role === role)
/** The recogniser may mishear a word. */
const expectSaid = (text: string, heard = '') => expect(wordErrors(text, heard).errors).toBeLessThanOrEqual(2)
const words = (text: string) => text.split(/\s+/).filter(Boolean)

/** The stretch of the assistant that a step of the phone lies in, with gaps of less than half a second joined. */
function spokenAround({ report }: Talk, step: number) {
  const at = report.spoken[step]?.firstPacketSentNs ?? 0
  const joined: { fromNs: number; toNs: number }[] = []
  for (const { startNs, endNs } of report.heard) {
    const last = joined.at(-1)
    if (last && startNs - last.toNs < 500e6) last.toNs = endNs
    else joined.push({ fromNs: startNs, toNs: endNs })
  }
  const found = joined.find(({ fromNs, toNs }) => fromNs <= at && toNs >= at) ?? { fromNs: 0, toNs: 0 }
  return { lengthMs: (found.toNs - found.fromNs) / 1e6 }
}

/** How long the engine's own voice takes for the first words of a text. */
async function spokenMs(text: string): Promise<number> {
  let samples = 0
  for await (const chunk of providers.synthesizer({}).speak(one(text), new AbortController().signal))
    samples += chunk.samples.length
  return samples / 8
}

async function* one(text: string) {
  yield text
}

describe.concurrent('what the assistant said is in the history as it was heard', () => {
  test('interrupted: cut to the words that were heard', { timeout: 90_000 }, async () => {
    const over = await talk('cut')
    expect(over.report.problems).toEqual([])
    const { lengthMs } = spokenAround(over, 1)
    const all = words(longAnswer)
    const prefixes = await Promise.all(all.map((_, index) => spokenMs(all.slice(0, index + 1).join(' '))))
    const expected = prefixes.filter((prefixMs) => prefixMs <= lengthMs).length
    const cut = said('cut', 'assistant')[1]?.content ?? ''
    expect(longAnswer.startsWith(cut)).toBe(true)
    expect(words(cut).length).toBeLessThan(all.length)
    expect(Math.abs(words(cut).length - expected)).toBeLessThanOrEqual(1)
    const [question, interruption] = said('cut', 'user').map(({ content }) => content)
    expectSaid('tell me a story please', question)
    expectSaid('stop please wait a moment', interruption)
  })

  test('a listening noise changes nothing', { timeout: 90_000 }, async () => {
    const over = await talk('listens')
    const [, noise] = over.report.spoken
    expect(over.report.problems).toEqual([])
    expect(noise?.wasHeardAtOnset).toBe(true)
    expect(spokenAround(over, 1).lengthMs).toBeGreaterThan(0.95 * (await spokenMs(longAnswer)))
    // Without a gap of 200 ms.
    expect(noise?.stopMs).toBeGreaterThan(2500)
    expect(said('listens', 'assistant')[1]?.content).toBe(longAnswer)
    const [question, next] = said('listens', 'user').map(({ content }) => content)
    expectSaid('tell me a story please', question)
    expect(next).not.toContain('yeah')
  })

  test('a caller who goes on gets one reply to the whole', { timeout: 90_000 }, async () => {
    const over = await talk('goesOn')
    expect(over.report.problems).toEqual([])
    expect(over.report.spoken[0]?.cutInMs).toBeNull()
    expectSaid('tell me a story about the river please', said('goesOn', 'user')[0]?.content)
    expect(said('goesOn', 'assistant')[1]?.content).toBe(longAnswer)
    expect(model.requests('goesOn')[0]?.messages.at(-1)?.content).not.toContain('river')
    expect(JSON.stringify(model.requests('goesOn'))).not.toContain(unheard)
  })
})

test('the engine is still there', () => expect(house.engine.child.exitCode).toBeNull())

describe.concurrent('what nobody may interrupt, and what nobody answers', () => {
  test('InterruptMode 1: nothing stops the assistant', { timeout: 90_000 }, async () => {
    const over = await talk('ignored', { InterruptMode: 1 })
    expect(spokenAround(over, 1).lengthMs).toBeGreaterThan(0.95 * (await spokenMs(longAnswer)))
    expect(said('ignored', 'assistant')[1]?.content).toBe(longAnswer)
  })

  test('WelcomeMessagePriority 2: the greeting is heard to its end', { timeout: 90_000 }, async () => {
    const greeting = `Hello and welcome. ${longAnswer}.`
    const over = await talk('greeted', { WelcomeMessage: greeting, WelcomeMessagePriority: 2 })
    expect(spokenAround(over, 0).lengthMs).toBeGreaterThan(0.95 * (await spokenMs(longAnswer)))
    expect(said('greeted', 'assistant')[0]?.content).toBe(greeting)
  })

  test('a caller who says nothing is asked again', { timeout: 90_000 }, async () => {
    const prompt = 'Are you still with me?'
    const over = await talk('silent', { NotifyDuration: 10, NotifyMessage: prompt })
    const gaps = over.report.heard
      .slice(1)
      .map(({ startNs }, i) => (startNs - (over.report.heard[i]?.endNs ?? 0)) / 1e6)
    const silenceMs = Math.max(...gaps)
    expect(silenceMs).toBeGreaterThan(9900)
    expect(silenceMs).toBeLessThan(13_000)
    expect(said('silent', 'assistant').at(-1)?.content).toContain(prompt)
  })
})
