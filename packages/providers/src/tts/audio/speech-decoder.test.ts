import { expect, test } from 'vitest'
import { SpeechDecoder } from './speech-decoder.ts'

const requested = { sampleRateHz: 8_000, channels: 1 }

/** A WAV file with an extra chunk before the data and the sizes a streaming writer leaves. */
function wav(rateHz: number, channels: number, samples: readonly number[], dataBytes = 0xffff_ffff): Buffer {
  const head = Buffer.alloc(12 + 24 + 10 + 8)
  head.write('RIFF', 0)
  head.writeUInt32LE(0xffff_ffff, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rateHz, 24)
  head.writeUInt16LE(16, 34)
  head.write('note', 36)
  head.writeUInt32LE(1, 40)
  head.write('data', 46)
  head.writeUInt32LE(dataBytes, 50)
  return Buffer.concat([head, Buffer.from(Int16Array.from(samples).buffer)])
}

test('a WAV stream read byte by byte gives its samples without the header', () => {
  const decoder = new SpeechDecoder('audio/wav', requested)
  const samples = [...wav(8_000, 1, [5, -6, 7])].flatMap((byte) => [...decoder.push(Uint8Array.of(byte))])
  expect(samples).toEqual([5, -6, 7])
})

test('two channels are mixed into one', () => {
  const decoder = new SpeechDecoder('audio/wav', requested)
  expect([...decoder.push(wav(8_000, 2, [10, 20, -4, -8]))]).toEqual([15, -6])
})

test('a size that is known ends the audio before trailing chunks', () => {
  const decoder = new SpeechDecoder('audio/x-wav', requested)
  expect([...decoder.push(wav(8_000, 1, [1, 2, 999], 4))]).toEqual([1, 2])
})

test('the rate named by the answer wins over the one asked for', () => {
  const decoder = new SpeechDecoder('audio/L16; rate=16000', requested)
  const samples = decoder.push(new Uint8Array(2 * 16_000))
  expect(Math.abs(samples.length - 8_000)).toBeLessThanOrEqual(1)
})

test('the given downsampler is used', () => {
  const rates: number[] = []
  const decoder = new SpeechDecoder('audio/L16; rate=22050', requested, (fromHz) => {
    rates.push(fromHz)
    return { push: () => Int16Array.of(42) }
  })
  expect([...decoder.push(Uint8Array.of(0, 0))]).toEqual([42])
  expect(rates).toEqual([22_050])
})

test.each(['text/html', '', 'audio/ogg'])('content type "%s" is refused', (type) => {
  expect(() => new SpeechDecoder(type, requested)).toThrowError(expect.objectContaining({ code: 'TTS_FAILED' }))
})

test('bytes that are no WAV are refused', () => {
  expect(() => new SpeechDecoder('audio/wav', requested).push(Buffer.from('<html>not audio</html>'))).toThrowError(
    expect.objectContaining({ code: 'TTS_FAILED' }),
  )
})
