import { createSocket, type Socket } from 'node:dgram'
import { callId, type MediaEngine, type MediaOptions } from '@parley/core'
import { createInThreadMediaEngine } from '@parley/media'
import { systemClock } from '@parley/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../src/rtp/rtcp.ts'
import { writeRtpHeader } from '../src/rtp/rtp-packet.ts'
import { openWatchedLeg } from './peer-leg.ts'
import { type PeerPacket, RtpPeer, until } from './rtp-peer.ts'
import { basics, collect } from './stream-watch.ts'
import { sine } from './tones.ts'

const quiet = new Int16Array(160)
/** Far from zero in A-law. */
const loudByte = 0x2a

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe('what comes from whom', { retry: 2 }, () => {
  let engine: MediaEngine
  beforeAll(async () => {
    engine = await createInThreadMediaEngine({ ...basics, bindHost: '0.0.0.0', rtpPorts: { min: 22_600, max: 22_799 } })
  })
  afterAll(() => engine[Symbol.asyncDispose]())

  async function connect(more: Partial<MediaOptions> = {}) {
    const leg = await openWatchedLeg(engine, more)
    const { peer, stream, port, log } = leg
    const attacker = await boundTo('127.0.0.2')
    const reading = collect(stream)
    await stream.answerOffer(peer.sdp())
    await stream.start()
    return {
      ...{ peer, stream, port, attacker, reading, log },
      /** A loud packet with the peer's SSRC and its next sequence number. */
      inject(): void {
        const packet = new Uint8Array(172).fill(loudByte, 12)
        writeRtpHeader(packet, false, 8, peer.sequence, peer.timestamp, peer.ssrc)
        attacker.send(packet, port, '127.0.0.1')
      },
      async [Symbol.asyncDispose]() {
        attacker.close()
        await leg[Symbol.asyncDispose]()
      },
    }
  }

  test('an attacker who knows port, SSRC and sequence is not heard and gets nothing', async () => {
    await using call = await connect()
    const { peer, stream, port, attacker, reading } = call
    let reached = 0
    attacker.on('message', () => {
      reached += 1
    })
    for (let i = 0; i < 40; i += 1) {
      call.inject()
      peer.sendAudio(port, quiet)
      call.inject()
      await peer.waitFor(() => peer.heard.length > i)
    }
    await peer.waitFor(() => peer.heard.length > 45)
    const { packetsReceived, packetsDiscarded } = await stream.statistics()
    expect(packetsReceived).toBe(40)
    expect(packetsDiscarded).toBeGreaterThanOrEqual(80)
    await stream[Symbol.asyncDispose]()
    expect((await reading).samples.every((sample) => Math.abs(sample) < 100)).toBe(true)
    expect(reached).toBe(0)
  })

  test('with media sources set, nobody else is heard even while the peer is silent', async () => {
    await using call = await connect({ sources: ['127.0.0.1/32'] })
    const { peer, stream, port } = call
    for (let i = 0; i < 20; i += 1) {
      call.inject()
      peer.sequence += 1
      await peer.waitFor(() => peer.heard.length > i)
    }
    expect(await stream.statistics()).toMatchObject({ packetsReceived: 0, packetsDiscarded: 20 })
    peer.sendAudio(port, quiet)
    await peer.waitFor(() => peer.heard.length > 25)
    expect(await stream.statistics()).toMatchObject({ packetsReceived: 1, packetsDiscarded: 20 })
  })

  test('a wrong media source is refused by name', async () => {
    await expect(connect({ sources: ['carrier.example'] })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test("reports and goodbyes of others are ignored, the peer's are taken, and neither ends anything", async () => {
    await using call = await connect()
    const { peer, stream, port, attacker, log } = call
    await peer.waitFor(() => peer.heard.length >= 2)
    const ssrc = (peer.heard[0] as PeerPacket).ssrc
    const report = (lost: number) => {
      const bytes = new Uint8Array(400)
      const sender = { ssrc: peer.ssrc, wallMs: systemClock.wallMs(), timestamp: 0, packets: 1, bytes: 160 }
      const block = { ssrc, fractionLost: 9, lost, highestSequence: 1, jitter: 80, lastReport: 0, sinceLastReport: 0 }
      return bytes.slice(0, writeReport(bytes, sender, block, 'x', true))
    }
    attacker.send(report(1000), port + 1, '127.0.0.1')
    attacker.send(report(1000), port, '127.0.0.1')
    await peer.waitFor(() => peer.heard.length >= 6)
    expect((await stream.statistics()).peerPacketsLost).toBeUndefined()
    peer.sendRaw(port + 1, report(1))
    await peer.waitFor(() => peer.heard.length >= 12)
    expect(await stream.statistics()).toMatchObject({ peerPacketsLost: 1, peerJitterMs: 10 })
    peer.sendAudio(port, quiet)
    await peer.waitFor(() => peer.heard.length >= 15)
    expect((await stream.statistics()).packetsReceived).toBe(1)
    expect(log.ended).toBe(false)
  })

  test('a NAT that gives the peer another port in mid-call costs a second, not the call', async () => {
    await using call = await connect()
    await using moved = await RtpPeer.open()
    const { peer, stream, port } = call
    for (let i = 0; i < 5; i += 1) {
      peer.sendAudio(port, quiet)
      await peer.waitFor(() => peer.heard.length > i)
    }
    const movedAtMs = systemClock.nowMs()
    Object.assign(moved, { sequence: peer.sequence, timestamp: peer.timestamp, ssrc: peer.ssrc })
    const speaking = moved.speak(port, sine(440, 12_800))
    await moved.waitFor(() => moved.heard.length >= 3)
    expect(systemClock.nowMs() - movedAtMs).toBeGreaterThan(900)
    await speaking
    expect((await stream.statistics()).packetsReceived).toBeGreaterThan(15)
  })

  test('a peer with our SSRC makes us take another, with a goodbye for the old, and is heard', async () => {
    await using call = await connect()
    const { peer, stream, port } = call
    await peer.waitFor(() => peer.heard.length >= 2)
    const before = (peer.heard[0] as PeerPacket).ssrc
    peer.ssrc = before
    for (let i = 0; i < 10; i += 1) {
      const count = peer.heard.length
      peer.sendAudio(port, quiet)
      await peer.waitFor(() => peer.heard.length > count)
    }
    await peer.waitFor(() => peer.heard.at(-1)?.ssrc !== before)
    expect(peer.reports.some((report) => Buffer.from(report).readUInt32BE(report.length - 4) === before)).toBe(true)
    expect(await stream.statistics()).toMatchObject({ packetsReceived: 9 })
  })

  test('a line that sends our own packets back is not taken for the caller', async () => {
    await using call = await connect()
    const { peer, stream, port } = call
    const echoed = new Set<PeerPacket>()
    for (let i = 0; i < 30; i += 1) {
      await peer.waitFor(() => peer.heard.length > i + 2)
      for (const packet of peer.heard) {
        if (echoed.has(packet)) continue
        echoed.add(packet)
        const bytes = new Uint8Array(172)
        writeRtpHeader(bytes, packet.marker, 8, packet.sequence, packet.timestamp, packet.ssrc)
        bytes.set(packet.payload, 12)
        peer.sendRaw(port, bytes)
      }
    }
    const { packetsReceived, packetsDiscarded } = await stream.statistics()
    expect(packetsReceived).toBeLessThanOrEqual(4)
    expect(packetsDiscarded).toBeGreaterThan(20)
    // It changed once and stays.
    expect(new Set(peer.heard.map((packet) => packet.ssrc)).size).toBe(2)
  })

  test('many streams leave no socket behind, and what is asked beyond the range is refused', async () => {
    const range = { min: 23_000, max: 23_399 }
    const small = await createInThreadMediaEngine({ ...basics, voiceDetection: 'energy', rtpPorts: range })
    const options = {
      callId: callId('call'),
      advertisedHost: '127.0.0.1',
      codecs: ['PCMA'],
      farFieldSuppression: 0,
    } as const
    // Sockets of the tests before this one are gone by then.
    await until(systemClock.nowMs() + 100)
    const before = sockets()
    for (let round = 0; round < 4; round += 1) {
      const streams = await Promise.all(Array.from({ length: 50 }, () => small.open(options)))
      expect(sockets()).toBe(before + 100)
      for (const stream of streams) await stream[Symbol.asyncDispose]()
      await until(systemClock.nowMs() + 100)
      expect(sockets()).toBe(before)
    }
    await expect(small.open(options)).rejects.toMatchObject({ code: 'MEDIA_NO_PORT', retryable: true })
    await small[Symbol.asyncDispose]()
  })
})

/** UDP sockets of this process. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length
}

function boundTo(host: string): Promise<Socket> {
  const socket = createSocket('udp4')
  return new Promise((resolve) => socket.bind(0, host, () => resolve(socket)))
}
