import { expect, test } from 'vitest'
import { createMp3Encoder } from 'wasm-media-encoders'
import { g711 } from '../codec/g711.ts'
import { decodeSound } from './decode-sound.ts'
import { resample } from './resample.ts'

const toneHz = 440

interface Layout {
  readonly code: number
  readonly bits: number
  readonly channels: number
  readonly rateHz: number
}

/** Half a second of a sine at half scale, alike on every channel. */
function wav({ code, bits, channels, rateHz }: Layout): Uint8Array {
  const count = rateHz / 2
  const bytes = Buffer.alloc(44 + (count * channels * bits) / 8)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(code, 20)
  bytes.writeUInt16LE(channels, 22)
  bytes.writeUInt32LE(rateHz, 24)
  bytes.writeUInt32LE((rateHz * channels * bits) / 8, 28)
  bytes.writeUInt16LE((channels * bits) / 8, 32)
  bytes.writeUInt16LE(bits, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(bytes.length - 44, 40)
  for (let i = 0; i < count * channels; i += 1) {
    const value = sineAt(Math.floor(i / channels), rateHz)
    const at = 44 + (i * bits) / 8
    const whole = Math.round(value * 32_767)
    if (code === 3) bytes.writeFloatLE(value, at)
    else if (code === 6) bytes[at] = g711.PCMA.encode[whole & 0xffff] as number
    else if (code === 7) bytes[at] = g711.PCMU.encode[whole & 0xffff] as number
    else if (bits === 8) bytes[at] = 128 + Math.round(value * 127)
    else bytes.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bits / 8)
  }
  return bytes
}

const sineAt = (i: number, rateHz: number) => 0.5 * Math.sin((2 * Math.PI * toneHz * i) / rateHz)

/** How much of the sound is the sine, in dB over the rest; edges are left out. */
function purityDb(samples: Int16Array): number {
  const inner = samples.subarray(400, samples.length - 400)
  let [sin, cos] = [0, 0]
  const phase = (i: number) => (2 * Math.PI * toneHz * i) / 8_000
  inner.forEach((value, i) => {
    sin += (2 * value * Math.sin(phase(i))) / inner.length
    cos += (2 * value * Math.cos(phase(i))) / inner.length
  })
  let rest = 0
  inner.forEach((value, i) => {
    rest += (value - sin * Math.sin(phase(i)) - cos * Math.cos(phase(i))) ** 2 / inner.length
  })
  expect(Math.hypot(sin, cos)).toBeGreaterThan(15_000)
  expect(Math.hypot(sin, cos)).toBeLessThan(17_500)
  return 10 * Math.log10((sin ** 2 + cos ** 2) / 2 / Math.max(rest, 1e-9))
}

test.each<[Layout, number]>([
  [{ code: 1, bits: 16, channels: 1, rateHz: 8_000 }, 70],
  [{ code: 1, bits: 16, channels: 2, rateHz: 44_100 }, 50],
  [{ code: 1, bits: 24, channels: 1, rateHz: 48_000 }, 50],
  [{ code: 1, bits: 8, channels: 1, rateHz: 16_000 }, 30],
  [{ code: 3, bits: 32, channels: 2, rateHz: 22_050 }, 50],
  [{ code: 6, bits: 8, channels: 1, rateHz: 8_000 }, 30],
  [{ code: 7, bits: 8, channels: 1, rateHz: 8_000 }, 30],
])('a WAV file of %o becomes 8 kHz mono', async (layout, leastDb) => {
  const samples = await decodeSound(wav(layout))
  expect(Math.abs(samples.length - 4_000)).toBeLessThanOrEqual(1)
  expect(purityDb(samples)).toBeGreaterThan(leastDb)
})

test('an MP3 file becomes 8 kHz mono', async () => {
  const encoder = await createMp3Encoder()
  encoder.configure({ channels: 1, sampleRate: 44_100, bitrate: 128 })
  const tone = Float32Array.from({ length: 44_100 }, (_, i) => sineAt(i, 44_100))
  const file = Buffer.concat([encoder.encode([tone]).slice(), encoder.finalize().slice()])
  const samples = await decodeSound(file)
  expect(samples.length).toBeGreaterThan(7_900)
  expect(samples.length).toBeLessThan(8_800)
  expect(purityDb(samples.subarray(1_000, 7_500))).toBeGreaterThan(40)
})

test('samples without a file around them are taken at the rate that is told', async () => {
  const raw = wav({ code: 1, bits: 16, channels: 1, rateHz: 16_000 }).subarray(44)
  expect(purityDb(await decodeSound(raw, 16_000))).toBeGreaterThan(50)
})

test('what would be heard as another tone at 8 kHz is taken out', () => {
  const high = Float32Array.from({ length: 48_000 }, (_, i) => Math.sin((2 * Math.PI * 6_000 * i) / 48_000))
  const left = resample(high, 48_000, 8_000).subarray(200, 7_800)
  expect(Math.max(...left.map(Math.abs))).toBeLessThan(0.003)
})

test.each([
  ['text', Buffer.from('this is no sound at all, but a text that is long enough to be looked at')],
  ['nothing', new Uint8Array()],
  ['a WAV file of another kind', wav({ code: 2, bits: 16, channels: 1, rateHz: 8_000 })],
  ['a WAV file without samples', wav({ code: 1, bits: 16, channels: 1, rateHz: 8_000 }).subarray(0, 44)],
])('%s cannot be played', async (_, bytes) => {
  await expect(decodeSound(bytes)).rejects.toThrow(/^it is neither a WAV nor an MP3 file$/)
})

test('a sound that is longer than the playout holds is refused', async () => {
  const samples = new Uint8Array(10 * 60 * 8_000 * 2)
  await expect(decodeSound(samples, 8_000)).rejects.toThrow('longer than 9 minutes')
})
