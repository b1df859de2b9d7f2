import type { RemoteInfo } from 'node:dgram'
import { type Codec, decodeG711, payloadTypeOf } from './g711.ts'
import { audibleSpan, levelDb } from './level.ts'
import { type PacketRecord, sampleAtNs } from './packet-log.ts'
import { parseRtp, type RtpPacket, readTelephoneEvent } from './rtp.ts'
import type { RemoteMedia } from './sdp.ts'

/** Sound with shorter breaks than this counts as one stretch of speech. */
export const speechGapNs = 200e6

/**
 * Takes datagrams as they come, never throws, and knows at any time whether the assistant is heard.
 * The source of the first valid packet is kept; the address of the SDP always wins over it.
 */
export class RtpReceiver {
  packetsReceived = 0
  /** Not RTP of this call: malformed, another payload type, or another source. */
  datagramsIgnored = 0
  /** End of the last 5 ms block above the threshold; 0: nothing heard yet. */
  lastAudibleNs = 0
  /** Start of the current or last stretch of speech. */
  speechStartedNs = 0
  /** Told of all sound as it comes. */
  onSound: ((samples: Int16Array, atNs: number) => void) | undefined
  readonly #threshold: number
  readonly #log: (record: PacketRecord) => void
  readonly #onKey: (key: string, atNs: number) => void
  #remote: RemoteMedia | undefined
  #source: string | undefined
  #lastKeyTimestamp: number | undefined
  #ssrc: number | undefined
  #onProbation: { readonly packet: RtpPacket; readonly atNs: number } | undefined

  constructor(options: {
    readonly thresholdDb: number
    log(record: PacketRecord): void
    onKey(key: string, atNs: number): void
  }) {
    this.#threshold = options.thresholdDb
    this.#log = options.log
    this.#onKey = options.onKey
  }

  expect(remote: RemoteMedia): void {
    this.#remote = remote
    this.#source = undefined
  }

  take(datagram: Buffer, from: RemoteInfo, atNs: number): void {
    const remote = this.#remote
    const packet = parseRtp(datagram)
    if (packet === undefined || !this.#isFromPeer(from, remote)) {
      this.datagramsIgnored += 1
      return
    }
    if (packet.ssrc !== this.#ssrc && !this.#acceptsSource(packet, atNs)) return
    this.#takePacket(packet, atNs)
  }

  #takePacket(packet: RtpPacket, atNs: number): void {
    if (packet.payloadType === this.#remote?.eventPayloadType) this.#takeKey(packet, atNs)
    else if (packet.payloadType === payloadTypeOf.pcma) this.#takeAudio(packet, 'pcma', atNs)
    else if (packet.payloadType === payloadTypeOf.pcmu) this.#takeAudio(packet, 'pcmu', atNs)
    else this.datagramsIgnored += 1
  }

  /**
   * A new SSRC counts from two packets in sequence on; the first of them is then taken after all, with its own stamp.
   * @see RFC 3550 appendix A.1
   */
  #acceptsSource(packet: RtpPacket, atNs: number): boolean {
    const first = this.#onProbation
    if (first?.packet.ssrc !== packet.ssrc || packet.seq !== ((first.packet.seq + 1) & 0xffff)) {
      if (first !== undefined) this.datagramsIgnored += 1
      this.#onProbation = { packet, atNs }
      return false
    }
    this.#ssrc = packet.ssrc
    this.#onProbation = undefined
    this.#takePacket(first.packet, first.atNs)
    return true
  }

  /** Sound may overtake the answer that names its source. */
  #isFromPeer(from: RemoteInfo, remote: RemoteMedia | undefined): boolean {
    const source = `${from.address}:${from.port}`
    if (remote !== undefined && source === `${remote.host}:${remote.port}`) this.#source = source
    this.#source ??= source
    return source === this.#source
  }

  #takeKey(packet: RtpPacket, atNs: number): void {
    const event = readTelephoneEvent(packet.payload)
    if (event === undefined) return
    this.packetsReceived += 1
    this.#log({ ...received(packet, atNs), key: event.key })
    if (!event.isEnd || this.#lastKeyTimestamp === packet.timestamp) return
    this.#lastKeyTimestamp = packet.timestamp
    this.#onKey(event.key, atNs)
  }

  #takeAudio(packet: RtpPacket, codec: Codec, atNs: number): void {
    this.packetsReceived += 1
    const samples = decodeG711(codec, packet.payload)
    this.onSound?.(samples, atNs)
    const audible = audibleSpan(samples, this.#threshold)
    const record: PacketRecord = {
      ...received(packet, atNs),
      levelDb: levelDb(samples),
      ...(audible === undefined ? {} : { audible }),
      codec,
      payload: packet.payload,
    }
    this.#log(record)
    if (audible === undefined) return
    const startNs = sampleAtNs(record, audible.fromSample)
    if (startNs - this.lastAudibleNs > speechGapNs) this.speechStartedNs = startNs
    this.lastAudibleNs = sampleAtNs(record, audible.toSample)
  }
}

function received(packet: RtpPacket, atNs: number) {
  const { payload, ...header } = packet
  return { direction: 'received', atNs, ...header, payloadBytes: payload.length } as const
}
