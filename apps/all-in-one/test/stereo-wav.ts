/** A stereo recording at 8 kHz. */
export interface StereoWav {
  readonly left: Int16Array
  readonly right: Int16Array
  readonly durationMs: number
}

const headerBytes = 44

/** Reads a stereo 16-bit 8 kHz WAV file with the shortest header. @throws Error naming what is different */
export function readStereoWav(file: Uint8Array): StereoWav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tag = (at: number) => String.fromCharCode(...file.subarray(at, at + 4))
  const found = [tag(0), tag(8), view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true)].join(' ')
  if (found !== 'RIFF WAVE 1 2 8000') throw new Error(`not a stereo recording: ${found}`)
  if (tag(36) !== 'data' || view.getUint32(40, true) !== file.length - headerBytes) throw new Error('a wrong data size')
  const count = (file.length - headerBytes) / 4
  const side = (offset: number) =>
    Int16Array.from({ length: count }, (_, i) => view.getInt16(headerBytes + i * 4 + offset, true))
  return { left: side(0), right: side(2), durationMs: count / 8 }
}

/** Level of a stretch in dBFS; -120: digital silence. */
export function levelDb(samples: Int16Array, fromMs: number, toMs: number): number {
  const part = samples.subarray(Math.max(0, Math.round(fromMs * 8)), Math.round(toMs * 8))
  const power = part.reduce((sum, sample) => sum + (sample / 32768) ** 2, 0) / Math.max(1, part.length)
  return power === 0 ? -120 : Math.max(-120, 10 * Math.log10(power))
}

export interface Match {
  /** Position in `recording` less the position in `witness`. */
  readonly offsetMs: number
  /** Normalised cross-correlation there: 1 is the same sound. */
  readonly likeness: number
}

/** A stretch this long is enough to find the place; all of it is compared there. */
const searchSamples = 3200

/** Where the stretch `fromMs` to `toMs` of `witness` is found in `recording`, at most `withinMs` from `expectedMs` off. */
export function locate(
  witness: Int16Array,
  recording: Int16Array,
  span: { readonly fromMs: number; readonly toMs: number; readonly expectedMs: number; readonly withinMs: number },
): Match {
  const from = Math.round(span.fromMs * 8)
  const whole = witness.subarray(from, Math.round(span.toMs * 8))
  const beginning = whole.subarray(0, searchSamples)
  const centre = Math.round(span.expectedMs * 8)
  const reach = Math.round(span.withinMs * 8)
  let best = { offset: 0, likeness: -1 }
  for (let offset = centre - reach; offset <= centre + reach; offset += 1) {
    const likeness = correlation(beginning, recording, from + offset)
    if (likeness > best.likeness) best = { offset, likeness }
  }
  return { offsetMs: best.offset / 8, likeness: correlation(whole, recording, from + best.offset) }
}

function correlation(pattern: Int16Array, recording: Int16Array, at: number): number {
  let product = 0
  let patternPower = 0
  let recordedPower = 0
  for (let i = 0; i < pattern.length; i += 1) {
    const a = pattern[i] ?? 0
    const b = recording[at + i] ?? 0
    product += a * b
    patternPower += a * a
    recordedPower += b * b
  }
  return patternPower === 0 || recordedPower === 0 ? 0 : product / Math.sqrt(patternPower * recordedPower)
}
