import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toneHz } from './speech-server.ts'
import { readStereoWav } from './stereo-wav.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { toneMs } from './tone.ts'
import { startVendorSpeechServer, type Vendor } from './vendor-speech-server.ts'

const caller = {
  answer: { after: 200 },
  steps: [{ wait: { heard: 'end' as const } }, { say: { text: 'thank you goodbye' } }],
  ends: 'peer' as const,
}
const greeting = 'Hello, how can I help you?'
const key = 'key-of-my-vendor'

const configs: readonly (readonly [Vendor, Readonly<Record<string, unknown>>])[] = [
  [
    'minimax',
    { TTSType: 'minimax', APIKey: key, GroupId: '1810', Model: 'speech-01-turbo', VoiceType: 'v', Speed: 1.2 },
  ],
  ['azure', { TTSType: 'azure', SubscriptionKey: key, Region: 'westus', VoiceName: 'v', Language: 'en-US' }],
  ['elevenlabs', { TTSType: 'elevenlabs', APIKey: key, Model: 'eleven_turbo_v2_5', VoiceId: 'v' }],
  ['cartesia', { TTSType: 'cartesia', APIKey: key, Model: 'sonic-3', VoiceId: 'v' }],
  ['refusing', { TTSType: 'minimax', APIKey: key }],
  ['tencent', { TTSType: 'tencent', AppId: '1250000000', SecretId: 'i', SecretKey: key, VoiceType: 101_001 }],
  ['volcengine', { TTSType: 'volcengine', AppId: '1', Token: key, Speed: 1.2 }],
  ['voiceless', { TTSType: 'volcengine', AppId: '1', Token: key, VoiceType: 'none' }],
]
const schemeOf = (config: (typeof configs)[number][1]) => ('AppId' in config ? 'ws' : 'http')

let house: TalkHouse
let model: TellingModel
let vendors: Awaited<ReturnType<typeof startVendorSpeechServer>>
const talks = new Map<Vendor, Talk>()

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  vendors = await startVendorSpeechServer()
  const url = model.open('short', () => ({ say: 'Goodbye.', end: true }))
  const left = [...configs]
  // A few at a time: each call costs the recogniser of a small machine a good part of it.
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [vendor, config] = next
      const custom = JSON.stringify({ ...config, APIUrl: `${schemeOf(config)}://${vendors.address(vendor)}` })
      talks.set(vendor, await house.talk('caller', url, { CustomTTSConfig: custom }))
    }
  }
  await Promise.all([work(), work()])
}, 180_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  await vendors?.[Symbol.asyncDispose]()
})

function talkOf(vendor: Vendor): Talk {
  const talk = talks.get(vendor)
  if (!talk) throw new Error(`no talk ${vendor}`)
  return talk
}
const toneOf = (vendor: Vendor) =>
  toneMs(readStereoWav(readFileSync(talkOf(vendor).report.wavPath ?? '')).right, toneHz)

/** Lines of the log in which the built-in voice takes over. */
const failuresOf = (vendor: Vendor) =>
  house.engine
    .log()
    .split('\n')
    .filter((line) => line.includes("the call's own voice failed") && line.includes(talkOf(vendor).sessionId))

describe("a vendor's voice of the call", () => {
  test.each(['minimax', 'azure', 'elevenlabs', 'cartesia', 'tencent', 'volcengine'] as const)(
    'of %s says the greeting and the replies',
    (vendor) => {
      expect(talkOf(vendor).cdr).toMatchObject({
        EndStatusString: 'ok',
        SysHangupReasonString: 'functionCallHangup',
      })
      // All of it is 3.4 s; blocks with a packet that came late do not count. The built-in voice has no such block.
      expect(toneOf(vendor)).toBeGreaterThan(1_500)
      expect(failuresOf(vendor)).toEqual([])
      const said = vendors.requests(vendor).map(({ text }) => text)
      for (const text of [greeting, 'Goodbye.']) expect(said.filter((one) => one === text)).toHaveLength(1)
    },
  )

  test.each([
    ['refusing', 'status 200 code 1004'],
    ['voiceless', 'code 3050'],
  ] as const)('that fails (%s) leaves no silence: the built-in one says it, and the log the code', (vendor, code) => {
    expect(vendors.requests(vendor).length).toBeGreaterThan(0)
    const { cdr, report } = talkOf(vendor)
    expect(cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
    expect(report.heard.length).toBeGreaterThanOrEqual(2)
    expect(toneOf(vendor)).toBe(0)
    expect(failuresOf(vendor)[0]).toContain(code)
  })

  test('has its key in no log, and the ids of the call go to no vendor', () => {
    expect(house.engine.log()).not.toContain(key)
    for (const [vendor] of configs) {
      for (const { headers } of vendors.requests(vendor)) expect(headers).not.toHaveProperty('x-task-id')
    }
  })
})
