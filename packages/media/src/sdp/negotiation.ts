import { type CodecName, VoiceError } from '@parley/core'
import { type SdpMedia, write } from 'sdp-transform'
import { codecFormats, packetMsFor } from './codec-formats.ts'
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
    const codecs = this.options.codecs.map((codec) => ({
      codec,
      payloadType: codecFormats[codec].payloadType,
      parameters: '',
    }))
    const clocks = distinct(codecs.map(({ codec }) => codecFormats[codec].clockHz))
    const events = clocks.map((clockHz) => ({ clockHz, payloadType: eventTypes[clockHz] as number }))
    return this.describe([this.audioSection(codecs, events, 'sendrecv', false)])
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC */
  acceptAnswer(text: string): RemoteMedia {
    const audio = requireAudio(readSdp(text).audio)
    const chosen = audio.codecs.find((map) => this.options.codecs.includes(map.codec))
    if (!chosen) throw new VoiceError('MEDIA_NO_COMMON_CODEC')
    const event = eventOf(audio, chosen.codec)
    const ourEvent = event && eventTypes[event.clockHz]
    return this.toRemote(audio, chosen, codecFormats[chosen.codec].payloadType, event, ourEvent)
  }

  /** @throws VoiceError MEDIA_BAD_SDP, MEDIA_NO_COMMON_CODEC */
  answer(text: string): Answer {
    const peer = readSdp(text)
    const audio = requireAudio(peer.audio)
    const chosen = this.choose(audio)
    const event = eventOf(audio, chosen.codec)
    const remote = this.toRemote(audio, chosen, chosen.payloadType, event, event?.payloadType)
    const section = this.audioSection([chosen], event ? [event] : [], directionOf(remote), audio.rtcpMux)
    const sections = peer.sections.map((other, index) => (index === audio.index ? section : refusal(other)))
    return { sdp: this.describe(sections), remote }
  }

  private choose(audio: PeerAudio): PayloadMap {
    for (const codec of this.options.codecs) {
      const offered = audio.codecs.find((map) => map.codec === codec)
      if (offered) return offered
    }
    throw new VoiceError('MEDIA_NO_COMMON_CODEC')
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
  ): SdpMedia {
    const rtp = codecs.map(({ codec, payloadType }) => rtpmapOf(codec, payloadType))
    for (const { payloadType, clockHz } of events)
      rtp.push({ payload: payloadType, codec: 'telephone-event', rate: clockHz })
    return {
      type: 'audio',
      port: this.options.port,
      protocol: 'RTP/AVP',
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

function requireAudio(audio: PeerAudio | undefined): PeerAudio {
  if (!audio) throw new VoiceError('MEDIA_NO_COMMON_CODEC', { detail: 'no usable audio section' })
  return audio
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
