import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CodecName } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Ambience } from '../src/ambience/ambience.ts'
import { renderAmbience } from '../src/ambience/ambience-loop.ts'
import { maxPacketSamples } from '../src/codec/codec.ts'
import { newG711 } from '../src/codec/g711.ts'
import { openCodec } from '../src/codec/open-codec.ts'
import { Downlink } from '../src/downlink.ts'
import { PlayoutQueue } from '../src/playout/playout-queue.ts'
import { RelayBuffer } from '../src/relay-buffer.ts'
import { newRtpHeader, parseRtp, writeRtpHeader } from '../src/rtp/rtp-packet.ts'
import { Uplink } from '../src/uplink.ts'
import { CallerEar } from '../src/vad/caller-ear.ts'
import { UplinkRing, uplinkRingBytes } from '../src/worker/uplink-ring.ts'
import { g711Plan } from './send-plan.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const frames = 10_000
const warmUpFrames = 2000
/**
 * Bytes of garbage and growth a frame up and a frame down may leave together. Boxed numbers come to about 400; one
 * frame's samples in a fresh array would add as much.
 */
const budgetPerFrame = 550

function newFastPath() {
  const ring = new UplinkRing(new SharedArrayBuffer(uplinkRingBytes))
  const ear = new CallerEar(0, { onSpeechStarted() {}, onSpeechStopped() {}, onSpeechSuspected() {} })
  const window = new Float32Array(288)
  const uplink = new Uplink({
    onFrame(frame, startSample) {
      ring.push(frame, startSample)
      ear.onFrame(frame, startSample, uplink.time.clockOf(startSample + 160))
      while (ear.track.isReady) {
        ear.track.fillWindow(window, 0)
        ear.track.onProbability(0.9, ear.track.takenSamples)
      }
    },
  })
  const queue = new PlayoutQueue()
  const out = new Uint8Array(1500)
  const downlink = new Downlink(g711Plan('PCMA'), queue, new Uint8Array(10), {
    nextBuffer: () => out,
    send() {},
    onSpeech: (frame, _dueMs, slotMs) => ear.onSent(frame, slotMs),
    onStarted() {},
    onProgress() {},
    onFinished() {},
    liveGeneration: () => 1,
  })
  downlink.ambience = new Ambience(renderAmbience('coffeeShop'), 0.7)
  downlink.configure(g711Plan('PCMA'))
  downlink.start(0)
  queue.begin(1)
  queue.write(new Int16Array((frames + warmUpFrames) * 160).fill(3000))
  const datagram = new Uint8Array(172).fill(0x33, 12)
  const header = newRtpHeader()
  const { decoder } = newG711('PCMA')
  let sent = 0
  return (count: number) => {
    for (let i = 0; i < count; i += 1, sent += 1) {
      // One in fifty is lost, so that waiting and concealing are measured too.
      if (sent % 50 !== 7) {
        writeRtpHeader(datagram, false, 8, sent & 0xffff, (sent * 160) >>> 0, 1)
        parseRtp(datagram, header)
        uplink.receive(header, datagram, decoder, sent * 20)
      }
      for (let tick = 0; tick < 20; tick += 5) {
        uplink.tick(sent * 20 + tick)
        downlink.service(sent * 20 + tick, sent * 20 + tick)
      }
    }
    return downlink.packetsSent
  }
}

/** Encoder and decoder of one codec at work. */
async function newCodecPath(name: CodecName) {
  const codec = await openCodec(name, { bitrateBps: 24_000, inbandFec: true, constantBitrate: false })
  const frame = Int16Array.from({ length: 160 }, (_, i) => 3000 * Math.sin(i / 3))
  const bytes = new Uint8Array(1500)
  const into = new Int16Array(maxPacketSamples)
  return (count: number) => {
    for (let i = 0; i < count; i += 1) {
      const length = codec.encoder.encode(frame, bytes, 0)
      codec.decoder.decode(bytes, length, into)
    }
  }
}

// libopus-wasm hands out an array for each packet in either direction, and needs views of what it is given.
test.each([
  ['PCMA', 16],
  ['G722', 16],
  ['opus', 1400],
] as const)('%s leaves at most %i bytes for each frame on the heap', async (name, budget) => {
  const run = await newCodecPath(name)
  run(2000)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  run(2000)
  expect((process.memoryUsage().heapUsed - before) / 2000).toBeLessThan(budget)
})

test('ten thousand frames up and down leave next to nothing on the heap', () => {
  const run = newFastPath()
  run(warmUpFrames)
  const sentBefore = run(0)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const sent = run(frames)
  const grown = process.memoryUsage().heapUsed - before
  expect(sent - sentBefore).toBeGreaterThanOrEqual(frames - 1)
  expect(grown / frames).toBeLessThan(budgetPerFrame)
})

/** An ear whose line gives back, 100 ms later and 12 dB weaker, syllables of noise. */
function newEchoLine() {
  const ear = new CallerEar(0, { onSpeechStarted() {}, onSpeechStopped() {}, onSpeechSuspected() {} })
  const random = new SeededRandom(1)
  const sound = Int16Array.from({ length: 80_000 }, (_, i) =>
    Math.round(random.between(-9000, 9000) * Math.sin(i / (900 + 300 * Math.sin(i / 7000))) ** 4),
  )
  const echo = sound.map((sample) => sample / 4)
  const window = new Float32Array(288)
  let sent = 0
  return {
    ear,
    run(count: number): void {
      for (let i = 0; i < count; i += 1, sent += 1) {
        const at = (sent % 490) * 160
        const heardAt = ((sent + 485) % 490) * 160
        ear.onSent(sound.subarray(at, at + 160), sent * 20 + 20)
        ear.onFrame(echo.subarray(heardAt, heardAt + 160), sent * 160, sent * 20 + 20)
        while (ear.track.isReady) {
          ear.track.fillWindow(window, 0)
          ear.track.onProbability(0.95, ear.track.takenSamples)
        }
      }
    },
  }
}

test('taking out an echo leaves next to nothing on the heap', () => {
  const { ear, run } = newEchoLine()
  run(warmUpFrames)
  expect(ear.echoDelayMs).toBe(100)
  expect(Math.abs(ear.echoLossDb - 12)).toBeLessThan(2)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  run(5000)
  expect((process.memoryUsage().heapUsed - before) / 5000).toBeLessThan(budgetPerFrame)
})

test('handing frames from one leg of a bridge to the other leaves next to nothing on the heap', () => {
  const downlink = new Downlink(g711Plan('PCMA'), new PlayoutQueue(), new Uint8Array(10), {
    nextBuffer: () => out,
    send() {},
    onSpeech() {},
    onStarted() {},
    onProgress() {},
    onFinished() {},
    liveGeneration: () => -1,
  })
  const out = new Uint8Array(1500)
  const relay = new RelayBuffer()
  downlink.relay = relay
  downlink.configure(g711Plan('PCMA'))
  downlink.start(0)
  const frame = new Int16Array(160).fill(3000)
  const run = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) {
      relay.push(frame)
      downlink.service(i * 20, i * 20)
    }
  }
  run(0, warmUpFrames)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  run(warmUpFrames, warmUpFrames + frames)
  expect((process.memoryUsage().heapUsed - before) / frames).toBeLessThan(budgetPerFrame)
})
