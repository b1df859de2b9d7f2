import { type CodecName, VoiceError } from '@parley/core'
import { type SdpMedia, write } from 'sdp-transform'
import { type Direction, type PayloadMap, type PeerAudio, type PeerSection, readSdp } from './read-sdp.ts'
import type { RemoteMedia } from './remote-media.ts'

const eventType = 101
const ourTypes: Readonly<Record<CodecName, number>> = { PCMA: 8, PCMU: 0 }

export interface NegotiationOptions {
  readonly host: string
  readonly port: number
  readonly codecs: readonly CodecName[]
  /** Numeric id of the `o=` line. */
  readonly originId: number
}

export interface Answer {
  readonly sdp: string
  readonly remote: RemoteMedia
}

/**
 * The offer/answer model for one G.711 leg.
 *
 * An answer names one codec: the first of the offer's that is ours too. Sections other than the chosen audio section are
 * refused by port 0. The `o=` version rises when the text changes.
 * @see RFC 3264, RFC 4566; hold: RFC 3264 section 8.4 and, as 0.0.0.0, RFC 2543
 */
export class Negotiation {
  private readonly options: NegotiationOptions
  private version = 0
  private lastBody = ''

  constructor(options: NegotiationOptions) {
    this.options = options
  }

  offer(): string {
    const codecs = this.options.codecs.map((codec) => ({ codec, payloadType: ourTypes[codec] }))
    return this.describe([this.audioSection(codecs, eventType, 'sendrecv', false)])
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC */
  acceptAnswer(text: string): RemoteMedia {
    const audio = requireAudio(readSdp(text).audio)
    return toRemote(audio, this.choose(audio), eventType, ourTypes)
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC */
  answer(text: string): Answer {
    const peer = readSdp(text)
    const audio = requireAudio(peer.audio)
    const chosen = this.choose(audio)
    const remote = toRemote(audio, chosen, audio.telephoneEvent ?? -1, { [chosen.codec]: chosen.payloadType })
    const section = this.audioSection([chosen], audio.telephoneEvent ?? -1, directionOf(remote), audio.rtcpMux)
    const sections = peer.sections.map((other, index) => (index === audio.index ? section : refusal(other)))
    return { sdp: this.describe(sections), remote }
  }

  private choose(audio: PeerAudio): PayloadMap {
    const chosen = audio.codecs.find((map) => this.options.codecs.includes(map.codec))
    if (!chosen) throw new VoiceError('MEDIA_NO_COMMON_CODEC')
    return chosen
  }

  private audioSection(codecs: readonly PayloadMap[], event: number, direction: Direction, mux: boolean): SdpMedia {
    const types = codecs.map((map) => map.payloadType)
    const rtp: SdpMedia['rtp'] = codecs.map((map) => ({ payload: map.payloadType, codec: map.codec, rate: 8000 }))
    if (event >= 0) {
      types.push(event)
      rtp.push({ payload: event, codec: 'telephone-event', rate: 8000 })
    }
    return {
      type: 'audio',
      port: this.options.port,
      protocol: 'RTP/AVP',
      payloads: types.join(' '),
      rtp,
      fmtp: event >= 0 ? [{ payload: event, config: '0-15' }] : [],
      ptime: 20,
      direction,
      ...(mux ? { rtcpMux: 'rtcp-mux' } : {}),
    }
  }

  private describe(media: SdpMedia[]): string {
    const { host, originId } = this.options
    const ipVer = host.includes(':') ? 6 : 4
    const body = JSON.stringify(media)
    if (body !== this.lastBody) this.version += 1
    this.lastBody = body
    return write({
      version: 0,
      origin: {
        username: '-',
        sessionId: originId,
        sessionVersion: this.version,
        netType: 'IN',
        ipVer,
        address: host,
      },
      name: '-',
      connection: { version: ipVer, ip: host },
      timing: { start: 0, stop: 0 },
      media,
    })
  }
}

function requireAudio(audio: PeerAudio | undefined): PeerAudio {
  if (!audio) throw new VoiceError('MEDIA_NO_COMMON_CODEC', { detail: 'no usable audio section' })
  return audio
}

function toRemote(
  audio: PeerAudio,
  chosen: PayloadMap,
  ourEventType: number,
  ours: Partial<Record<CodecName, number>>,
): RemoteMedia {
  const nowhere = audio.host === '0.0.0.0' || audio.host === '::'
  const peerEvent = audio.telephoneEvent ?? -1
  return {
    host: audio.host,
    port: audio.port,
    rtcpHost: audio.rtcpHost,
    rtcpPort: audio.rtcpPort,
    codec: chosen.codec,
    sendPayloadType: chosen.payloadType,
    receivePayloadTypes: distinct([ours[chosen.codec] ?? chosen.payloadType, chosen.payloadType]),
    sendEventType: peerEvent,
    receiveEventTypes: peerEvent < 0 ? [] : distinct([ourEventType, peerEvent]),
    maySend: !nowhere && (audio.direction === 'sendrecv' || audio.direction === 'recvonly'),
    peerSends: audio.direction === 'sendrecv' || audio.direction === 'sendonly',
  }
}

function directionOf(remote: RemoteMedia): Direction {
  if (remote.maySend) return remote.peerSends ? 'sendrecv' : 'sendonly'
  return remote.peerSends ? 'recvonly' : 'inactive'
}

function refusal(section: PeerSection): SdpMedia {
  return { ...section, port: 0, rtp: [], fmtp: [] }
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)]
}
