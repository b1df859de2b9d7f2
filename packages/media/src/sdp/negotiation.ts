import { type CodecName, VoiceError } from '@parley/core'
import { type SdpMedia, write } from 'sdp-transform'
import { codecFormats, packetMsFor } from './codec-formats.ts'
import type { MediaSecurity, SecuredSection } from './media-security.ts'
import { opusSettings } from './opus-format.ts'
import {
  type Direction,
  type EventMap,
  type PayloadMap,
  type PeerAudio,
  type PeerSection,
  readSdp,
} from './read-sdp.ts'
import type { RemoteMedia } from './remote-media.ts'

/** Our numbers of telephone events, by the clock of the codec beside them. */
const eventTypes: Readonly<Record<number, number>> = { 8000: 101, 48000: 102 }

export interface NegotiationOptions {
  readonly host: string
  readonly port: number
  /** In order of preference. */
  readonly codecs: readonly CodecName[]
  /** Length of packets we ask for, and send when the peer names none. */
  readonly ptimeMs: number
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
 * The offer/answer model for one leg.
 *
 * An answer names one codec: the first of ours that is offered, and the telephone events that go with its clock. From an
 * answer to our offer the first codec that is ours is taken. Sections other than the chosen audio section are
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
    const codecs = this.options.codecs.map((codec) => ({
      codec,
      payloadType: codecFormats[codec].payloadType,
      parameters: '',
    }))
    // Peers that know events of 8 kHz alone keep them beside Opus as well, which is only answered when they are offered.
    const clocks = distinct([...codecs.map(({ codec }) => codecFormats[codec].clockHz), 8000])
    const events = clocks.map((clockHz) => ({ clockHz, payloadType: eventTypes[clockHz] as number }))
    return this.describe([this.audioSection(codecs, events, 'sendrecv', false, this.options.security.offer())])
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC, MEDIA_SRTP_REQUIRED */
  acceptAnswer(text: string): RemoteMedia {
    const audios = this.options.security.admitAnswered(readSdp(text).audios)
    const { audio, map } = chosenFrom(audios, (candidate) =>
      candidate.codecs.find(({ codec }) => this.options.codecs.includes(codec)),
    )
    const srtp = this.options.security.accept(audio)
    const event = eventOf(audio, map.codec)
    const ourEvent = event && eventTypes[event.clockHz]
    const remote = this.toRemote(audio, map, codecFormats[map.codec].payloadType, event, ourEvent)
    return { ...remote, ...(srtp ? { srtp } : {}) }
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC, MEDIA_SRTP_REQUIRED */
  answer(text: string): Answer {
    const peer = readSdp(text)
    const { audio, map } = chosenFrom(this.options.security.admitOffered(peer.audios), (candidate) =>
      this.preferred(candidate),
    )
    const agreed = this.options.security.answer(audio)
    const event = eventOf(audio, map.codec)
    const remote = {
      ...this.toRemote(audio, map, map.payloadType, event, event?.payloadType),
      ...(agreed ? { srtp: agreed.keys } : {}),
    }
    const secured = agreed?.section ?? { protocol: audio.protocol }
    const section = this.audioSection([map], event ? [event] : [], directionOf(remote), audio.rtcpMux, secured)
    const sections = peer.sections.map((other, index) => (index === audio.index ? section : refusal(other)))
    return { sdp: this.describe(sections), remote }
  }

  private preferred(audio: PeerAudio): PayloadMap | undefined {
    for (const codec of this.options.codecs) {
      const offered = audio.codecs.find((map) => map.codec === codec)
      if (offered) return offered
    }
    return undefined
  }

  private toRemote(
    audio: PeerAudio,
    chosen: PayloadMap,
    ourType: number,
    event: EventMap | undefined,
    ourEventType: number | undefined,
  ): RemoteMedia {
    const nowhere = audio.host === '0.0.0.0' || audio.host === '::'
    return {
      host: audio.host,
      port: audio.port,
      rtcpHost: audio.rtcpHost,
      rtcpPort: audio.rtcpPort,
      codec: chosen.codec,
      opus: opusSettings(chosen.parameters),
      packetMs: packetMsFor(chosen.codec, audio, this.options.ptimeMs),
      sendPayloadType: chosen.payloadType,
      receivePayloadTypes: distinct([ourType, chosen.payloadType]),
      sendEventType: event?.payloadType ?? -1,
      receiveEventTypes: event ? distinct([ourEventType ?? event.payloadType, event.payloadType]) : [],
      eventClockHz: event?.clockHz ?? 8000,
      maySend: !nowhere && (audio.direction === 'sendrecv' || audio.direction === 'recvonly'),
      peerSends: audio.direction === 'sendrecv' || audio.direction === 'sendonly',
    }
  }

  private audioSection(
    codecs: readonly PayloadMap[],
    events: readonly EventMap[],
    direction: Direction,
    mux: boolean,
    secured: SecuredSection,
  ): SdpMedia {
    const rtp = codecs.map(({ codec, payloadType }) => rtpmapOf(codec, payloadType))
    for (const { payloadType, clockHz } of events)
      rtp.push({ payload: payloadType, codec: 'telephone-event', rate: clockHz })
    return {
      type: 'audio',
      port: this.options.port,
      ...secured,
      payloads: rtp.map((map) => map.payload).join(' '),
      rtp,
      fmtp: [...codecs.flatMap(fmtpOf), ...events.map(({ payloadType }) => ({ payload: payloadType, config: '0-15' }))],
      ptime: this.options.ptimeMs,
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

/** The first section with a codec of ours. */
function chosenFrom(audios: readonly PeerAudio[], codecOf: (audio: PeerAudio) => PayloadMap | undefined): Chosen {
  for (const audio of audios) {
    const map = codecOf(audio)
    if (map) return { audio, map }
  }
  const detail = audios.length === 0 ? { detail: 'no usable audio section' } : {}
  throw new VoiceError('MEDIA_NO_COMMON_CODEC', detail)
}

function rtpmapOf(codec: CodecName, payload: number): SdpMedia['rtp'][number] {
  const { encoding, clockHz, channels } = codecFormats[codec]
  return { payload, codec: encoding, rate: clockHz, ...(channels === undefined ? {} : { encoding: channels }) }
}

function fmtpOf({ codec, payloadType }: PayloadMap): SdpMedia['fmtp'] {
  const { parameters } = codecFormats[codec]
  return parameters === undefined ? [] : [{ payload: payloadType, config: parameters }]
}

/** Events of the codec's clock; those of 8 kHz beside a codec of another clock, where the peer has no others. */
function eventOf(audio: PeerAudio, codec: CodecName): EventMap | undefined {
  const { clockHz } = codecFormats[codec]
  const events = audio.telephoneEvents
  return events.find((event) => event.clockHz === clockHz) ?? events.find((event) => event.clockHz === 8000)
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
