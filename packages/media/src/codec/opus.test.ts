import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { telephoneClip } from '../../test/clips.ts'
import { bestSnr, powerDbAt, sine, throughCodec } from '../../test/codec-quality.ts'
import { maxPacketSamples } from './codec.ts'
import { newOpus, type OpusSettings } from './opus.ts'
import { opusPacketSamples } from './opus-packet.ts'

const usual: OpusSettings = { bitrateBps: 24_000, inbandFec: true, constantBitrate: false }
const clip = telephoneClip('asterisk8k-en-agent-alreadyon')

async function encodeAll(settings: OpusSettings, packetSamples = 160): Promise<Uint8Array[]> {
  const { encoder, close } = await newOpus(settings)
  const packets: Uint8Array[] = []
  for (let at = 0; at + packetSamples <= clip.length; at += packetSamples) {
    const bytes = new Uint8Array(1500)
    packets.push(bytes.slice(0, encoder.encode(clip.subarray(at, at + packetSamples), bytes, 0)))
  }
  close()
  return packets
}

test.each([80, 160, 320, 480])('human speech in packets of %i samples keeps its shape', async (packetSamples) => {
  const codec = await newOpus(usual)
  const { snrDb, delay } = bestSnr(clip, throughCodec(codec, clip, packetSamples))
  codec.close()
  expect(snrDb).toBeGreaterThan(8)
  expect(delay).toBeLessThanOrEqual(60)
})

test.each([440, 1000, 3000])('a tone of %i Hz keeps frequency and level', async (hz) => {
  const codec = await newOpus(usual)
  const out = throughCodec(codec, sine(hz, 8000, 8000)).subarray(1600)
  codec.close()
  expect(Math.abs(powerDbAt(out, hz, 8000) - 20 * Math.log10(8000))).toBeLessThan(1)
})

test('the bitrate is that asked for, and constant when asked for', async () => {
  const bytes = async (settings: OpusSettings) => {
    const packets = await encodeAll(settings)
    return packets.reduce((sum, packet) => sum + packet.length, 0) / packets.length
  }
  expect(await bytes(usual)).toBeLessThan((24_000 / 400) * 1.1)
  expect(await bytes({ ...usual, bitrateBps: 8000 })).toBeLessThan(25)
  const constant = await encodeAll({ ...usual, constantBitrate: true })
  expect(new Set(constant.map((packet) => packet.length)).size).toBe(1)
})

test('a lost packet is made up from the one after it, better than by silence', async () => {
  const packets = await encodeAll(usual)
  const run = async (isLost: (i: number) => boolean, recovers: boolean) => {
    const { decoder, close } = await newOpus(usual)
    const out = new Int16Array(clip.length)
    const into = new Int16Array(maxPacketSamples)
    packets.forEach((packet, i) => {
      if (isLost(i)) return
      if (recovers && i > 0 && isLost(i - 1)) {
        expect(decoder.recover?.(packet, packet.length, 160, into)).toBe(160)
        out.set(into.subarray(0, 160), (i - 1) * 160)
      }
      expect(decoder.decode(packet, packet.length, into)).toBe(160)
      out.set(into.subarray(0, 160), i * 160)
    })
    close()
    return out
  }
  const whole = await run(() => false, false)
  const isLost = (i: number) => i % 10 === 5
  const gained = bestSnr(whole, await run(isLost, true)).snrDb - bestSnr(whole, await run(isLost, false)).snrDb
  expect(gained).toBeGreaterThan(3)
})

test('bytes that are no packet are told as such and leave the decoder in order', async () => {
  const { decoder, close } = await newOpus(usual)
  const [first] = await encodeAll(usual)
  const random = new SeededRandom(5)
  const into = new Int16Array(maxPacketSamples)
  for (let round = 0; round < 3000; round += 1) {
    const payload = Uint8Array.from({ length: random.between(0, 120) }, () => random.between(0, 255))
    const told = decoder.samplesIn(payload, payload.length)
    expect(told).toBeLessThanOrEqual(maxPacketSamples)
    if (told < 0) continue
    const made = decoder.decode(payload, payload.length, into)
    expect([-1, told]).toContain(made)
  }
  expect(decoder.decode(first as Uint8Array, (first as Uint8Array).length, into)).toBe(160)
  close()
})

test.each([
  ['nothing', [], -1],
  ['10 ms of SILK', [0b00000_0_00], 80],
  ['60 ms of SILK', [0b00011_0_00], 480],
  ['two frames of 20 ms', [0b00001_0_01], 320],
  ['three frames of 2.5 ms', [0b10000_0_11, 3], 60],
  ['20 ms of both layers', [0b01101_0_00], 160],
  ['no frame', [0b00001_0_11, 0], -1],
  ['a count that is missing', [0b00001_0_11], -1],
  ['more than 120 ms', [0b00001_0_11, 7], -1],
])('%s is read from the first bytes', (_name, bytes, samples) => {
  expect(opusPacketSamples(Uint8Array.from(bytes), bytes.length)).toBe(samples)
})
