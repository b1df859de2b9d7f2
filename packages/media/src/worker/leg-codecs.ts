import type { Codec } from '../codec/codec.ts'
import { newG711 } from '../codec/g711.ts'
import { openCodec } from '../codec/open-codec.ts'
import type { SendPlan } from '../downlink.ts'
import type { PacketContent } from '../rtp/reorder-window.ts'
import type { RemoteMedia } from '../sdp/remote-media.ts'

const comfortNoise = 13

/**
 * The codecs of one leg. A re-offer that keeps the codec keeps its state. One that changes it leaves the decoder before
 * in use for its payload types, because packets of the old kind arrive until the peer has our answer.
 * @see RFC 3264 section 8.3.2
 */
export class LegCodecs {
  private codec: Codec = newG711('PCMA')
  private types: readonly number[] = []
  private previous: Codec | undefined
  private previousTypes: readonly number[] = []
  private closed = false

  /** Takes the outcome of a negotiation. Not to be called again before it resolves. */
  async configure(remote: RemoteMedia): Promise<SendPlan> {
    if (remote.codec !== this.codec.name) this.replace(await openCodec(remote.codec, remote.opus))
    this.types = remote.receivePayloadTypes
    return planOf(remote, this.codec)
  }

  /** What a packet of the peer holds; undefined for a payload type that was not agreed on. */
  contentOf(payloadType: number): PacketContent | undefined {
    if (this.types.includes(payloadType)) return this.codec.decoder
    if (this.previousTypes.includes(payloadType)) return this.previous?.decoder
    return payloadType === comfortNoise ? 'noise' : undefined
  }

  private replace(codec: Codec): void {
    this.previous?.close()
    this.previous = this.codec
    this.previousTypes = this.types
    this.codec = codec
    if (this.closed) this.close()
  }

  close(): void {
    this.closed = true
    this.codec.close()
    this.previous?.close()
  }
}

/** The plan of a leg whose peer is not known yet: nothing is sent. */
export function idlePlan(): SendPlan {
  const { encoder } = newG711('PCMA')
  return { encoder, payloadType: 8, packetSamples: 160, eventType: -1, eventTicksPerSample: 1, maySend: false }
}

function planOf(remote: RemoteMedia, codec: Codec): SendPlan {
  return {
    encoder: codec.encoder,
    payloadType: remote.sendPayloadType,
    packetSamples: remote.packetMs * 8,
    eventType: remote.sendEventType,
    eventTicksPerSample: remote.eventClockHz / 8000,
    maySend: remote.maySend,
  }
}
