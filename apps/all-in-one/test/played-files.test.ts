import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { answered, finishedCdr, readCdr, until } from './placed-call.ts'
import { readStereoWav } from './stereo-wav.ts'
import { startTestHouse } from './test-house.ts'
import { toneFile, toneMs } from './tone.ts'

const { sdkAppId } = testApplication
const wideband = { sampleRateHz: 16_000, channels: 1 }

/** Tells by a key that it has heard the file to its end. */
const listener = `
answer: { after: 100ms }
steps:
  - wait: { heard: end }
  - dtmf: "5"
ends: peer
endsTimeout: 60s
`

/** The tone was played so many times, a second each: blocks in which one begins or ends are no tone. */
function expectTone(samples: Int16Array, hz: number, times: number): void {
  expect(toneMs(samples, hz)).toBeGreaterThanOrEqual(times * 900)
  expect(toneMs(samples, hz)).toBeLessThanOrEqual(times * 1_000)
}

test('uploaded files and pushed audio are played into a call, where the assistant is silent meanwhile', {
  timeout: 120_000,
}, async () => {
  const files = createServer((_request, response) => void response.end(toneFile(500, 1, wideband)))
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void files.close())
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  await using house = await startTestHouse({ '0001': listener })
  const uploaded = await house.client.UploadIvrAudio({
    SdkAppId: sdkAppId,
    AudioList: [{ CustomFileName: 'tone', AudioUrl: `${origin}/tone.wav` }],
  })
  expect(uploaded.FailedFileList).toEqual([])
  const [file] = uploaded.SuccessFileList ?? []
  expect(file).toMatchObject({ CustomFileName: 'tone', AudioFileName: 'tone.wav', Status: 1 })
  const session = await house.call('0001', {
    WelcomeMessage:
      'This greeting is so long that it would still be said while the file is played, were it not cut off.',
  })
  await answered(house.client, session)
  await house.client.PlaySoundCall({ SdkAppId: sdkAppId, SessionId: session, FileId: file?.FileId ?? 0, PlayTimes: 2 })
  await until('the end of the file', 20_000, async () =>
    (await readCdr(house.client, session))?.IVRKeyPressed?.length ? true : undefined,
  )
  await house.client.ControlAIConversation({
    SdkAppId: sdkAppId,
    SessionId: session,
    Command: 'ServerPushText',
    ServerPushText: { Audio: toneFile(1_000, 1, wideband).toString('base64'), StopAfterPlay: true, Interrupt: true },
  })
  const cdr = await finishedCdr(house.client, session, 30_000)
  expect(cdr.HungUpSide).toBe('system')
  const audio = readStereoWav(new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer()))
  expectTone(audio.right, 500, 2)
  expectTone(audio.right, 1_000, 1)
  await expect(
    house.client.PlaySoundCall({ SdkAppId: sdkAppId, SessionId: session, FileId: file?.FileId ?? 0 }),
  ).rejects.toMatchObject({ code: 'FailedOperation.SessionNotInControlState' })
})
