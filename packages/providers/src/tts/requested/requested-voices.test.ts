import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { SeededRandom, settle, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { guardedLookup } from '../../push/guarded-lookup.ts'
import { requestedVoices } from './requested-voices.ts'

function voicesOf(guarded?: LookupFunction) {
  const voices = requestedVoices({ clock: new VirtualClock(), random: new SeededRandom(1), guarded })
  onTestFinished(() => voices[Symbol.dispose]())
  return voices
}

/** What each type needs. */
const configs: readonly Readonly<Record<string, unknown>>[] = [
  { TTSType: 'Custom', APIKey: 'k', APIUrl: 'https://voice.example.com/' },
  { TTSType: 'MiniMax', APIKey: 'k' },
  { TTSType: 'azure', SubscriptionKey: 'k', Region: 'westus', VoiceName: 'v', Language: 'en-US' },
  { TTSType: 'elevenlabs', APIKey: 'k', Model: 'm', VoiceId: 'v' },
  { TTSType: 'cartesia', APIKey: 'k', Model: 'm', VoiceId: 'v' },
  { TTSType: 'tencent', AppId: '1', SecretId: 'i', SecretKey: 'k', VoiceType: 101_001 },
  { TTSType: 'volcengine', AppId: '1', Token: 'k' },
]

/** Of the address that a type takes. */
const schemeOf = ({ TTSType }: (typeof configs)[number]) =>
  TTSType === 'tencent' || TTSType === 'volcengine' ? 'ws' : 'http'

test.each(configs)('$TTSType is spoken by its adapter', (custom) => {
  expect(voicesOf().find({ custom })?.name).toBe(String(custom.TTSType).toLowerCase())
})

test.each([{ TTSType: 'flow', VoiceId: 'v', Model: 'flow_01_turbo' }, { TTSType: 'constructor' }, { TTSType: 7 }, {}])(
  'nobody speaks for %o',
  (custom) => {
    expect(voicesOf().find({ custom })).toBe(undefined)
  },
)

test.each(configs)('$TTSType is not spoken without what its service has to be told', (custom) => {
  for (const name of Object.keys(custom)) {
    const { [name]: _, ...rest } = custom
    expect(voicesOf().find({ custom: rest })).toBe(undefined)
  }
})

test.each(configs)('$TTSType is sent to an address inside only where that is allowed', (custom) => {
  const inside = { ...custom, APIUrl: `${schemeOf(custom)}://127.0.0.1:1/` }
  expect(voicesOf().find({ custom: inside })).toBeDefined()
  expect(voicesOf(guardedLookup()).find({ custom: inside })).toBe(undefined)
  const otherScheme = schemeOf(custom) === 'ws' ? 'http' : 'ws'
  for (const APIUrl of ['file:///etc/passwd', `${otherScheme}://voice.example.com/`]) {
    expect(voicesOf().find({ custom: { ...custom, APIUrl } })).toBe(undefined)
  }
})

/** Connects, ahead of a call, to a voice at a name that `lookup` finds. */
async function connections(custom: Readonly<Record<string, unknown>>, lookup: LookupFunction) {
  const server = createServer((_request, response) => response.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  let count = 0
  server.on('connection', () => {
    count += 1
  })
  const url = `${schemeOf(custom)}://voice.example.com:${(server.address() as AddressInfo).port}/`
  const voice = voicesOf(lookup).find({ custom: { ...custom, APIUrl: url } })
  await voice?.prewarm?.()
  await settle()
  return count
}

test.each(configs)('$TTSType: a public name that leads inside is not connected to', async (custom) => {
  const found: LookupFunction = (_name, { all }, done) =>
    all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  expect(
    await connections(
      custom,
      guardedLookup(async () => ['127.0.0.1']),
    ),
  ).toBe(0)
  expect(await connections(custom, found)).toBe(1)
})
