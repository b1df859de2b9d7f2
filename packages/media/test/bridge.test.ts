import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaEngine, MediaOptions } from '@parley/core'
import { createMediaEngine } from '@parley/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWav } from './clips.ts'
import { isLoud, tone } from './heard-packets.ts'
import { openPeerLeg } from './peer-leg.ts'
import type { PeerPacket } from './rtp-peer.ts'
import { basics, collect, workerUrl } from './stream-watch.ts'

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe.concurrent('streams of one call', { retry: 2 }, () => {
  let engine: MediaEngine
  let folder: string

  beforeAll(async () => {
    engine = await createMediaEngine({ ...basics, rtpPorts: { min: 22_900, max: 22_999 }, workerUrl, workerCount: 2 })
    folder = await mkdtemp(join(tmpdir(), 'parley-bridge-'))
  })
  afterAll(async () => {
    await engine[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const connect = (more: Partial<MediaOptions> = {}) => openPeerLeg(engine, more)

  test('two streams side by side are bridged: each peer hears the other, keys included, and the recording has both', async () => {
    const recordingPath = join(folder, 'bridged.wav')
    await using caller = await connect({ recordingPath })
    await using human = await connect({ beside: caller.stream })
    for (const { peer, stream } of [caller, human]) {
      await stream.acceptAnswer(peer.sdp())
      await stream.start()
    }
    await caller.stream.bridgeTo(human.stream)
    await Promise.all([
      caller.peer.speak(caller.port, tone(8000)),
      human.peer.speak(human.port, tone(8000, 9000, 1000)),
    ])
    const crossings = (packets: readonly PeerPacket[]) => {
      const samples = packets
        .filter(isLoud)
        .slice(5, 30)
        .flatMap((packet) => [...packet.samples])
      return samples.filter((sample, i) => i > 0 && sample >= 0 !== (samples[i - 1] ?? 0) >= 0).length
    }
    // 25 packets are half a second: a tone of f Hz crosses zero f times.
    expect(crossings(human.peer.heard)).toBeGreaterThan(380)
    expect(crossings(human.peer.heard)).toBeLessThan(420)
    expect(crossings(caller.peer.heard)).toBeGreaterThan(960)
    expect(crossings(caller.peer.heard)).toBeLessThan(1040)
    for (const { peer } of [caller, human]) {
      const [first] = peer.heard
      for (const [i, { sequence }] of peer.heard.entries()) expect((sequence - (first?.sequence ?? 0)) & 0xffff).toBe(i)
    }

    for (const [isEnd, ticks] of [
      [false, 320],
      [true, 800],
      [true, 800],
    ] as const)
      caller.peer.sendEvent(caller.port, 5, isEnd, ticks)
    await human.peer.waitFor(() =>
      human.peer.heard.some((packet) => packet.payloadType === 101 && packet.payload[0] === 5),
    )

    await human.stream[Symbol.asyncDispose]()
    const heard = caller.peer.heard.length
    await caller.peer.waitFor(() => caller.peer.heard.length > heard + 5)
    expect(caller.peer.heard.slice(heard + 2).some(isLoud)).toBe(false)
    await caller.stream[Symbol.asyncDispose]()
    const { samples } = readWav(await readFile(recordingPath))
    for (const side of [0, 1]) expect(samples.some((sample, i) => i % 2 === side && Math.abs(sample) > 5000)).toBe(true)
  })

  test('a stream that is asked again for its uplink has one reader, the newer', async () => {
    await using call = await connect()
    const { peer, stream, port } = call
    await stream.acceptAnswer(peer.sdp())
    await stream.start()
    const first = collect(stream)
    await peer.speak(port, tone(1600))
    const second = collect(stream)
    await first
    await peer.speak(port, tone(1600))
    await stream[Symbol.asyncDispose]()
    expect((await first).samples.length).toBeGreaterThan(800)
    expect((await second).samples.length).toBeGreaterThan(800)
  })
})
