import type { Codec } from './g711.ts'
import type { AudibleSpan } from './level.ts'

/** One RTP packet of a call, either way. Stamps are monotonic ns. */
export interface PacketRecord {
  readonly direction: 'sent' | 'received'
  /** Handed to, or taken from, the socket. */
  readonly atNs: number
  /** When it should have been sent. */
  readonly dueNs?: number
  readonly seq: number
  readonly timestamp: number
  readonly ssrc: number
  readonly payloadType: number
  readonly marker: boolean
  readonly payloadBytes: number
  /** Absent for telephone events. */
  readonly levelDb?: number
  /** Part of the packet above the threshold, in samples. */
  readonly audible?: AudibleSpan
  /** Key of a telephone event. */
  readonly key?: string
  /** True for packets that hold scripted speech. */
  readonly isSpeech?: boolean
  readonly codec?: Codec
  /** Kept only when the call is recorded. */
  readonly payload?: Uint8Array
}

/** Instant of a sample inside a received packet: its first sample is heard when the packet comes. */
export function sampleAtNs(packet: PacketRecord, sample: number): number {
  return packet.atNs + sample * 125_000
}

/** One line of `packets.jsonl`; the payload in base64. */
export function formatPacket(packet: PacketRecord): string {
  const { payload, levelDb, ...rest } = packet
  return JSON.stringify({
    ...rest,
    ...(levelDb === undefined ? {} : { levelDb: Math.round(levelDb * 10) / 10 }),
    ...(payload !== undefined ? { payload: Buffer.from(payload).toString('base64') } : {}),
  })
}
