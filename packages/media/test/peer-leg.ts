import { callId, type MediaEngine, type MediaOptions, type MediaStream } from '@parley/core'
import { RtpPeer } from './rtp-peer.ts'
import { EventLog } from './stream-watch.ts'

/** A stream of an engine and the bare RTP peer at its far end; nothing is negotiated yet. */
export interface PeerLeg extends AsyncDisposable {
  readonly peer: RtpPeer
  readonly stream: MediaStream
  /** Where the stream listens. */
  readonly port: number
}

export async function openPeerLeg(engine: MediaEngine, more: Partial<MediaOptions> = {}): Promise<PeerLeg> {
  const peer = await RtpPeer.open()
  const stream = await engine.open({
    callId: callId('call'),
    advertisedHost: '127.0.0.1',
    codecs: ['PCMA'],
    farFieldSuppression: 0,
    ...more,
  })
  return {
    peer,
    stream,
    port: Number(/m=audio (\d+)/.exec(stream.offer())?.[1]),
    async [Symbol.asyncDispose]() {
      await stream[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

/** The same, with what the stream tells. */
export async function openWatchedLeg(
  engine: MediaEngine,
  more: Partial<MediaOptions> = {},
): Promise<PeerLeg & { readonly log: EventLog }> {
  const leg = await openPeerLeg(engine, more)
  return { ...leg, log: new EventLog(leg.stream) }
}
