import { expect } from 'vitest'
import { testApplication, testAuthorization } from '../engine-process.ts'
import { finishedCdr, readCdr, until } from '../placed-call.ts'
import { readStereoWav } from '../stereo-wav.ts'
import type { InteropHouse } from './interop-house.ts'
import { noNamespacesBecause } from './network-pair.ts'
import { frequencies, loudestDb, type Sound } from './sound.ts'

const reason = noNamespacesBecause()
if (reason !== undefined) {
  if (process.env.CI) throw new Error(`interoperability tests need network namespaces: ${reason}`)
  console.warn(`\n*** INTEROPERABILITY TESTS ARE SKIPPED: ${reason} ***\n`)
}
/** In CI a machine without namespaces fails the tests instead of skipping them. */
export const canInterop: boolean = reason === undefined

/** A lone sine has nearly all the power of its stretch. */
const loneShare = 0.8

/** The tone is there for at least `seconds`, and its frequency is right to 5 Hz. */
export function expectTone(sound: Sound, hz: number, seconds: number): void {
  const pure = frequencies(sound).filter(({ share }) => share > loneShare)
  expect(pure.length * 0.4, `seconds of a pure tone`).toBeGreaterThanOrEqual(seconds)
  for (const stretch of pure) expect(Math.abs(stretch.hz - hz), `${stretch.hz} Hz for ${hz} Hz`).toBeLessThanOrEqual(5)
}

/** Somebody speaks in it: loud, and no lone sine. */
function expectSpeech(sound: Sound): void {
  expect(loudestDb(sound)).toBeGreaterThan(-30)
  expect(frequencies(sound).filter(({ share }) => share < loneShare).length).toBeGreaterThanOrEqual(3)
}

/** Waits until a telephone has recorded this much. */
export async function heardFor(phone: { heard(): Sound }, seconds: number): Promise<void> {
  await until(`${seconds} s of recording`, seconds * 1000 + 5_000, async () => {
    const { samples, sampleRateHz } = phone.heard()
    return samples.length / sampleRateHz >= seconds ? true : undefined
  })
}

interface Telephone {
  press(key: string): void
  wrote(pattern: RegExp, deadlineMs?: number): Promise<unknown>
  heard(): Sound
}

/** A key goes each way: the engine journals the telephone's, and the telephone tells the engine's by `told`. */
export async function exchangeKeys(
  house: InteropHouse,
  session: string,
  phone: Telephone,
  told: RegExp,
): Promise<void> {
  // What comes before each side knows the other's addresses and keys is lost.
  await heardFor(phone, 1)
  phone.press('4')
  await heardKeys(house, session, ['4'])
  phone.press('#')
  await heardKeys(house, session, ['4', '#'])
  const { status } = await fetch(
    `http://${house.network.engine.controlHost}:${house.engine.httpPort}/v1/calls/${session}/keys`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: testAuthorization },
      body: JSON.stringify({ keys: '7' }),
    },
  )
  expect(status).toBeLessThan(300)
  await phone.wrote(told, 5_000)
}

/** Waits until the engine has these keys of a call that goes on. */
async function heardKeys(house: InteropHouse, session: string, keys: readonly string[]): Promise<void> {
  const heard = async () => (await readCdr(house.client, session))?.IVRKeyPressed ?? []
  await until(`keys ${keys.join('')}`, 5_000, async () => ((await heard()).length >= keys.length ? true : undefined))
  expect(await heard()).toEqual(keys)
}

/** The call ended well; the engine heard the telephone's sine, and the telephone the assistant. */
export async function expectTalk(
  house: InteropHouse,
  session: string,
  phone: Telephone,
  toneHz: number,
  record: object = {},
): Promise<void> {
  const { cdr, caller } = await outcomeOf(house, session)
  expect(cdr).toMatchObject({ EndStatusString: 'ok', ...record })
  expectTone(caller, toneHz, 2)
  expectSpeech(phone.heard())
}

/** The record and the two sides of the recording, once the call is over. */
export async function outcomeOf(house: InteropHouse, session: string) {
  const cdr = await finishedCdr(house.client, session, 10_000)
  const file = new Uint8Array(await (await fetch(cdr.RecordURL ?? '')).arrayBuffer())
  const { left, right } = readStereoWav(file)
  const sampleRateHz = 8_000
  return { cdr, caller: { samples: left, sampleRateHz }, assistant: { samples: right, sampleRateHz } }
}

/** SessionId of the latest call that came from this number. */
export function incomingCall(house: InteropHouse, caller: string): Promise<string> {
  return until(`a call of ${caller}`, 10_000, async () => {
    const nowSeconds = Math.floor(Date.now() / 1000)
    const { TelCdrList } = await house.client.DescribeTelCdr({
      ...{ SdkAppId: testApplication.sdkAppId, StartTimeStamp: nowSeconds - 3_600, EndTimeStamp: nowSeconds + 60 },
      ...{ PageSize: 10, PageNumber: 0, Phones: [caller] },
    })
    return TelCdrList?.[0]?.SessionId
  })
}
