import { type CodecName, VoiceError } from '@parley/core'
import { parse, type SdpDescription, type SdpMedia } from 'sdp-transform'
import { type CryptoLine, cryptoValues, readCryptoLine } from './crypto-attribute.ts'

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

export interface PayloadMap {
  readonly codec: CodecName
  readonly payloadType: number
}

/** An audio section we could speak, as the peer wrote it. */
export interface PeerAudio {
  /** Position among the `m=` lines. */
  readonly index: number
  /** `RTP/AVP`, `RTP/AVPF` or `RTP/SAVP`. */
  readonly protocol: string
  /** Encrypted. */
  readonly isSecure: boolean
  /** Lines that can be used, in the peer's order. An attribute of a plain section means nothing. RFC 4568 section 4 */
  readonly crypto: readonly CryptoLine[]
  readonly host: string
  readonly port: number
  readonly rtcpHost: string
  readonly rtcpPort: number
  readonly rtcpMux: boolean
  /** Seen from the peer. A connection address of 0.0.0.0 (RFC 2543 hold) does not change it. */
  readonly direction: Direction
  /** G.711 formats in the peer's order. */
  readonly codecs: readonly PayloadMap[]
  readonly telephoneEvent?: number
}

export interface PeerSection {
  readonly type: string
  readonly protocol: string
  readonly payloads: string
}

/** What a peer's description says, reduced to what matters here. */
export interface PeerDescription {
  readonly sections: readonly PeerSection[]
  /** The audio sections that could be spoken. */
  readonly audios: readonly PeerAudio[]
}

const maxSdpBytes = 16_384
const staticTypes: Readonly<Record<number, CodecName>> = { 0: 'PCMU', 8: 'PCMA' }

/** @throws VoiceError MEDIA_BAD_SDP when it is not SDP, or an audio section lacks its address. */
export function readSdp(text: string): PeerDescription {
  if (text.length > maxSdpBytes) throw badSdp('too long')
  if (!/^v=0/m.test(text)) throw badSdp('no version line')
  const description = parseSafely(text)
  if (description.media.length === 0) throw badSdp('no media section')
  const sections = description.media.map((media) => ({
    type: String(media.type),
    protocol: String(media.protocol),
    payloads: String(media.payloads ?? ''),
  }))
  const crypto = cryptoValues(text)
  const audios = description.media.flatMap((media, index) =>
    isUsableAudio(media) ? [readAudio(description, media, index, crypto[index] ?? [])] : [],
  )
  return { sections, audios }
}

function parseSafely(text: string): SdpDescription {
  try {
    return parse(text)
  } catch (cause) {
    throw new VoiceError('MEDIA_BAD_SDP', { cause })
  }
}

function isUsableAudio(media: SdpMedia): boolean {
  return (
    media.type === 'audio' &&
    Number.isInteger(media.port) &&
    media.port > 0 &&
    /^RTP\/(AVPF?|SAVP)$/.test(String(media.protocol))
  )
}

function readAudio(description: SdpDescription, media: SdpMedia, index: number, crypto: readonly string[]): PeerAudio {
  const host = readHost(media.connection?.ip ?? description.connection?.ip)
  if (host === undefined) throw badSdp('no connection address')
  if (media.port > 65_535) throw badSdp('port out of range')
  const event = media.rtp.find((map) => isTelephoneEvent(map.codec) && map.rate === 8000)
  const rtcpMux = media.rtcpMux !== undefined
  const rtcpPort = media.rtcp?.port ?? 0
  const hasRtcpPort = Number.isInteger(rtcpPort) && rtcpPort > 0 && rtcpPort <= 65_535
  return {
    index,
    protocol: String(media.protocol),
    isSecure: media.protocol === 'RTP/SAVP',
    crypto: crypto.flatMap((value) => readCryptoLine(value) ?? []),
    host,
    port: media.port,
    rtcpHost: readHost(media.rtcp?.address) ?? host,
    rtcpPort: rtcpMux ? media.port : hasRtcpPort ? rtcpPort : media.port + 1,
    rtcpMux,
    direction: readDirection(media.direction ?? description.direction),
    codecs: readCodecs(media),
    ...(event ? { telephoneEvent: event.payload } : {}),
  }
}

/** The parser makes numbers of words that look like numbers. A multicast TTL or count may follow the address. */
function readHost(value: unknown): string | undefined {
  const host = String(value ?? '').split('/')[0] ?? ''
  return /^[\w.:-]+$/.test(host) ? host : undefined
}

function isTelephoneEvent(codec: unknown): boolean {
  return String(codec).toLowerCase() === 'telephone-event'
}

function readDirection(text: string | undefined): Direction {
  return text === 'sendonly' || text === 'recvonly' || text === 'inactive' ? text : 'sendrecv'
}

function readCodecs(media: SdpMedia): PayloadMap[] {
  const found: PayloadMap[] = []
  for (const word of String(media.payloads ?? '').split(' ')) {
    const payloadType = Number(word)
    if (word === '' || !Number.isInteger(payloadType) || payloadType > 127) continue
    const map = media.rtp.find((candidate) => candidate.payload === payloadType)
    const name = map ? (map.rate === 8000 ? String(map.codec).toUpperCase() : '') : staticTypes[payloadType]
    if (name === 'PCMA' || name === 'PCMU') found.push({ codec: name, payloadType })
  }
  return found
}

function badSdp(detail: string): VoiceError {
  return new VoiceError('MEDIA_BAD_SDP', { detail })
}
