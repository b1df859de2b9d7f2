import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { levelDb, readStereoWav, type StereoWav } from './stereo-wav.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

const caller = {
  answer: { after: 200 },
  steps: [{ pause: '4500ms' }, { say: { text: 'thank you goodbye' } }],
  ends: 'peer' as const,
}

interface Heard {
  readonly talk: Talk
  readonly phone: StereoWav
  readonly recording: StereoWav
}

let house: TalkHouse
let model: TellingModel
let loud: Heard
let quiet: Heard
let none: Heard

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  const url = model.open('short', () => ({ say: 'Goodbye.', end: true }))
  const hear = async (more: { AmbientSoundType?: string; AmbientSoundVolume?: number }): Promise<Heard> => {
    const talk = await house.talk('caller', url, { WelcomeMessage: 'Hello.', ...more })
    const file = new Uint8Array(await (await fetch(talk.cdr.RecordURL ?? '')).arrayBuffer())
    return { talk, phone: readStereoWav(readFileSync(talk.report.wavPath ?? '')), recording: readStereoWav(file) }
  }
  ;[loud, quiet, none] = await Promise.all([
    hear({ AmbientSoundType: 'busy_office', AmbientSoundVolume: 2 }),
    hear({ AmbientSoundType: 'coffee_shops' }),
    hear({}),
  ])
}, 120_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

/** After the greeting, before the caller speaks. */
const pauseDb = ({ phone, recording }: Heard) => ({
  phone: levelDb(phone.right, 2_500, 4_000),
  recording: levelDb(recording.right, 2_500, 4_000),
})

test('a place is heard in the pauses, as loud as was asked, on the line and in the recording', () => {
  for (const levelOf of ['phone', 'recording'] as const) {
    expect(Math.abs(pauseDb(quiet)[levelOf] + 42)).toBeLessThan(3)
    expect(Math.abs(pauseDb(loud)[levelOf] + 36)).toBeLessThan(3)
    expect(pauseDb(none)[levelOf]).toBeLessThan(-60)
  }
})

test('it is on the side of the assistant alone', () => {
  expect(levelDb(quiet.recording.left, 2_500, 4_000)).toBeLessThan(-60)
})

test('the talk goes its way: the caller is understood, and nothing else is taken for words', () => {
  for (const { talk } of [loud, quiet, none]) {
    expect(talk.cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
  }
  for (const { messages } of model.requests('short')) expect(messages.at(-1)?.content).toMatch(/thank|goodbye/)
})
