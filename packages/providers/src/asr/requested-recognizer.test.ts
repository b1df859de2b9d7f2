import { silentLogger } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { requestedRecognizer } from './requested-recognizer.ts'

const find = (custom: Readonly<Record<string, unknown>> | undefined, allowPrivate = true) =>
  requestedRecognizer(
    { languages: ['en'], hints: [], ...(custom && { custom }) },
    { clock: new VirtualClock(), logger: silentLogger, allowPrivate },
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
  expect(find(custom, true)).toBe('deepgram')
  expect(find(custom, false)).toBe(undefined)
})
