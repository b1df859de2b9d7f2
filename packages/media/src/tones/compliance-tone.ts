import { complianceToneMs, sampleRateHz } from '@parley/core'

/** "AI" in Morse code: a dot is one unit long, a dash and the pause between letters three, the pause within a letter one. */
const units = [
  { length: 1, isTone: true },
  { length: 1, isTone: false },
  { length: 3, isTone: true },
  { length: 3, isTone: false },
  { length: 1, isTone: true },
  { length: 1, isTone: false },
  { length: 1, isTone: true },
] as const
const totalUnits = units.reduce((sum, { length }) => sum + length, 0)
const unitSamples = (complianceToneMs * sampleRateHz) / 1000 / totalUnits
/** In the middle of the telephone band, and none that keys, networks or answering machines use. Taste. */
const toneHz = 700
/** -20 dBFS, as loud as speech. */
const amplitude = 32_768 * Math.SQRT2 * 10 ** (-20 / 20)
/** 5 ms: a tone that is switched clicks. */
const rampSamples = 40

/** The tone that tells a caller that a machine speaks. Nothing is allocated per packet. @see ITU-R M.1677-1 (Morse code) */
export class ComplianceTone {
  private at = 0

  get isActive(): boolean {
    return this.at < samples.length
  }

  /** Fills a frame with what comes next; with silence behind its end. */
  fill(into: Int16Array): void {
    for (let i = 0; i < into.length; i += 1) into[i] = samples[this.at + i] ?? 0
    this.at += into.length
  }
}

const samples = render()

function render(): Int16Array {
  const all = new Int16Array(unitSamples * totalUnits)
  let at = 0
  for (const { length, isTone } of units) {
    const count = length * unitSamples
    for (let i = 0; isTone && i < count; i += 1) {
      const gain = Math.min(1, (i + 1) / rampSamples, (count - i) / rampSamples)
      all[at + i] = Math.round(gain * amplitude * Math.sin((2 * Math.PI * toneHz * i) / sampleRateHz))
    }
    at += count
  }
  return all
}
