import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr, sessionStatus, until } from './placed-call.ts'
import { readStereoWav } from './stereo-wav.ts'
import { startTestHouse } from './test-house.ts'
import { toneFile } from './tone-file.ts'

const { sdkAppId } = testApplication

/** Milliseconds in which this tone is most of what is heard. */
function toneMs(samples: Int16Array, hz: number): number {
  let ms = 0
  for (let at = 0; at + 160 <= samples.length; at += 160) {
    let [sin, cos, power] = [0, 0, 0]
    for (let i = 0; i < 160; i += 1) {
      const value = samples[at + i] as number
      sin += value * Math.sin((2 * Math.PI * hz * i) / 8_000)
      cos += value * Math.cos((2 * Math.PI * hz * i) / 8_000)
      power += value * value
    }
    if (power > 160 * 1_000 ** 2 && (sin ** 2 + cos ** 2) / 80 > 0.8 * power) ms += 20
  }
  return ms
}

test('uploaded files and pushed audio are played into a call, where the assistant is silent meanwhile', {
  timeout: 120_000,
}, async () => {
  const files = createServer((_request, response) => void response.end(toneFile(500)))
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void files.close())
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  await using house = await startTestHouse({ '0001': 'answer: { after: 100ms }\nends: peer\nendsTimeout: 60s' })
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
  await until('the answer', 20_000, async () =>
    (await sessionStatus(house.client, session)) === 'inProgress' ? true : undefined,
  )
  await house.client.PlaySoundCall({ SdkAppId: sdkAppId, SessionId: session, FileId: file?.FileId ?? 0, PlayTimes: 2 })
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  await house.client.ControlAIConversation({
    SdkAppId: sdkAppId,
    SessionId: session,
    Command: 'ServerPushText',
    ServerPushText: { Audio: toneFile(1_000).toString('base64'), StopAfterPlay: true, Interrupt: true },
  })
  const cdr = await finishedCdr(house.client, session, 30_000)
  expect(cdr.HungUpSide).toBe('system')
  const audio = readStereoWav(new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer()))
  expect(Math.abs(toneMs(audio.right, 500) - 2_000)).toBeLessThanOrEqual(60)
  expect(Math.abs(toneMs(audio.right, 1_000) - 1_000)).toBeLessThanOrEqual(60)
  expect(
    await house.client
      .PlaySoundCall({ SdkAppId: sdkAppId, SessionId: session, FileId: file?.FileId ?? 0 })
      .catch((error: { code: string }) => error.code),
  ).toBe('FailedOperation.SessionNotInControlState')
})
