import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSpeechServer, toneHz } from './speech-server.ts'
import { readStereoWav } from './stereo-wav.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { blocksOf, toneMs } from './tone.ts'

const caller = {
  answer: { after: 200 },
  steps: [{ wait: { heard: 'end' as const } }, { say: { text: 'thank you goodbye' } }],
  ends: 'peer' as const,
}
const greeting = 'Hello, how can I help you?'
const apiKey = 'key-of-my-voice'

let house: TalkHouse
let model: TellingModel
let voices: Awaited<ReturnType<typeof startSpeechServer>>
const talks = new Map<string, Talk>()

const behaviours = {
  '/wav': { kind: 'tone', rateHz: 16_000, as: 'wav' },
  '/other-rate': { kind: 'tone', rateHz: 24_000, as: 'wav' },
  '/error': { kind: 'error' },
  '/hang': { kind: 'hang' },
  '/garbage': { kind: 'garbage' },
  '/empty': { kind: 'empty' },
  '/odd-rate': { kind: 'tone', rateHz: 22_050, as: 'wav' },
} as const

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  voices = await startSpeechServer(behaviours)
  const url = model.open('short', () => ({ say: 'Goodbye.', end: true }))
  const paths = Object.keys(behaviours)
  // A few at a time: each call costs the recogniser of a small machine a good part of it.
  const work = async () => {
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      const config = { TTSType: 'Custom', APIKey: apiKey, APIUrl: voices.url(path) }
      talks.set(path, await house.talk('caller', url, { CustomTTSConfig: JSON.stringify(config) }))
    }
  }
  await Promise.all([work(), work(), work()])
}, 180_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  await voices?.[Symbol.asyncDispose]()
})

function talkOf(path: string): Talk {
  const talk = talks.get(path)
  if (!talk) throw new Error(`no talk ${path}`)
  return talk
}
const heardOf = (path: string) => readStereoWav(readFileSync(talkOf(path).report.wavPath ?? '')).right

describe('a voice of the call', () => {
  test('says the greeting and the replies', () => {
    expect(talkOf('/wav').cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
    expect(toneMs(heardOf('/wav'), toneHz)).toBeGreaterThan(2_000)
    // Edges, and blocks with a packet that came late. The built-in voice would be sixty.
    expect(blocksOf(heardOf('/wav'), toneHz).filter((kind) => kind === 'sound').length).toBeLessThan(20)
    const said = voices.requests('/wav').map(({ text }) => text)
    for (const text of [greeting, 'Goodbye.']) expect(said.filter((one) => one === text)).toHaveLength(1)
  })

  test('is asked in the documented way', () => {
    const request = voices.requests('/wav').find(({ text }) => text === greeting)
    expect(request?.body).toEqual({ Text: greeting, Format: 'wav', SampleRate: 16_000, Channel: 1 })
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json;charset=UTF-8',
      'x-task-id': talkOf('/wav').sessionId,
      'x-request-id': expect.any(String),
    })
  })

  test('may answer at another rate than it was asked for: the sound is the same', () => {
    expect(toneMs(heardOf('/other-rate'), toneHz)).toBeGreaterThan(2_000)
  })

  test.each(['/error', '/hang', '/garbage', '/empty', '/odd-rate'] as const)(
    'that fails (%s) leaves no silence: the built-in one says it',
    (path) => {
      const { cdr, report } = talkOf(path)
      expect(voices.requests(path).length).toBeGreaterThan(0)
      expect(cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
      expect(report.heard.length).toBeGreaterThanOrEqual(2)
      expect(toneMs(heardOf(path), toneHz)).toBe(0)
    },
  )

  test('has its key in no log', () => {
    expect(house.engine.log()).toContain("the call's own voice failed")
    expect(house.engine.log()).not.toContain(apiKey)
  })
})
