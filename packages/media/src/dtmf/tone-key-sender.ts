import { tonesOf } from './dtmf-tones.ts'

const toneSamples = 800
const pauseSamples = 640
const rampSamples = 16
/** -7.9 and -5.9 dBm0: the higher one 2 dB louder, as lines weaken it more. Within ITU-T Q.23 and TBR 21. */
const rowAmplitude = 32_767 * 10 ** (-11 / 20)
const columnAmplitude = 32_767 * 10 ** (-9 / 20)

/** Plays keys as tones among the audio: 100 ms each, then 80 ms of silence. For peers that take keys no other way. */
export class ToneKeySender {
  private readonly queue: string[] = []
  private rowStep = 0
  private columnStep = 0
  /** Samples since the key began; -1: none is played. */
  private at = -1

  /** Characters that are no keys are ignored. */
  push(key: string): void {
    if (tonesOf(key)) this.queue.push(key)
  }

  get active(): boolean {
    return this.at >= 0 || this.queue.length > 0
  }

  /** Fills a frame at 8 kHz; with silence when there is no more. */
  fill(into: Int16Array): void {
    for (let i = 0; i < into.length; i += 1) {
      if (this.at < 0) this.next()
      into[i] = this.at >= 0 ? this.sample() : 0
    }
  }

  private next(): void {
    const key = this.queue.shift()
    const tones = key === undefined ? undefined : tonesOf(key)
    if (!tones) return
    this.rowStep = (2 * Math.PI * tones.rowHz) / 8000
    this.columnStep = (2 * Math.PI * tones.columnHz) / 8000
    this.at = 0
  }

  private sample(): number {
    const { at } = this
    this.at += 1
    if (this.at === toneSamples + pauseSamples) this.at = -1
    if (at >= toneSamples) return 0
    const gain = Math.min(1, (at + 1) / rampSamples, (toneSamples - at) / rampSamples)
    const value = rowAmplitude * Math.sin(this.rowStep * at) + columnAmplitude * Math.sin(this.columnStep * at)
    return Math.round(gain * value)
  }
}
