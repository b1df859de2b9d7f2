import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { levelDb, locate, readStereoWav, type StereoWav } from './stereo-wav.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

const caller = {
  answer: { after: 300 },
  steps: [
    { wait: { heard: 'end' as const } },
    { say: { text: 'please tell me the opening hours' } },
    { wait: { heard: 'start' as const } },
    { interrupt: { after: 1800, text: 'wait please stop' } },
    { wait: { heard: 'end' as const } },
    { say: { clip: 'cards-005.wav' } },
    { wait: { heard: 'end' as const } },
    { say: { text: 'thank you goodbye' } },
  ],
  ends: 'peer' as const,
}

let house: TalkHouse
let model: TellingModel
let talk: Talk
let file: Uint8Array
let engine: StereoWav
let phone: StereoWav
/** Instant `ns` of the phone on its own recording. */
let onPhone: (ns: number) => number

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  const url = model.open('hours', (text) => {
    if (/goodbye/.test(text)) return { say: 'Goodbye.', end: true }
    if (/hours/.test(text))
      return 'We open on Monday at nine and on Tuesday at ten and on all other days of the week at eleven.'
    return 'I see. What else can I do for you?'
  })
  talk = await house.talk('caller', url, {
    Variables: [
      {
        Key: 'parley-asr-hints',
        Value:
          'please tell me the opening hours\nwait please stop\neight of spades four of clubs seven of hearts\nthank you goodbye',
      },
    ],
  })
  file = new Uint8Array(await (await fetch(recordingUrl())).arrayBuffer())
  engine = readStereoWav(file)
  phone = readStereoWav(readFileSync(talk.report.wavPath ?? ''))
  onPhone = (ns) => (ns - (talk.report.mediaStartedAtNs ?? 0)) / 1e6
  const [firstWords = { fromMs: 0, toMs: 0 }] = spokenSpans()
  const expectedMs = -onPhone(talk.report.answeredAtNs ?? 0)
  startMs = -locate(phone.left, engine.left, { ...firstWords, expectedMs, withinMs: 500 }).offsetMs
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const recordingUrl = () => talk.cdr.RecordURL ?? ''
/** Where the recording begins on the phone's: with the media, on a busy machine a little after the answer. */
let startMs: number

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const spokenSpans = () =>
  talk.report.spoken.map((step) => ({
    fromMs: onPhone(step.firstPacketSentNs),
    toMs: onPhone(step.lastSpeechPacketSentNs) + 20,
  }))
const heardSpans = () =>
  talk.report.heard.map(({ startNs, endNs }) => ({ fromMs: onPhone(startNs), toMs: onPhone(endNs) }))
/** Those during which the other side is silent. */
const spansApart = (spans: readonly Span[], others: readonly Span[]) =>
  spans.filter(({ fromMs, toMs }) => others.every((other) => other.fromMs >= toMs + 50 || other.toMs <= fromMs - 50))

test('the call went as scripted', () => {
  expect(talk.report.problems).toEqual([])
  expect(talk.report.spoken).toHaveLength(4)
  expect(talk.cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
})

test('all the caller said is on the left and all that was heard on the right, in the same place', () => {
  const nearby = { expectedMs: -startMs, withinMs: 60 }
  const left = spokenSpans().map((span) => locate(phone.left, engine.left, { ...span, ...nearby }))
  const right = heardSpans().map((span) => locate(phone.right, engine.right, { ...span, ...nearby }))
  const matches = [...left, ...right]
  for (const { likeness } of matches) expect(likeness).toBeGreaterThan(0.95)
  const offsets = matches.map(({ offsetMs }) => offsetMs)
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(20)
})

test('each side is alone on its channel', () => {
  const heardAlone = spansApart(heardSpans(), spokenSpans())
  const spokenAlone = spansApart(spokenSpans(), heardSpans())
  expect(heardAlone).not.toEqual([])
  expect(spokenAlone).not.toEqual([])
  for (const { fromMs, toMs } of heardAlone) {
    expect(levelDb(engine.left, fromMs - startMs, toMs - startMs)).toBeLessThan(-60)
  }
  for (const { fromMs, toMs } of spokenAlone) {
    expect(levelDb(engine.right, fromMs - startMs, toMs - startMs)).toBe(-120)
  }
})

test('it lasts from the answer to the end', () => {
  const { answeredAtNs = 0, endedAtNs } = talk.report
  const lateMs = startMs - onPhone(answeredAtNs)
  expect(lateMs).toBeLessThan(400)
  expect(Math.abs(engine.durationMs + lateMs - (endedAtNs - answeredAtNs) / 1e6)).toBeLessThan(100)
})

test('parts of it are served, and what is not there is refused', async () => {
  const url = recordingUrl()
  const part = await fetch(url, { headers: { range: 'bytes=100-299' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes 100-299/${file.length}`)
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(file.subarray(100, 300))
  const beyond = await fetch(url, { headers: { range: `bytes=${file.length}-` } })
  expect(beyond.status).toBe(416)
  expect(beyond.headers.get('content-range')).toBe(`bytes */${file.length}`)
})

test('an address that was changed opens nothing', async () => {
  const url = new URL(recordingUrl())
  const tampered = [...url.searchParams.keys()].map((name) => {
    const copy = new URL(url)
    const value = copy.searchParams.get(name) ?? ''
    copy.searchParams.set(name, value.endsWith('1') ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`)
    return copy
  })
  const otherCall = new URL(url)
  otherCall.pathname = otherCall.pathname.replace(talk.sessionId, crypto.randomUUID())
  expect(tampered.length).toBeGreaterThan(0)
  for (const address of [...tampered, otherCall]) expect((await fetch(address)).status).toBe(403)
})
