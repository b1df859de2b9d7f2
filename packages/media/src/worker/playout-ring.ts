/** What a record of the ring tells the queue. */
export const playoutKind = { begin: 1, write: 2, end: 3, flush: 4, duck: 5, pause: 6, resume: 7 } as const
export type PlayoutKind = (typeof playoutKind)[keyof typeof playoutKind]

export interface PlayoutRecord {
  readonly kind: PlayoutKind
  readonly generation: number
  /** `duck`: gain in 1/100 dB. `resume`: sample to go on at. Else 0. */
  readonly value: number
  readonly samples: Int16Array
}

const ringWords = 32_768
const indexBytes = 32
const headerWords = 8
const write = 0
const read = 1
const live = 2
const wake = 3
const hungry = 4

export const playoutRingBytes = indexBytes + ringWords * 2
/** Audio is cut into records of this size (one second). */
export const maxRecordSamples = 8000
export const noGeneration = -1

/**
 * Downlink audio and its commands, in order, from the main thread to the media thread: four seconds of it.
 *
 * ```
 *   [ write | read | live | wake | hungry ][ kind, generation, value, length | samples ][ ... ]
 * ```
 * `live` is the generation that may be heard. The main thread changes it at once, ahead of the records, and the pacer
 * asks it for each frame, so not one packet of a dropped or paused generation leaves once the call is made.
 */
export class PlayoutRing {
  private readonly index: Int32Array
  private readonly words: Int16Array

  constructor(memory: SharedArrayBuffer) {
    this.index = new Int32Array(memory, 0, 5)
    this.words = new Int16Array(memory, indexBytes, ringWords)
  }

  setLive(generation: number): void {
    Atomics.store(this.index, live, generation)
  }

  get live(): number {
    return Atomics.load(this.index, live)
  }

  /** False when there is no room; nothing is written then. Copies `samples`, at most `maxRecordSamples`. */
  push(record: PlayoutRecord): boolean {
    const at = Atomics.load(this.index, write)
    const used = (at - Atomics.load(this.index, read)) | 0
    const { samples } = record
    if (used + headerWords + samples.length > ringWords) return false
    this.put(at, record.kind)
    this.put32(at + 1, record.generation)
    this.put32(at + 3, record.value)
    this.put32(at + 5, samples.length)
    for (let i = 0; i < samples.length; i += 1) this.put(at + headerWords + i, samples[i] as number)
    Atomics.store(this.index, write, (at + headerWords + samples.length) | 0)
    return true
  }

  /** The next record, copied out. */
  take(): PlayoutRecord | undefined {
    const from = Atomics.load(this.index, read)
    if (Atomics.load(this.index, write) === from) return undefined
    const length = this.get32(from + 5)
    const samples = new Int16Array(length)
    for (let i = 0; i < length; i += 1) samples[i] = this.get(from + headerWords + i)
    const kind = this.get(from) as PlayoutKind
    const record = { kind, generation: this.get32(from + 1), value: this.get32(from + 3), samples }
    Atomics.store(this.index, read, (from + headerWords + length) | 0)
    return record
  }

  get isEmpty(): boolean {
    return Atomics.load(this.index, write) === Atomics.load(this.index, read)
  }

  /** Writer: true when the reader must be woken, false when it was and has not looked yet. */
  askWake(): boolean {
    return Atomics.exchange(this.index, wake, 1) === 0
  }

  /** Reader: it looks now. */
  clearWake(): void {
    Atomics.store(this.index, wake, 0)
  }

  /** Writer: more waits for room. */
  setHungry(): void {
    Atomics.store(this.index, hungry, 1)
  }

  /** Reader: true once when the writer waits for room. */
  takeHungry(): boolean {
    return Atomics.exchange(this.index, hungry, 0) === 1
  }

  private put(at: number, value: number): void {
    this.words[(at >>> 0) % ringWords] = value
  }

  private put32(at: number, value: number): void {
    this.put(at, value >> 16)
    this.put(at + 1, value & 0xffff)
  }

  private get(at: number): number {
    return this.words[(at >>> 0) % ringWords] as number
  }

  private get32(at: number): number {
    return (this.get(at) << 16) | (this.get(at + 1) & 0xffff)
  }
}
