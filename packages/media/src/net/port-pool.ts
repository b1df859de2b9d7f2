import { type Clock, VoiceError } from '@parley/core'

/** RTP and the next port, RTCP. Inclusive bounds. */
export interface PortRange {
  readonly min: number
  readonly max: number
}

const lingerMs = 2000

/**
 * Even RTP ports of a range, each with the odd one above it. A released pair rests for 2 s, so that stray packets of the
 * old call do not reach the next. Ports are handed out in rotation.
 */
export class PortPool implements Disposable {
  private readonly clock: Clock
  private readonly free: number[] = []
  private readonly resting = new Set<Disposable>()

  constructor(range: PortRange, clock: Clock) {
    this.clock = clock
    for (let port = range.min + (range.min % 2); port + 1 <= range.max; port += 2) this.free.push(port)
  }

  /** Pairs that can be taken now. */
  get available(): number {
    return this.free.length
  }

  /** @throws VoiceError MEDIA_NO_PORT */
  take(): number {
    const port = this.free.shift()
    if (port === undefined) throw new VoiceError('MEDIA_NO_PORT')
    return port
  }

  release(port: number): void {
    const timer = this.clock.setTimer(this.clock.nowMs() + lingerMs, () => {
      this.resting.delete(timer)
      this.free.push(port)
    })
    this.resting.add(timer)
  }

  [Symbol.dispose](): void {
    for (const timer of this.resting) timer[Symbol.dispose]()
    this.resting.clear()
  }
}
