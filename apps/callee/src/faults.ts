import type { CallState } from './call-state.ts'
import { encodeG711, payloadTypeOf } from './g711.ts'
import { bindUdp } from './media-socket.ts'
import { sleepMs } from './monotonic-clock.ts'
import { allocateRtp } from './rtp.ts'
import { packetSamples } from './utterance.ts'

const batch = 20

/** Sends random datagrams to the peer's RTP and SIP ports, from the sockets of the call. */
export async function sendGarbage(state: CallState, count: number): Promise<void> {
  const { random, media, transport, peer } = state
  for (let sent = 0; sent < count && !state.hasEnded; sent += 1) {
    const datagram = Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256)))
    // Half of them look like RTP at first sight.
    if (sent % 2 === 0 && datagram.length > 0) datagram[0] = 0x80
    if (media.remote !== undefined) media.sendDatagram(datagram, media.remote.host, media.remote.port)
    transport.sendDatagram(datagram, peer)
    if (sent % batch === batch - 1) await sleepMs(1, state.signal)
  }
}

/** Sends valid RTP with a loud 440 Hz tone to the peer's RTP port, from a socket that has nothing to do with the call. */
export async function sendAlienRtp(state: CallState, forMs: number): Promise<void> {
  const { remote } = state.media
  if (remote === undefined) return
  const socket = await bindUdp(state.transport.address.host, 0)
  const ssrc = state.random.uint32()
  const tone = Int16Array.from({ length: packetSamples }, (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / 8000))
  for (let seq = 0; seq * 20 < forMs && !state.hasEnded; seq += 1) {
    const header = {
      marker: seq === 0,
      payloadType: payloadTypeOf[remote.codec],
      seq,
      timestamp: seq * packetSamples,
      ssrc,
    }
    const datagram = allocateRtp(header, packetSamples)
    encodeG711(remote.codec, tone, datagram, 12)
    socket.send(datagram, remote.port, remote.host, () => {})
    await sleepMs(20, state.signal)
  }
  socket.close()
}
