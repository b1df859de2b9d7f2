/** The sound of a place behind all that one leg is sent. Nothing is allocated per packet. */
export class Ambience {
  private readonly loop: Int16Array
  private readonly gain: number
  private at = 0

  /** `loop` is shared and only read. `volume`: 1 plays it as it is, 0 not at all. */
  constructor(loop: Int16Array, volume: number) {
    this.loop = loop
    this.gain = volume
  }

  /** Adds what comes next to `frame`. */
  mixInto(frame: Int16Array): void {
    const { loop, gain } = this
    let { at } = this
    for (let i = 0; i < frame.length; i += 1) {
      const value = (frame[i] as number) + gain * (loop[at] as number)
      frame[i] = value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : Math.round(value)
      at += 1
      if (at === loop.length) at = 0
    }
    this.at = at
  }
}
