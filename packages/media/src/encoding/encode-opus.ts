import { Application, createEncoder, Signal } from 'libopus-wasm'
import { oggPage } from './ogg-page.ts'
import type { WavSource } from './wav-source.ts'

const sampleRateHz = 8_000
const frameSamples = 160
/** Granule positions count at this rate whatever the encoder works at. RFC 7845 section 4 */
const granulesPerSample = 48_000 / sampleRateHz
/** What the encoder looks ahead: 2.5 ms for its overlap and 4 ms of delay compensation, as libopus has it. */
const lookaheadSamples = 52
/** Both sides of telephone speech. Taste. */
const bitrateBps = { 1: 16_000, 2: 28_000 } as const
/** One second: how exactly players can seek. */
const packetsPerPage = 50
/** One stream a file, so any number does. */
const serial = 1
/** Far more than speech takes, and few enough segments for a page. */
const maxPacketBytes = 600

/**
 * Opus in Ogg. The length is exact: players skip what the encoder looked ahead and stop at the last sample.
 * @see RFC 6716, RFC 7845
 */
export async function* encodeOpus(wav: WavSource): AsyncIterable<Uint8Array> {
  const { channels } = wav
  const encoder = await createEncoder({
    sampleRate: sampleRateHz,
    channels,
    application: Application.Voip,
    signal: Signal.Voice,
    bitrate: bitrateBps[channels],
  })
  try {
    const preSkip = lookaheadSamples * granulesPerSample
    yield oggPage({ serial, sequence: 0, granule: 0, isFirst: true, packets: [opusHead(channels, preSkip)] })
    yield oggPage({ serial, sequence: 1, granule: 0, packets: [opusTags()] })
    let sequence = 2
    let encoded = 0
    let total = 0
    let packets: Uint8Array[] = []
    for await (const frame of framesOf(wav)) {
      if (packets.length === packetsPerPage) {
        yield oggPage({ serial, sequence, granule: encoded * granulesPerSample, packets })
        sequence += 1
        packets = []
      }
      packets.push(encoder.encode(frame.samples, { frameSize: frameSamples, maxPacketBytes }).slice())
      encoded += frameSamples
      total += frame.count
    }
    yield oggPage({ serial, sequence, granule: total * granulesPerSample + preSkip, isLast: true, packets })
  } finally {
    encoder.free()
  }
}

/** Frames of 20 ms, silence after the end, as many as it takes until the last sample has left the encoder. */
async function* framesOf(wav: WavSource) {
  const length = frameSamples * wav.channels
  let missing = lookaheadSamples
  for await (const samples of wav.read(frameSamples)) {
    const count = samples.length / wav.channels
    if (count < frameSamples) missing -= frameSamples - count
    const whole = new Int16Array(length)
    whole.set(samples)
    yield { samples: whole, count }
  }
  if (missing > 0) yield { samples: new Int16Array(length), count: 0 }
}

/** RFC 7845 section 5.1 */
function opusHead(channels: number, preSkip: number): Uint8Array {
  const bytes = new Uint8Array(19)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('OpusHead'))
  bytes[8] = 1
  bytes[9] = channels
  view.setUint16(10, preSkip, true)
  view.setUint32(12, sampleRateHz, true)
  return bytes
}

/** RFC 7845 section 5.2: who wrote it, and no comments. */
function opusTags(): Uint8Array {
  const vendor = new TextEncoder().encode('Parley')
  const bytes = new Uint8Array(8 + 4 + vendor.length + 4)
  bytes.set(new TextEncoder().encode('OpusTags'))
  new DataView(bytes.buffer).setUint32(8, vendor.length, true)
  bytes.set(vendor, 12)
  return bytes
}
