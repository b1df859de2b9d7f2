/** Prints what each codec costs, in µs of processor time for each packet, and what it takes on the line. */
import type { CodecName } from '@parley/core'
import { type Codec, maxPacketSamples } from '../../src/codec/codec.ts'
import { openCodec } from '../../src/codec/open-codec.ts'
import { telephoneClip } from '../clips.ts'

const clip = telephoneClip('asterisk8k-en-agent-alreadyon')
const rounds = 6
const settings = { bitrateBps: 24_000, inbandFec: true, constantBitrate: false }

interface Cost {
  readonly encodeUs: number
  readonly decodeUs: number
  readonly bytes: number
}

function microsecondsOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function measure(codec: Codec, packetSamples: number): Cost {
  const count = Math.floor(clip.length / packetSamples)
  const packets = Array.from({ length: count }, () => new Uint8Array(1000))
  const lengths = new Array<number>(count).fill(0)
  const into = new Int16Array(maxPacketSamples)
  const encodeUs = microsecondsOf(() => {
    packets.forEach((packet, i) => {
      lengths[i] = codec.encoder.encode(clip.subarray(i * packetSamples, (i + 1) * packetSamples), packet, 0)
    })
  })
  const decodeUs = microsecondsOf(() => {
    packets.forEach((packet, i) => {
      codec.decoder.decode(packet, lengths[i] as number, into)
    })
  })
  const bytes = lengths.reduce((sum, length) => sum + length, 0) / count
  return { encodeUs: encodeUs / count, decodeUs: decodeUs / count, bytes }
}

/** The least of some rounds: what other processes took is left out. */
async function report(name: CodecName, ptimeMs: number): Promise<void> {
  const costs: Cost[] = []
  for (let round = 0; round < rounds; round += 1) {
    const codec = await openCodec(name, settings)
    costs.push(measure(codec, ptimeMs * 8))
    codec.close()
  }
  const least = (of: (cost: Cost) => number) => Math.min(...costs.map(of))
  const encodeUs = least((cost) => cost.encodeUs)
  const decodeUs = least((cost) => cost.decodeUs)
  const perSecond = 1000 / ptimeMs
  const bytes = least((cost) => cost.bytes)
  // IPv4, UDP and RTP take 40 bytes.
  const kbps = ((bytes + 40) * 8 * perSecond) / 1000
  const share = ((encodeUs + decodeUs) * perSecond) / 10_000
  console.log(
    `${name.padEnd(5)} ${ptimeMs} ms  encode ${encodeUs.toFixed(1)} µs  decode ${decodeUs.toFixed(1)} µs  ` +
      `${bytes.toFixed(0)} bytes  ${kbps.toFixed(0)} kbit/s with headers  ${share.toFixed(2)} % of a core`,
  )
}

for (const name of ['PCMA', 'PCMU', 'G722', 'opus'] as const) {
  for (const ptimeMs of [10, 20, 60]) await report(name, ptimeMs)
}
