import { writeFileSync } from 'node:fs'

const sampleRateHz = 8000
const blockSamples = 400
/** A block with less power than this is silence: -60 dBFS. */
const silencePower = 1e-6

interface ToneFormat {
  readonly sampleRateHz: number
  readonly channels: number
}

/** A 16-bit WAV file with a tone at -15 dBFS, the same in each channel. */
export function toneFile(
  hz: number,
  seconds: number,
  format: ToneFormat = { sampleRateHz, channels: 1 },
): Buffer<ArrayBuffer> {
  const count = seconds * format.sampleRateHz
  const frameBytes = format.channels * 2
  const file = Buffer.alloc(44 + count * frameBytes)
  file.write('RIFF', 0)
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(format.channels, 22)
  file.writeUInt32LE(format.sampleRateHz, 24)
  file.writeUInt32LE(format.sampleRateHz * frameBytes, 28)
  file.writeUInt16LE(frameBytes, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(file.length - 44, 40)
  for (let i = 0; i < count; i += 1) {
    const sample = Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / format.sampleRateHz))
    for (let at = 44 + i * frameBytes; at < 44 + (i + 1) * frameBytes; at += 2) file.writeInt16LE(sample, at)
  }
  return file
}

export function writeTone(path: string, hz: number, seconds: number, format?: ToneFormat): void {
  writeFileSync(path, toneFile(hz, seconds, format))
}

/** What 50 ms of sound are: the tone of that frequency, silence, or another sound. */
export type BlockKind = 'tone' | 'silence' | 'sound'

/** A recording in blocks of 50 ms. A block is the tone when nine tenths of its power lie within 20 Hz of `hz` (Goertzel). */
export function blocksOf(samples: Int16Array, hz: number): readonly BlockKind[] {
  const kinds: BlockKind[] = []
  for (let from = 0; from + blockSamples <= samples.length; from += blockSamples) {
    kinds.push(kindOf(samples.subarray(from, from + blockSamples), hz))
  }
  return kinds
}

/** How long the tone sounds in all, in ms. */
export const toneMs = (samples: Int16Array, hz: number): number =>
  blocksOf(samples, hz).filter((kind) => kind === 'tone').length * 50

function kindOf(block: Int16Array, hz: number): BlockKind {
  let power = 0
  let re = 0
  let im = 0
  for (const [i, sample] of block.entries()) {
    const value = sample / 32_768
    power += value * value
    re += value * Math.cos((2 * Math.PI * hz * i) / sampleRateHz)
    im += value * Math.sin((2 * Math.PI * hz * i) / sampleRateHz)
  }
  if (power / block.length < silencePower) return 'silence'
  return (2 * (re * re + im * im)) / block.length > 0.9 * power ? 'tone' : 'sound'
}
