import { type Codec, payloadTypeOf } from './g711.ts'

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** Where and how the peer wants its audio. */
export interface RemoteMedia {
  readonly host: string
  readonly port: number
  readonly codec: Codec
  /** Payload type of telephone events, when both sides speak them. */
  readonly eventPayloadType?: number
  readonly acceptsMedia: boolean
  readonly direction: MediaDirection
}

interface AudioSection {
  readonly host: string
  readonly port: number
  readonly payloadTypes: readonly number[]
  readonly names: ReadonlyMap<number, string>
  readonly direction: MediaDirection
}

const directions: ReadonlySet<string> = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive'])

function parseAudioSection(sdp: string): AudioSection | undefined {
  let connection: string | undefined
  let direction: MediaDirection = 'sendrecv'
  let media: { port: number; payloadTypes: number[] } | undefined
  const names = new Map<number, string>()
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) {
      // Only the first audio section counts; later sections are other media.
      if (media !== undefined) break
      const match = /^m=audio (\d{1,5})(?:\/\d+)? RTP\/AVP((?: \d{1,3})+)\s*$/.exec(line)
      if (match !== null)
        media = { port: Number(match[1]), payloadTypes: (match[2] ?? '').trim().split(' ').map(Number) }
    }
    const address = /^c=IN IP4 (\d{1,3}(?:\.\d{1,3}){3})/.exec(line)?.[1]
    if (address !== undefined) connection = address
    const attribute = /^a=(\w+)\s*$/.exec(line)?.[1]
    if (attribute !== undefined && directions.has(attribute)) direction = attribute as MediaDirection
    const map = /^a=rtpmap:(\d{1,3}) ([^\s]+)/.exec(line)
    if (map !== null) names.set(Number(map[1]), (map[2] ?? '').toLowerCase())
  }
  if (media === undefined || connection === undefined || media.port === 0 || media.port > 65535) return undefined
  return { host: connection, ...media, names, direction }
}

/**
 * Reads a peer's offer or answer. `wanted` is taken when the peer lists it, else the other G.711 law (an answer to our
 * own offer names what it chose first).
 * @returns undefined when there is no usable audio section with G.711 in it
 */
export function readRemoteMedia(sdp: string, wanted: Codec, isAnswer: boolean): RemoteMedia | undefined {
  const section = parseAudioSection(sdp)
  if (section === undefined) return undefined
  const offered = section.payloadTypes.flatMap((type): Codec[] =>
    type === payloadTypeOf.pcma ? ['pcma'] : type === payloadTypeOf.pcmu ? ['pcmu'] : [],
  )
  const codec = !isAnswer && offered.includes(wanted) ? wanted : offered[0]
  if (codec === undefined) return undefined
  const eventPayloadType = section.payloadTypes.find((type) =>
    section.names.get(type)?.startsWith('telephone-event/8000'),
  )
  const acceptsMedia =
    section.host !== '0.0.0.0' && (section.direction === 'sendrecv' || section.direction === 'recvonly')
  return {
    host: section.host,
    port: section.port,
    codec,
    ...(eventPayloadType === undefined ? {} : { eventPayloadType }),
    acceptsMedia,
    direction: section.direction,
  }
}

/** The direction that answers an offered one. @see RFC 3264 section 6.1 */
export function answerDirection(offered: MediaDirection): MediaDirection {
  if (offered === 'sendonly') return 'recvonly'
  return offered === 'recvonly' ? 'sendonly' : offered
}

/** Our session description: an offer with `codecs` in order, or an answer with the one chosen. */
export function formatSdp(options: {
  readonly host: string
  readonly port: number
  readonly codecs: readonly Codec[]
  readonly eventPayloadType?: number | undefined
  readonly direction: MediaDirection
  readonly id: number
  readonly version: number
}): string {
  const types = options.codecs.map((codec) => payloadTypeOf[codec])
  const event = options.eventPayloadType
  const lines = [
    'v=0',
    `o=phone ${options.id} ${options.version} IN IP4 ${options.host}`,
    's=-',
    `c=IN IP4 ${options.host}`,
    't=0 0',
    `m=audio ${options.port} RTP/AVP ${[...types, ...(event === undefined ? [] : [event])].join(' ')}`,
    ...options.codecs.map((codec) => `a=rtpmap:${payloadTypeOf[codec]} ${codec.toUpperCase()}/8000`),
    ...(event === undefined ? [] : [`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-15`]),
    'a=ptime:20',
    `a=${options.direction}`,
  ]
  return `${lines.join('\r\n')}\r\n`
}
