import { expect } from 'vitest'
import type { PeerPacket } from './rtp-peer.ts'

/** A sine of 8 kHz samples. */
export const tone = (samples: number, amplitude = 9000, hz = 400): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / 8000)))

export const isLoud = (packet: PeerPacket): boolean =>
  packet.payloadType === 8 && packet.samples.some((sample) => Math.abs(sample) > 1000)

/** One SSRC, gapless sequence, timestamps in whole packets that keep up with the clock. */
export function expectPaced(packets: readonly PeerPacket[], packetMs = 20): void {
  const first = packets[0] as PeerPacket
  packets.forEach((packet, i) => {
    expect(packet.ssrc).toBe(first.ssrc)
    expect((packet.sequence - first.sequence) & 0xffff).toBe(i)
    // A slot that had to be skipped shows in the timestamps, truthfully.
    const slots = ((packet.timestamp - first.timestamp) >>> 0) / (8 * packetMs)
    expect(Number.isInteger(slots)).toBe(true)
    expect(slots).toBeGreaterThanOrEqual(i)
    expect(Math.abs(packet.atMs - first.atMs - slots * packetMs)).toBeLessThan(400)
  })
}
