import { expect, test } from 'vitest'
import { rawSpeech } from './raw-speech.ts'

const failed = expect.objectContaining({ code: 'TTS_FAILED' })

test.each(['audio/pcm', 'audio/x-wav', 'audio/basic', 'Audio/MPEG', 'application/octet-stream', ''])(
  'content type "%s" may be raw audio, cut anywhere',
  (type) => {
    const reader = rawSpeech(type)
    const bytes = Buffer.from(Int16Array.of(1, -2, 300).buffer)
    expect([...bytes].flatMap((byte) => [...reader.push(Uint8Array.of(byte))])).toEqual([1, -2, 300])
  },
)

test.each(['text/html', 'text/plain; charset=utf-8', 'application/xml'])('content type "%s" is refused', (type) => {
  expect(() => rawSpeech(type)).toThrowError(failed)
})

test.each(['ID3\u0004', 'RIFF', 'OggS', 'fLaC'])('a file that begins with %o is not played as noise', (begin) => {
  const file = Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.alloc(100, 0x55)])
  expect(() => rawSpeech('audio/pcm').push(file)).toThrowError(failed)
})

test('the same bytes later are sound', () => {
  const reader = rawSpeech('audio/pcm')
  reader.push(Buffer.alloc(4))
  expect(reader.push(Buffer.from('RIFF')).length).toBe(2)
})
