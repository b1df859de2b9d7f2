import { callId, type MediaEngine, type MediaStream } from '@parley/core'
import { createInThreadMediaEngine, createMediaEngine } from '@parley/media'
import { systemClock } from '@parley/runtime'
import { expect, test } from 'vitest'
import { RtpPeer, until } from './rtp-peer.ts'
import { basics, collect, EventLog } from './stream-watch.ts'

const options = {
  callId: callId('x'),
  advertisedHost: '127.0.0.1',
  codecs: ['PCMA'],
  farFieldSuppression: 0,
} as const

/** A started stream to the peer, and our port. */
async function connect(engine: MediaEngine, peer: RtpPeer): Promise<{ stream: MediaStream; port: number }> {
  const stream = await engine.open(options)
  const port = Number(/m=audio (\d+)/.exec(stream.offer())?.[1])
  await stream.acceptAnswer(peer.sdp())
  await stream.start()
  return { stream, port }
}

test('audio that waited in the socket while the thread stood still is not lost', async () => {
  const engine = await createInThreadMediaEngine({
    ...basics,
    rtpPorts: { min: 21_840, max: 21_859 },
    voiceDetection: 'energy',
  })
  await using peer = await RtpPeer.open()
  const { stream, port } = await connect(engine, peer)
  const reading = collect(stream)
  const frame = new Int16Array(160).fill(5000)
  for (let i = 0; i < 10; i += 1) {
    peer.sendAudio(port, frame)
    await until(systemClock.nowMs() + 20)
  }
  const standUntilMs = systemClock.nowMs() + 400
  for (let i = 0; i < 18; i += 1) peer.sendAudio(port, frame)
  while (systemClock.nowMs() < standUntilMs) Math.sqrt(standUntilMs)
  for (let i = 0; i < 5; i += 1) {
    await until(systemClock.nowMs() + 20)
    peer.sendAudio(port, frame)
  }
  await peer.waitFor(() => peer.heard.length > 20)
  await engine[Symbol.asyncDispose]()
  const { samples } = await reading
  expect(samples.slice(0, 28 * 160).every((sample) => sample > 4000)).toBe(true)
})

test('IPv4 peers are reached from a socket for both families', async () => {
  const engine = await createInThreadMediaEngine({
    ...basics,
    bindHost: '::',
    rtpPorts: { min: 21_860, max: 21_869 },
    voiceDetection: 'energy',
  })
  await using peer = await RtpPeer.open()
  const { stream, port } = await connect(engine, peer)
  await peer.waitFor(() => peer.heard.length >= 3)
  await peer.speak(port, new Int16Array(480))
  await peer.waitFor(() => peer.heard.length >= 8)
  expect(await stream.statistics()).toMatchObject({ packetsReceived: 3, packetsDiscarded: 0 })
  await engine[Symbol.asyncDispose]()
})

test('an engine whose ports are all in use says so', async () => {
  const engine = await createInThreadMediaEngine({
    ...basics,
    rtpPorts: { min: 21_800, max: 21_801 },
    voiceDetection: 'energy',
  })
  await using stream = await engine.open(options)
  await expect(engine.open(options)).rejects.toMatchObject({ code: 'MEDIA_NO_PORT' })
  expect(stream.offer()).toContain('m=audio 21800')
  await engine[Symbol.asyncDispose]()
})

test('a dying worker fails its streams and is replaced', async () => {
  const engine = await createMediaEngine({
    ...basics,
    rtpPorts: { min: 21_810, max: 21_829 },
    workerUrl: new URL('./mortal-worker.ts', import.meta.url),
    workerCount: 1,
    voiceDetection: 'energy',
  })
  const stream = await engine.open({ ...options, callId: callId('die') })
  const log = new EventLog(stream)
  await stream.start().catch(() => undefined)
  expect(await log.next('media.failed')).toMatchObject({ code: 'MEDIA_WORKER_LOST' })
  await expect(stream.statistics()).rejects.toMatchObject({ code: 'MEDIA_WORKER_LOST' })
  await stream[Symbol.asyncDispose]()
  const deadlineMs = systemClock.nowMs() + 5000
  let again: MediaStream | undefined
  while (!again && systemClock.nowMs() < deadlineMs) {
    again = await engine.open(options).catch(() => undefined)
    if (!again) await until(systemClock.nowMs() + 20)
  }
  expect(await again?.statistics()).toMatchObject({ packetsSent: 0 })
  await engine[Symbol.asyncDispose]()
})
