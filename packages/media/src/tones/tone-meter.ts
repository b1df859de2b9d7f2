/** A tone must stand out of everything else by this much, in dB. Measured: no false tone on 40 clips of speech. */
const minPurityDb = 14
const minLevelDb = -42
const silenceLevelDb = -50
/** What is this much below the last tone is the silence after it, whatever the noise of the line. */
const belowToneDb = 16
/** How fast the level of the last tone follows a softer one, per frame. */
const fallDb = 0.5
const fullScale = 32768 * 32768
const samplesPerRadian = 8000 / (2 * Math.PI)

export type FrameKind = 'silence' | 'tone' | 'sound'

/**
 * Tells of each 8 kHz frame whether it is one steady tone, and of which frequency.
 *
 * A sinusoid obeys `x[n] + x[n-2] = 2 cos(w) x[n-1]`. The total least squares fit of that one coefficient, which white
 * noise does not bias, gives the frequency, and what the fit leaves over the power of the noise. Two tones less than 150 Hz
 * apart (North American ring-back, busy) count as one in their middle. Method: V. F. Pisarenko, "The retrieval of harmonics
 * from a covariance function" (1973), for one line.
 */
export class ToneMeter {
  kind: FrameKind = 'silence'
  /** Of the last frame; NaN unless it is a tone. */
  frequencyHz = Number.NaN
  /** dB below full scale. */
  levelDb = -100
  private toneDb = -100

  measure(frame: Int16Array): void {
    let power = 0
    let cross = 0
    let middle = 0
    let ends = 0
    for (let i = 2; i < frame.length; i += 1) {
      const last = frame[i - 1] as number
      const sum = (frame[i] as number) + (frame[i - 2] as number)
      power += last * last
      cross += last * sum
      ends += sum * sum
      middle += 1
    }
    this.frequencyHz = Number.NaN
    this.levelDb = power === 0 ? -100 : 10 * Math.log10(power / middle / fullScale)
    if (this.levelDb < Math.max(silenceLevelDb, this.toneDb - belowToneDb)) {
      this.kind = 'silence'
      return
    }
    const trace = ends + 2 * power
    const noise = (trace - Math.sqrt(Math.max(0, trace * trace - 8 * (ends * power - cross * cross)))) / 4
    const coefficient = cross / (power - noise)
    const isPure = noise < (power - noise) * 10 ** (-minPurityDb / 10) && Math.abs(coefficient) < 2
    this.kind = isPure && this.levelDb > minLevelDb ? 'tone' : 'sound'
    if (this.kind !== 'tone') return
    this.toneDb = Math.max(this.levelDb, this.toneDb - fallDb)
    this.frequencyHz = Math.acos(coefficient / 2) * samplesPerRadian
  }
}
