import type { LookupFunction } from 'node:net'
import { silentLogger } from '@parley/core'
import { startLiveServer, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { guardedLookup } from '../push/guarded-lookup.ts'
import { requestedRecognizer } from './requested-recognizer.ts'

const clock = new VirtualClock()

const find = (custom: Readonly<Record<string, unknown>> | undefined, guarded?: LookupFunction) =>
  requestedRecognizer(
    { languages: ['en'], hints: [], ...(custom && { custom }) },
    { clock, logger: silentLogger, guarded },
  )?.name

test.each([
  [{ STTType: 'Deepgram', APIKey: 'k' }, 'deepgram'],
  [{ STTType: 'deepgram-flux', APIKey: 'k', APIUrl: 'wss://listen.example.com/v2' }, 'deepgram-flux'],
  [{ STTType: 'other', APIKey: 'k' }, undefined],
  [{ STTType: 'deepgram', APIKey: 'k', APIUrl: 'file:///etc/passwd' }, undefined],
  [undefined, undefined],
])('%o is %s', (custom, name) => {
  expect(find(custom)).toBe(name)
})

test('an address inside is used only where that is allowed', () => {
  const custom = { STTType: 'deepgram', APIKey: 'k', APIUrl: 'ws://127.0.0.1:1/' }
  expect(find(custom)).toBe('deepgram')
  expect(find(custom, guardedLookup())).toBe(undefined)
})

const spec = { languages: ['en'], hints: [] }

/** Connects, ahead of a call, to a recogniser that a request names and `lookup` finds. */
async function connect(lookup: LookupFunction) {
  const server = await startLiveServer()
  onTestFinished(() => server.stop())
  const url = new URL(server.url)
  url.hostname = 'asr.example.com'
  const custom = { STTType: 'deepgram', APIKey: 'k', APIUrl: url.href }
  const recognizer = requestedRecognizer({ ...spec, custom }, { clock, logger: silentLogger, guarded: lookup })
  await recognizer?.prewarm?.(spec)
  return server.peers.length
}

test('a public name that leads inside is not connected to', async () => {
  await expect(connect(guardedLookup(async () => ['127.0.0.1']))).rejects.toMatchObject({ code: 'ASR_UNAVAILABLE' })
  const found: LookupFunction = (_name, { all }, done) =>
    all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  expect(await connect(found)).toBe(1)
})
