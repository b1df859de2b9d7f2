import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { readStereoWav, type StereoWav } from './stereo-wav.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { blocksOf, toneMs } from './tone.ts'

const caller = {
  answer: { after: 200 },
  steps: [{ pause: '4500ms' }, { say: { text: 'thank you goodbye' } }],
  ends: 'peer' as const,
}
const toneHz = 700

let house: TalkHouse
let model: TellingModel
let marked: Talk
let plain: Talk

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  const url = model.open('short', () => ({ say: 'Goodbye.', end: true }))
  ;[marked, plain] = await Promise.all([
    house.talk('caller', url, { EnableComplianceAudio: true, WelcomeMessage: 'Hello.' }),
    house.talk('caller', url, { EnableComplianceAudio: false, WelcomeMessage: 'Hello.' }),
  ])
}, 120_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const phoneOf = ({ report }: Talk) => readStereoWav(readFileSync(report.wavPath ?? ''))
const recordingOf = async ({ cdr }: Talk): Promise<StereoWav> =>
  readStereoWav(new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer()))

async function linesOf({ sessionId: SessionId }: Talk) {
  const { sdkAppId: SdkAppId } = testApplication
  return (await house.client.DescribeTelRecordAsr({ SdkAppId, SessionId })).AsrDataList ?? []
}

test('the caller hears the tone first, then the greeting; the recording has it too', async () => {
  for (const sound of [phoneOf(marked).right, (await recordingOf(marked)).right]) {
    const kinds = blocksOf(sound, toneHz)
    const firstTone = kinds.indexOf('tone')
    // Blocks of 50 ms that are nothing but tone: two of the dash at least, wherever they begin.
    expect(toneMs(sound, toneHz)).toBeGreaterThanOrEqual(100)
    // The dot and the first of the dash, where they begin or end within a block; a word would be twice as long.
    expect(kinds.slice(0, firstTone).filter((kind) => kind === 'sound').length).toBeLessThanOrEqual(3)
    expect(kinds.lastIndexOf('tone') - firstTone).toBeLessThanOrEqual(14)
    expect(kinds.slice(firstTone + 15, firstTone + 40)).toContain('sound')
  }
})

test('without it the greeting is first', () => {
  expect(toneMs(phoneOf(plain).right, toneHz)).toBe(0)
})

test("it is nobody's words, and the greeting is told as late as it was", async () => {
  const [withTone, without] = await Promise.all([linesOf(marked), linesOf(plain)])
  for (const lines of [withTone, without]) expect(lines.map(({ User }) => User)).toEqual(['bot', 'user', 'bot'])
  for (const { cdr } of [marked, plain]) expect(cdr.SysHangupReasonString).toBe('functionCallHangup')
  expect(Number(withTone[0]?.Start)).toBeGreaterThanOrEqual(780)
  expect(Number(without[0]?.Start)).toBeLessThan(600)
})
