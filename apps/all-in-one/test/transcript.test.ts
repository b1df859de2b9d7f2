import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { wordErrors } from './word-errors.ts'

/** Human speech and what it says; see apps/callee/clips/README.md. */
const talks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cards: {
    'cards-001.wav': 'ten of clubs',
    'cards-002.wav': 'four queen of clubs',
    'cards-003.wav': 'seven of clubs',
    'cards-004.wav': 'five five',
    'cards-005.wav': 'eight of spades four of clubs seven of hearts',
  },
  prompts: {
    'goforward.wav': 'go forward ten meters',
    'asterisk8k-en-privacy-prompt.wav': 'please enter your phone number starting with the area code',
    'asterisk8k-en-cannot-complete-as-dialed.wav': 'your call cannot be completed as dialed',
    'asterisk8k-en-invalid.wav': "i am sorry that's not a valid extension please try again",
  },
  more: {
    'asterisk8k-en-queue-thankyou.wav': 'thank you for your patience',
    'asterisk8k-en-vm-whichbox.wav': 'to leave a message please enter a mailbox number',
    'asterisk8k-en-agent-alreadyon.wav':
      'that agent is already logged on please enter your agent number followed by the pound key',
    'asterisk8k-en-priv-introsaved.wav': 'thank you please hold while i attempt to connect you with your party',
  },
}
const hints = Object.values(talks).flatMap((clips) => Object.values(clips))
const greeting = 'Hello, how can I help you?'
const answer = 'I see. Tell me more.'

const script = (clips: readonly string[]) => ({
  answer: { after: 100 },
  steps: [
    { wait: { heard: 'end' as const } },
    ...clips.flatMap((clip) => [{ say: { clip } }, { wait: { heard: 'end' as const, timeout: 20_000 } }]),
  ],
})

type Line = NonNullable<Awaited<ReturnType<TalkHouse['client']['DescribeTelRecordAsr']>>['AsrDataList']>[number]

let house: TalkHouse
let model: TellingModel
const rate = { errors: 0, words: 0 }
const startErrorsMs: number[] = []
const endErrorsMs: number[] = []

beforeAll(async () => {
  house = await startTalkHouse(
    Object.fromEntries(Object.entries(talks).map(([name, clips]) => [name, script(Object.keys(clips))])),
  )
  model = await startTellingModel()
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

async function transcriptOf(name: string): Promise<{ talk: Talk; lines: readonly Line[] }> {
  const talk = await house.talk(
    name,
    model.open(name, () => answer),
    {
      WelcomeMessage: greeting,
      VadSilenceTime: 800,
      InterruptMode: 1,
      Variables: [{ Key: 'parley-asr-hints', Value: hints.join('\n') }],
    },
  )
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({
    SdkAppId: testApplication.sdkAppId,
    SessionId: talk.sessionId,
  })
  return { talk, lines: AsrDataList ?? [] }
}

/** The instants of the talk as the phone saw them, in ms from `originNs` on. */
function seenByPhone({ report }: Talk, originNs: number) {
  const since = (ns: number) => (ns - originNs) / 1e6
  return {
    said: report.spoken.map((step) => ({
      fromMs: since(step.firstPacketSentNs),
      toMs: since(step.lastSpeechPacketSentNs),
    })),
    heard: report.heard.map(({ startNs, endNs }) => ({ fromMs: since(startNs), toMs: since(endNs) })),
  }
}

const nearest = (instants: readonly number[], ms: number) =>
  Math.min(...instants.map((instant) => Math.abs(instant - ms)))
const start = (line: Line | undefined) => line?.Start ?? Number.NaN
const end = (line: Line | undefined) => line?.End ?? Number.NaN

/** Instant of the zero of the time line: where most of the assistant's lines begin when they are heard. */
function originOf({ report }: Talk, ofBot: readonly Line[]): number {
  const answers = report.spoken.map(({ lastSpeechPacketSentNs, v2vMs }) => lastSpeechPacketSentNs + (v2vMs ?? 0) * 1e6)
  const heardNs = [report.heard[0]?.startNs ?? 0, ...answers]
  const origins = ofBot.flatMap((line, index) => (heardNs[index] ?? 0) - start(line) * 1e6).toSorted((a, b) => a - b)
  return origins[Math.floor(origins.length / 2)] ?? 0
}

describe.concurrent('a talk with a person is written down', () => {
  for (const [name, clips] of Object.entries(talks)) {
    test(name, { timeout: 120_000 }, async () => {
      const { talk, lines } = await transcriptOf(name)
      const ofUser = lines.filter((line) => line.User === 'user')
      const ofBot = lines.filter((line) => line.User === 'bot')
      expect(talk.report.problems).toEqual([])

      // The time line begins when the media does, on a busy machine a little after the answer.
      const originNs = originOf(talk, ofBot)
      expect(Math.abs(originNs - (talk.report.answeredAtNs ?? 0)) / 1e6).toBeLessThan(500)
      const { said, heard } = seenByPhone(talk, originNs)

      for (const [index, text] of Object.values(clips).entries()) {
        const span = said[index] ?? { fromMs: Number.NaN, toMs: Number.NaN }
        const mine = ofUser.filter((line) => start(line) < span.toMs && end(line) > span.fromMs)
        const count = wordErrors(text, mine.map((line) => line.Message).join(' '))
        rate.errors += count.errors
        rate.words += count.words
        if (mine.length === 0) continue
        startErrorsMs.push(start(mine[0]) - span.fromMs)
        endErrorsMs.push(end(mine.at(-1)) - span.toMs)
      }

      expect(ofBot[0]?.Message).toBe(greeting)
      for (const line of ofBot.slice(1)) expect(line.Message).toBe(answer)
      const [starts, ends] = [heard.map(({ fromMs }) => fromMs), heard.map(({ toMs }) => toMs)]
      for (const line of ofBot) {
        expect(nearest(starts, start(line))).toBeLessThanOrEqual(300)
        expect(nearest(ends, end(line))).toBeLessThanOrEqual(300)
      }
      expect(lines.map(start)).toEqual(lines.map(start).toSorted((a, b) => a - b))

      const served = await fetch(talk.cdr.AsrUrl ?? '')
      expect(served.status).toBe(200)
      expect(await served.json()).toEqual(lines)
    })
  }
})

test('at most one word in five is wrong', () => {
  expect(rate.words).toBe(hints.join(' ').split(' ').length)
  expect(rate.errors / rate.words).toBeLessThanOrEqual(0.2)
})

test('start and end of what the person said are where the phone sent it', () => {
  // Half of the clips begin or end with breath, or an s that no voice detector takes for voice: they differ by more.
  for (const errorsMs of [startErrorsMs, endErrorsMs]) {
    const sizesMs = errorsMs.map(Math.abs).toSorted((a, b) => a - b)
    expect(sizesMs.length).toBeGreaterThanOrEqual(hints.length - 2)
    expect(sizesMs[Math.floor(0.4 * sizesMs.length)]).toBeLessThanOrEqual(200)
    expect(sizesMs.at(-1)).toBeLessThan(1500)
  }
})
