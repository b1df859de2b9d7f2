import { type CodecName, VoiceError } from '@parley/core'
import { type SdpMedia, write } from 'sdp-transform'
import type { MediaSecurity, SecuredSection } from './media-security.ts'
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
  readonly security: MediaSecurity
}

interface Chosen {
  readonly audio: PeerAudio
  readonly map: PayloadMap
}

export interface Answer {
  readonly sdp: string
  readonly remote: RemoteMedia
}

/**
 * The offer/answer model for one G.711 leg.
 *
 * An answer names one codec: the first of the offer's that is ours too. Sections other than the chosen audio section are
 * refused by port 0. Of several audio sections the first that can be spoken is chosen, an encrypted one before others. The `o=` version rises when the text changes.
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
    return this.describe([this.audioSection(codecs, eventType, 'sendrecv', false, this.options.security.offer())])
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC, MEDIA_SRTP_REQUIRED */
  acceptAnswer(text: string): RemoteMedia {
    const { audio, map } = this.choose(this.options.security.admitAnswered(readSdp(text).audios))
    const srtp = this.options.security.accept(audio)
    return { ...toRemote(audio, map, eventType, ourTypes), ...(srtp ? { srtp } : {}) }
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC, MEDIA_SRTP_REQUIRED */
  answer(text: string): Answer {
    const peer = readSdp(text)
    const { audio, map } = this.choose(this.options.security.admitOffered(peer.audios))
    const agreed = this.options.security.answer(audio)
    const event = audio.telephoneEvent ?? -1
    const remote = {
      ...toRemote(audio, map, event, { [map.codec]: map.payloadType }),
      ...(agreed ? { srtp: agreed.keys } : {}),
    }
    const secured = agreed?.section ?? { protocol: audio.protocol }
    const section = this.audioSection([map], event, directionOf(remote), audio.rtcpMux, secured)
    const sections = peer.sections.map((other, index) => (index === audio.index ? section : refusal(other)))
    return { sdp: this.describe(sections), remote }
  }

  /** The first section with a codec of ours. */
  private choose(audios: readonly PeerAudio[]): Chosen {
    for (const audio of audios) {
      const map = audio.codecs.find((candidate) => this.options.codecs.includes(candidate.codec))
      if (map) return { audio, map }
    }
    const detail = audios.length === 0 ? { detail: 'no usable audio section' } : {}
    throw new VoiceError('MEDIA_NO_COMMON_CODEC', detail)
  }

  private audioSection(
    codecs: readonly PayloadMap[],
    event: number,
    direction: Direction,
    mux: boolean,
    secured: SecuredSection,
  ): SdpMedia {
    const types = codecs.map((map) => map.payloadType)
    const rtp: SdpMedia['rtp'] = codecs.map((map) => ({ payload: map.payloadType, codec: map.codec, rate: 8000 }))
    if (event >= 0) {
      types.push(event)
      rtp.push({ payload: event, codec: 'telephone-event', rate: 8000 })
    }
    return {
      type: 'audio',
      port: this.options.port,
      ...secured,
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
