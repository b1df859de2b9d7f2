import { frameSamples } from '@parley/core'
import { columnHz, keyAt, rowHz } from './dtmf-tones.ts'

/** 12.75 ms: neighbours of a group fall into different bins, and 1.5% beside the frequency still is in its bin. */
const windowSamples = 102
const hopSamples = 80
const pastSamples = windowSamples - hopSamples
/** A key is sure after this many windows, which span 33 ms. Shorter tones than 23 ms never reach it (Q.24). */
const sureWindows = 3
/** and ends after this many without it, so that a break of 10 ms is none and a pause of 40 ms is one. */
const endWindows = 3
const fullScale = 32_768
/** -41 dBFS, for each of the two tones. */
const leastPower = (fullScale * 10 ** (-41 / 20)) ** 2 / 2
/** The row may be 8 dB louder than the column, the column 4 dB louder than the row, and up to 3 dB for what leaks between the bins. */
const rowOverColumn = 10 ** (11 / 10)
const columnOverRow = 10 ** (6 / 10)
/** What the two tones have of all the power. Less lets speech pass for keys; measured, see docs/media-edge.md. */
const leastShare = 0.7
/** The best of a group stands out of its others by 6 dB. */
const overOthers = 10 ** (6 / 10)

const coefficients = [...rowHz, ...columnHz].map((hz) => 2 * Math.cos((2 * Math.PI * hz) / 8000))

/** Called once per key, at its end. */
export type InbandKeyHandler = (key: string, durationMs: number) => void

/**
 * Hears keys that come as tones among the audio.
 *
 * Goertzel filters at the eight frequencies over windows of 12.75 ms, one each 10 ms; a key is the same in three of them in
 * a row. Limits of duration, pause, twist and frequency are those of ITU-T Q.24 (with the tolerances most countries have).
 */
export class DtmfDetector {
  private readonly onKey: InbandKeyHandler
  private readonly line = new Float32Array(pastSamples + frameSamples)
  private readonly powers = new Float64Array(8)
  /** -1: none. */
  private candidate = -1
  private windows = 0
  private misses = 0
  private sure = false

  constructor(onKey: InbandKeyHandler) {
    this.onKey = onKey
  }

  /** Takes 20 ms. True when they hold the tones of a key, or what may become one: not to be heard as speech. */
  onFrame(frame: Int16Array): boolean {
    const { line } = this
    for (let i = 0; i < frameSamples; i += 1) line[pastSamples + i] = frame[i] as number
    const first = this.onWindow(this.measure(0))
    const second = this.onWindow(this.measure(hopSamples))
    line.copyWithin(0, frameSamples)
    return first || second || this.sure
  }

  private onWindow(key: number): boolean {
    if (key >= 0 && key === this.candidate) {
      this.windows += 1
      this.misses = 0
      if (this.windows >= sureWindows) this.sure = true
      return true
    }
    if (this.sure) {
      this.misses += 1
      // Another key ends this one at once when it lasts.
      if (this.misses < endWindows) return key >= 0
      this.onKey(keyAt(this.candidate >> 2, this.candidate & 3), this.windows * (hopSamples / 8))
    }
    this.sure = false
    this.misses = 0
    this.candidate = key
    this.windows = key >= 0 ? 1 : 0
    return key >= 0
  }

  /** The key of the window from `from` on, as row times four plus column; -1: none. */
  private measure(from: number): number {
    const { line, powers } = this
    let energy = 0
    for (let i = 0; i < windowSamples; i += 1) {
      const value = line[from + i] as number
      energy += value * value
    }
    const power = energy / windowSamples
    if (power < 2 * leastPower) return -1
    for (let tone = 0; tone < 8; tone += 1) powers[tone] = goertzel(line, from, coefficients[tone] as number)
    const row = best(powers, 0)
    const column = best(powers, 4)
    if (row < 0 || column < 0) return -1
    const rowPower = powers[row] as number
    const columnPower = powers[column] as number
    if (rowPower < leastPower || columnPower < leastPower) return -1
    if (rowPower > columnPower * rowOverColumn || columnPower > rowPower * columnOverRow) return -1
    if (rowPower + columnPower < leastShare * power) return -1
    return row * 4 + (column - 4)
  }
}

/** Mean power of one frequency in a window. */
function goertzel(line: Float32Array, from: number, coefficient: number): number {
  let last = 0
  let before = 0
  for (let i = 0; i < windowSamples; i += 1) {
    const value = (line[from + i] as number) + coefficient * last - before
    before = last
    last = value
  }
  const magnitude = last * last + before * before - coefficient * last * before
  return (2 * magnitude) / (windowSamples * windowSamples)
}

/** The strongest of the four from `group` on; -1 when another is near it. */
function best(powers: Float64Array, group: number): number {
  let found = group
  for (let i = group + 1; i < group + 4; i += 1) {
    if ((powers[i] as number) > (powers[found] as number)) found = i
  }
  for (let i = group; i < group + 4; i += 1) {
    if (i !== found && (powers[i] as number) * overOthers > (powers[found] as number)) return -1
  }
  return found
}
