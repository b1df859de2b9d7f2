import type { EchoPath } from './echo-path.ts'
import { encodeG711, payloadTypeOf } from './g711.ts'
import { audibleSpan, levelDb } from './level.ts'
import { nowNs } from './monotonic-clock.ts'
import type { PacketRecord } from './packet-log.ts'
import { allocateRtp, writeTelephoneEvent } from './rtp.ts'
import type { RemoteMedia } from './sdp.ts'
import type { SeededRandom } from './seeded-random.ts'
import { comfortNoise, packetSamples, type Utterance } from './utterance.ts'

/** When an utterance went out. Monotonic ns. */
export interface SpokenSpan {
  readonly firstPacketSentNs: number
  /** `t_eos`: the packet whose last sample is the last one of speech. */
  readonly lastSpeechPacketSentNs: number
}

type Queued =
  | {
      readonly kind: 'speech'
      readonly utterance: Utterance
      at: number
      firstNs: number
      done(span?: SpokenSpan): void
    }
  | { readonly kind: 'key'; readonly key: string; tick: number; startTimestamp: number; done(): void }

/** A key lasts 8 packets, its end is sent three times in all, then the line is quiet for 5 packets. @see RFC 4733 section 2.5.1 */
const keyTicks = 8
const keyEndTicks = 2
const keyGapTicks = 5

/**
 * Makes one packet per tick: queued speech or keys, else low noise. Sequence and timestamp start at random values;
 * the timestamp also moves on in ticks without a packet.
 */
export class RtpSender {
  packetsSent = 0
  readonly #random: SeededRandom
  readonly #noise: Int16Array
  readonly #threshold: number
  readonly #transmit: (datagram: Buffer, remote: RemoteMedia) => void
  readonly #log: (record: PacketRecord) => void
  readonly #queue: Queued[] = []
  #ssrc: number
  #seq: number
  #timestamp: number
  #startsTalk = true
  #suspendedTicks = 0
  /** What the line gives back of the peer's sound, mixed into every packet. */
  echo: EchoPath | undefined

  constructor(options: {
    readonly random: SeededRandom
    readonly thresholdDb: number
    transmit(datagram: Buffer, remote: RemoteMedia): void
    log(record: PacketRecord): void
  }) {
    this.#random = options.random
    this.#threshold = options.thresholdDb
    this.#transmit = options.transmit
    this.#log = options.log
    this.#noise = comfortNoise(options.random, 50 * packetSamples)
    this.#ssrc = options.random.uint32()
    this.#seq = options.random.below(0x10000)
    this.#timestamp = options.random.uint32()
  }

  /** Speaks from the next tick on, after what is queued. Undefined when the call ended first. */
  play(utterance: Utterance): Promise<SpokenSpan | undefined> {
    return new Promise((done) => this.#queue.push({ kind: 'speech', utterance, at: 0, firstNs: 0, done }))
  }

  async sendKeys(keys: string): Promise<void> {
    const sent = [...keys].map(
      (key) => new Promise<void>((done) => this.#queue.push({ kind: 'key', key, tick: 0, startTimestamp: 0, done })),
    )
    await Promise.all(sent)
  }

  /** Sends nothing for `ms`; what is queued waits. */
  suspend(ms: number): void {
    this.#suspendedTicks = Math.round(ms / 20)
  }

  /** Goes on as another source: new SSRC, sequence and timestamp. */
  changeSource(): void {
    this.#ssrc = this.#random.uint32()
    this.#seq = this.#random.below(0x10000)
    this.#timestamp = this.#random.uint32()
    this.#startsTalk = true
  }

  stop(): void {
    for (const item of this.#queue.splice(0)) item.done()
  }

  tick(dueNs: number, remote: RemoteMedia): void {
    const maySend = this.#suspendedTicks === 0 && remote.acceptsMedia
    if (this.#suspendedTicks > 0) this.#suspendedTicks -= 1
    if (maySend) this.#sendOne(dueNs, remote)
    this.#timestamp = (this.#timestamp + packetSamples) >>> 0
  }

  #sendOne(dueNs: number, remote: RemoteMedia): void {
    const item = this.#queue[0]
    if (item?.kind === 'key' && item.tick < keyTicks + keyEndTicks && remote.eventPayloadType !== undefined) {
      this.#sendKey(item, dueNs, remote, remote.eventPayloadType)
      return
    }
    if (item?.kind === 'key') this.#advanceKey(item)
    if (item?.kind !== 'speech') {
      const from = packetSamples * this.#random.below(50)
      this.#sendAudio(this.#noise.subarray(from, from + packetSamples), dueNs, remote, false)
      return
    }
    const samples = item.utterance.samples.subarray(item.at, item.at + packetSamples)
    const sentNs = this.#sendAudio(samples, dueNs, remote, true)
    if (item.at === 0) item.firstNs = sentNs
    item.at += packetSamples
    if (item.at < item.utterance.samples.length) return
    this.#queue.shift()
    item.done({ firstPacketSentNs: item.firstNs, lastSpeechPacketSentNs: sentNs })
  }

  #sendAudio(own: Int16Array, dueNs: number, remote: RemoteMedia, isSpeech: boolean): number {
    const samples = this.echo?.mix(own, nowNs()) ?? own
    const header = this.#header(payloadTypeOf[remote.codec], this.#timestamp, this.#startsTalk)
    this.#startsTalk = false
    const datagram = allocateRtp(header, samples.length)
    encodeG711(remote.codec, samples, datagram, 12)
    const atNs = nowNs()
    this.#transmit(datagram, remote)
    this.packetsSent += 1
    const audible = audibleSpan(samples, this.#threshold)
    this.#log({
      direction: 'sent',
      atNs,
      dueNs,
      ...header,
      payloadBytes: samples.length,
      levelDb: levelDb(samples),
      ...(audible === undefined ? {} : { audible }),
      ...(isSpeech ? { isSpeech } : {}),
      codec: remote.codec,
      payload: datagram.subarray(12),
    })
    return atNs
  }

  #sendKey(item: Extract<Queued, { kind: 'key' }>, dueNs: number, remote: RemoteMedia, payloadType: number): void {
    if (item.tick === 0) item.startTimestamp = this.#timestamp
    const header = this.#header(payloadType, item.startTimestamp, item.tick === 0)
    const datagram = allocateRtp(header, 4)
    const isEnd = item.tick >= keyTicks - 1
    const durationTicks = Math.min(item.tick + 1, keyTicks) * packetSamples
    writeTelephoneEvent(datagram, 12, { key: item.key, isEnd, durationTicks })
    const atNs = nowNs()
    this.#transmit(datagram, remote)
    this.packetsSent += 1
    this.#log({ direction: 'sent', atNs, dueNs, ...header, payloadBytes: 4, key: item.key })
    this.#advanceKey(item)
  }

  #advanceKey(item: Extract<Queued, { kind: 'key' }>): void {
    item.tick += 1
    if (item.tick < keyTicks + keyEndTicks + keyGapTicks) return
    this.#queue.shift()
    item.done()
  }

  #header(payloadType: number, timestamp: number, marker: boolean) {
    const seq = this.#seq
    this.#seq = (seq + 1) & 0xffff
    return { marker, payloadType, seq, timestamp, ssrc: this.#ssrc }
  }
}
