import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDecoder } from 'libopus-wasm'
import { afterAll, expect, test } from 'vitest'
import { wavHeader } from '../recording/wav-header.ts'
import { encodeRecording } from './encode-recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-encoding-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Stereo at 8 kHz: 440 Hz on the left, nothing on the right. */
function toneFile(name: string, samples: number, declaredBytes = samples * 4): string {
  const pcm = Buffer.alloc(samples * 4)
  for (let i = 0; i < samples; i += 1)
    pcm.writeInt16LE(Math.round(8_000 * Math.sin((i * 440 * 2 * Math.PI) / 8_000)), i * 4)
  const path = join(folder, name)
  writeFileSync(path, Buffer.concat([wavHeader(declaredBytes), pcm]))
  return path
}

interface Page {
  readonly flags: number
  readonly granule: number
  readonly packets: readonly Uint8Array[]
}

/** A reader of its own, so that writer and reader do not share a mistake in the layout. */
function pagesOf(file: Buffer): readonly Page[] {
  const pages: Page[] = []
  for (let at = 0; at < file.length; ) {
    expect(file.toString('latin1', at, at + 4)).toBe('OggS')
    const count = file.readUInt8(at + 26)
    const lacing = [...file.subarray(at + 27, at + 27 + count)]
    const packets: Uint8Array[] = []
    let from = at + 27 + count
    let bytes = 0
    for (const value of lacing) {
      bytes += value
      if (value === 255) continue
      packets.push(file.subarray(from, from + bytes))
      from += bytes
      bytes = 0
    }
    pages.push({ flags: file.readUInt8(at + 5), granule: Number(file.readBigUInt64LE(at + 6)), packets })
    at = from
  }
  return pages
}

function rms(samples: ArrayLike<number>): number {
  return Math.sqrt(Array.from(samples).reduce((sum, value) => sum + value * value, 0) / samples.length)
}

test.each([1, 12_345, 16_000, 80_000])(
  'Opus of %i samples tells exactly that length and sounds like it, each side apart',
  async (samples) => {
    const from = toneFile(`opus-${samples}.wav`, samples)
    const to = join(folder, `opus-${samples}.ogg`)
    await encodeRecording({ from, to, format: 'opus' })
    const [head, tags, ...audio] = pagesOf(await readFile(to))
    expect(head?.flags).toBe(2)
    expect(Buffer.from(head?.packets[0] ?? []).toString('latin1', 0, 8)).toBe('OpusHead')
    expect(Buffer.from(tags?.packets[0] ?? []).toString('latin1', 0, 8)).toBe('OpusTags')
    const preSkip = Buffer.from(head?.packets[0] ?? []).readUInt16LE(10)
    expect(audio.map(({ flags }) => flags)).toEqual([...Array(audio.length - 1).fill(0), 4])
    expect(((audio.at(-1)?.granule ?? 0) - preSkip) / 6).toBe(samples)
    const packets = audio.flatMap((page) => page.packets)
    expect(packets.length * 160).toBeGreaterThanOrEqual(samples + preSkip / 6)
    const decoder = await createDecoder({ sampleRate: 8_000, channels: 2 })
    const left: number[] = []
    const right: number[] = []
    for (const packet of packets) {
      const pcm = decoder.decode(packet)
      for (let i = 0; i < pcm.length; i += 2) {
        left.push(pcm[i] as number)
        right.push(pcm[i + 1] as number)
      }
    }
    decoder.free()
    if (samples < 8_000) return
    expect(rms(left.slice(800, samples))).toBeGreaterThan(4_500)
    expect(rms(right.slice(800, samples))).toBeLessThan(300)
  },
)

test('MP3 is as long as the recording, to a few frames, at a constant rate', async () => {
  const samples = 80_000
  const to = join(folder, 'tone.mp3')
  await encodeRecording({ from: toneFile('mp3.wav', samples), to, format: 'mp3' })
  const file = await readFile(to)
  let frames = 0
  // MPEG-2.5 layer III, 8 kHz: 72 ms a frame, 48 kbit/s make 432 bytes.
  for (let at = 0; at < file.length; at += 432) {
    expect(file.readUInt16BE(at) & 0xfffe).toBe(0xffe2)
    frames += 1
  }
  expect(frames * 576 - samples).toBeGreaterThanOrEqual(0)
  expect(frames * 576 - samples).toBeLessThan(4 * 576)
})

test('a recording whose writer was killed is encoded as far as it goes', async () => {
  const to = join(folder, 'cut.ogg')
  await encodeRecording({ from: toneFile('cut.wav', 8_000, 0xffff_0000), to, format: 'opus' })
  expect(pagesOf(await readFile(to)).at(-1)?.granule).toBe(8_000 * 6 + 312)
})

test('what is no recording makes no file', async () => {
  const from = join(folder, 'notes.wav')
  writeFileSync(from, 'these are notes, and a good many more than forty-four bytes of them')
  const to = join(folder, 'notes.mp3')
  await expect(encodeRecording({ from, to, format: 'mp3' })).rejects.toMatchObject({ code: 'MEDIA_ENCODING_FAILED' })
  expect(existsSync(to)).toBe(false)
})
