import { expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr, until } from './placed-call.ts'
import { levelDb, readStereoWav } from './stereo-wav.ts'
import { startTestHouse } from './test-house.ts'

/** Listens. */
const quiet = 'answer: { after: 100ms }\nends: peer\nendsTimeout: 60s'

test('a pause of the recording is silence in the file, and what was said then is in no transcript; numbers are masked', {
  timeout: 120_000,
}, async () => {
  const { sdkAppId, secretId, secretKey } = testApplication
  await using house = await startTestHouse(
    { '0001': quiet },
    { config: () => ({ privacy: { digits: true, patterns: ['password is \\w+'] } }) },
  )
  const v1 = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${house.engine.httpPort}/v1/calls/${path}`, {
      ...init,
      headers: { authorization: `Basic ${btoa(`${secretId}:${secretKey}`)}`, 'content-type': 'application/json' },
    })
  const control = (action: string) =>
    v1(`${session}/recording`, { method: 'POST', body: JSON.stringify({ action }) }).then(({ status }) => status)
  const session = await house.call('0001', {
    WelcomeMessage: 'Your number is 123456 and the password is swordfish.',
    NotifyDuration: 60,
  })
  const events = async () => (await (await v1(`${session}/transcript`)).json()) as { lines: { text: string }[] }
  await until('the greeting in the transcript', 30_000, async () =>
    (await events()).lines.length > 0 ? true : undefined,
  )
  expect(await control('pause')).toBe(204)
  await house.client.ControlAIConversation({
    SdkAppId: sdkAppId,
    SessionId: session,
    Command: 'ServerPushText',
    ServerPushText: { Text: 'This must not be on the record.', Interrupt: true },
  })
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  expect(await control('resume')).toBe(204)
  await house.client.HangUpCall({ SdkAppId: sdkAppId, SessionId: session }).catch(() => undefined)
  const cdr = await finishedCdr(house.client, session, 30_000)
  const { lines } = await events()
  expect(lines.map(({ text }) => text)).toEqual(['Your number is ****** and the ***.'])
  expect(await control('pause')).toBe(409)
  const audio = readStereoWav(new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer()))
  const loud: number[] = []
  for (let ms = 0; ms + 100 <= audio.durationMs; ms += 100) {
    if (levelDb(audio.right, ms, ms + 100) > -60) loud.push(ms)
  }
  const gaps = loud.map((ms, index) => (loud[index + 1] ?? audio.durationMs) - ms)
  // The file is as long as the call, and nothing of the pause is in it.
  expect(Math.max(...gaps)).toBeGreaterThan(3_000)
  expect(Math.abs(audio.durationMs - ((cdr.EndedTimestamp ?? 0) - (cdr.AcceptTimestamp ?? 0)) * 1_000)).toBeLessThan(
    2_000,
  )
})
