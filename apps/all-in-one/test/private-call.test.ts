import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { testApplication, testAuthorization } from './engine-process.ts'
import { finishedCdr, readCdr, until } from './placed-call.ts'
import { levelDb, readStereoWav } from './stereo-wav.ts'
import { startTellingModel } from './telling-model.ts'
import { startTestHouse } from './test-house.ts'

const secret = 'This must not be on the record.'

/** Tells by a key that it has heard the greeting; then hears the secret, and answers it. */
const caller = `
answer: { after: 100ms }
steps:
  - wait: { heard: end }
  - dtmf: "5"
  - wait: { heard: end }
  - say: { text: "thank you goodbye" }
ends: peer
endsTimeout: 60s
`

/** Longest stretch in which nothing is heard, ms. */
function longestSilenceMs(samples: Int16Array): number {
  let longest = 0
  let silent = 0
  for (let ms = 0; ms + 100 <= samples.length / 8; ms += 100) {
    silent = levelDb(samples, ms, ms + 100) > -60 ? 0 : silent + 100
    longest = Math.max(longest, silent)
  }
  return longest
}

test('a pause of the recording is silence in the file, and what was said then is in no transcript; numbers are masked', {
  timeout: 120_000,
}, async () => {
  await using model = await startTellingModel()
  const resumed = Promise.withResolvers<void>()
  onTestFinished(() => resumed.resolve())
  const APIUrl = model.open('private', () => resumed.promise.then(() => ({ say: 'Goodbye.', end: true })))
  await using house = await startTestHouse(
    { '0001': caller },
    { config: () => ({ privacy: { digits: true, patterns: ['password is \\w+'] } }) },
  )
  const v1 = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${house.engine.httpPort}/v1/calls/${path}`, {
      ...init,
      headers: { authorization: testAuthorization, 'content-type': 'application/json' },
    })
  const control = (action: string) =>
    v1(`${session}/recording`, { method: 'POST', body: JSON.stringify({ action }) }).then(({ status }) => status)
  const session = await house.call('0001', {
    APIUrl,
    WelcomeMessage: 'Your number is 123456 and the password is swordfish.',
    NotifyMaxCount: 0,
    Variables: [{ Key: 'parley-asr-hints', Value: 'thank you goodbye' }],
  })
  const linesOf = async () =>
    ((await (await v1(`${session}/transcript`)).json()) as { lines: { text: string }[] }).lines.map(({ text }) => text)
  await until('the end of the greeting', 30_000, async () =>
    (await readCdr(house.client, session))?.IVRKeyPressed?.length ? true : undefined,
  )
  expect(await control('pause')).toBe(204)
  await house.client.ControlAIConversation({
    SdkAppId: testApplication.sdkAppId,
    SessionId: session,
    Command: 'ServerPushText',
    ServerPushText: { Text: secret, AddHistory: true, Interrupt: true },
  })
  // Asked once the caller has answered, it knows what nobody may read.
  const asked = await until('the question to the model', 30_000, async () => model.requests('private')[0])
  expect(asked.messages.map(({ content }) => content).join('\n')).toContain(secret)
  expect(await control('resume')).toBe(204)
  resumed.resolve()
  const cdr = await finishedCdr(house.client, session, 30_000)
  expect(await linesOf()).toEqual(['Your number is ****** and the ***.', 'Goodbye.'])
  expect(await control('pause')).toBe(409)

  // The file is as long as the call, and nothing of the pause is in it.
  const audio = readStereoWav(new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer()))
  const report = await house.seen[0]?.call.ended
  const phone = readStereoWav(readFileSync(report?.wavPath ?? ''))
  expect(report?.problems).toEqual([])
  expect(Math.abs(audio.durationMs - phone.durationMs)).toBeLessThan(1_000)
  expect(longestSilenceMs(audio.right)).toBeGreaterThan(longestSilenceMs(phone.right) + 1_000)
  expect(levelDb(audio.left, 0, audio.durationMs)).toBeLessThan(-60)
  expect(levelDb(phone.left, 0, phone.durationMs)).toBeGreaterThan(-40)
})
