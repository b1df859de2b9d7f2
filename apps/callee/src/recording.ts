import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeG711 } from './g711.ts'
import { nsPerMs } from './monotonic-clock.ts'
import { formatPacket, type PacketRecord } from './packet-log.ts'
import { formatStereoWav } from './wav.ts'

/** Packets late by a stall keep their place in the stream; beyond this the timestamps themselves have jumped. */
const anchorToleranceNs = 200 * nsPerMs

/**
 * Lays packets on a time line that begins at `startNs`, 8 kHz. Inside one stream (SSRC) samples lie by RTP timestamp,
 * so the sound has no seams; the stream as a whole lies by the earliest arrival of its packets.
 */
function layOut(packets: readonly PacketRecord[], startNs: number): Int16Array {
  const placed: { readonly at: number; readonly samples: Int16Array }[] = []
  let stretch: { packets: PacketRecord[]; offsetNs: number } | undefined
  const flush = () => {
    for (const packet of stretch?.packets ?? []) {
      const at = Math.round(((stretch?.offsetNs ?? 0) + packet.timestamp * 125_000 - startNs) / 125_000)
      placed.push({ at, samples: decodeG711(packet.codec ?? 'pcma', packet.payload ?? new Uint8Array()) })
    }
  }
  for (const packet of packets) {
    const offsetNs = (packet.dueNs ?? packet.atNs) - packet.timestamp * 125_000
    const isSame = stretch !== undefined && stretch.packets[0]?.ssrc === packet.ssrc
    if (stretch === undefined || !isSame || Math.abs(offsetNs - stretch.offsetNs) > anchorToleranceNs) {
      flush()
      stretch = { packets: [packet], offsetNs }
      continue
    }
    stretch.packets.push(packet)
    stretch.offsetNs = Math.min(stretch.offsetNs, offsetNs)
  }
  flush()
  const line = new Int16Array(placed.reduce((end, { at, samples }) => Math.max(end, at + samples.length), 0))
  for (const { at, samples } of placed) line.set(samples.subarray(Math.max(0, -at)), Math.max(0, at))
  return line
}

/** Lines formatted at once: about half a millisecond, so that other calls keep their pace. */
const linesAtOnce = 100

async function writePackets(path: string, packets: readonly PacketRecord[]): Promise<void> {
  await using file = await open(path, 'w')
  for (let from = 0; from < packets.length; from += linesAtOnce) {
    const lines = packets.slice(from, from + linesAtOnce).map((packet) => `${formatPacket(packet)}\n`)
    await file.write(lines.join(''))
  }
}

export interface RecordingPaths {
  readonly wavPath: string
  readonly packetsPath: string
}

/**
 * Writes a stereo WAV (left: what the phone sent, right: what it received; sample 0 is `startNs`) and one JSON line per
 * packet. @throws Error of the file system
 */
export async function writeRecording(
  directory: string,
  name: string,
  packets: readonly PacketRecord[],
  startNs: number,
): Promise<RecordingPaths> {
  await mkdir(directory, { recursive: true })
  const audio = packets.filter((packet) => packet.codec !== undefined)
  // Between the parts other calls send their packets.
  await setImmediate()
  const left = layOut(
    audio.filter(({ direction }) => direction === 'sent'),
    startNs,
  )
  await setImmediate()
  const right = layOut(
    audio.filter(({ direction }) => direction === 'received'),
    startNs,
  )
  const wavPath = join(directory, `${name}.wav`)
  const packetsPath = join(directory, `${name}.packets.jsonl`)
  await writeFile(wavPath, formatStereoWav(left, right))
  await writePackets(packetsPath, packets)
  return { wavPath, packetsPath }
}
