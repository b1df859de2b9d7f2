import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PacketRecord } from './packet-log.ts'
import { writeRecording } from './recording.ts'

const startNs = 1e12

/** A received mu-law packet of one value, `0x80` being the loudest. */
function packet(atMs: number, timestamp: number, code: number, ssrc = 1): PacketRecord {
  const header = { seq: timestamp / 160, timestamp, ssrc, payloadType: 0, marker: false, payloadBytes: 160 }
  const payload = new Uint8Array(160).fill(code)
  return { direction: 'received', atNs: startNs + atMs * 1e6, ...header, codec: 'pcmu', payload }
}

async function rightSide(packets: readonly PacketRecord[]): Promise<Int16Array> {
  const directory = await mkdtemp(join(tmpdir(), 'callee-test-'))
  try {
    const { wavPath } = await writeRecording(directory, 'call', packets, startNs)
    const file = await readFile(wavPath)
    return Int16Array.from({ length: (file.length - 44) / 4 }, (_, i) => file.readInt16LE(46 + i * 4))
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('a stream lies by its earliest packet, without seams', async () => {
  const right = await rightSide([packet(105, 1600, 0x80), packet(122, 1760, 0x81), packet(170, 1920, 0x82)])
  expect(right.findIndex((sample) => sample !== 0)).toBe(816)
  expect([right[816], right[816 + 160], right[816 + 320]]).toEqual([32124, 31100, 30076])
  expect(right).toHaveLength(816 + 480)
})

test('a packet that came a hair before the start loses that hair only', async () => {
  const right = await rightSide([packet(-0.25, 160, 0x80)])
  expect(right).toHaveLength(158)
  expect(right[0]).toBe(32124)
})

test('a new source takes its own place', async () => {
  const right = await rightSide([packet(0, 160, 0x80), packet(500, 8_000_000, 0x81, 2)])
  expect(right[4000]).toBe(31100)
})

test('a jump of the timestamps does not move the sound away from its time', async () => {
  const right = await rightSide([packet(0, 160, 0x80), packet(1000, 320, 0x81)])
  expect(right[8000]).toBe(31100)
})
