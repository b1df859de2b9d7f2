import { expect, test } from 'vitest'
import { g711Plan } from '../test/send-plan.ts'
import { Ambience } from './ambience/ambience.ts'
import { g711 } from './codec/g711.ts'
import { Downlink } from './downlink.ts'
import { PlayoutQueue } from './playout/playout-queue.ts'
import { RelayBuffer } from './relay-buffer.ts'
import { newRtpHeader, parseRtp } from './rtp/rtp-packet.ts'
import { ComplianceTone } from './tones/compliance-tone.ts'

interface Left {
  readonly atMs: number
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  readonly payloadType: number
  readonly isSilence: boolean
  /** Bytes of payload. */
  readonly length: number
}

/** A downlink with its time in the test's hands: ticks each 5 ms from 0. */
class Bench {
  readonly packets: Left[] = []
  readonly news: string[] = []
  /** Lengths of the pieces in which the first packet of speech was told. */
  readonly spokenMs: number[] = []
  /** What nothing but ambience was told of. */
  placeMs = 0
  readonly queue = new PlayoutQueue()
  live = -1
  nowMs = 0
  readonly downlink: Downlink

  constructor() {
    const bytes = new Uint8Array(1500)
    const header = newRtpHeader()
    this.downlink = new Downlink(g711Plan('PCMA'), this.queue, new Uint8Array(10), {
      nextBuffer: () => bytes,
      send: (length) => {
        parseRtp(bytes.subarray(0, length), header)
        const { sequence, timestamp, marker, payloadType, payloadStart, payloadEnd } = header
        const isSilence = bytes.subarray(payloadStart, payloadEnd).every((code) => code === g711.PCMA.silence)
        this.packets.push({
          atMs: this.nowMs,
          sequence,
          timestamp,
          marker,
          payloadType,
          isSilence,
          length: payloadEnd - payloadStart,
        })
      },
      onSpeech: (piece, _dueMs, _slotMs, isVoice) => {
        if (!isVoice) this.placeMs += piece.length / 8
        if (this.packets.length === this.firstSpeech) this.spokenMs.push(piece.length / 8)
      },
      onStarted: (generation) => this.news.push(`started ${generation}`),
      onProgress: (generation, played) => this.news.push(`progress ${generation} ${played}`),
      onFinished: (generation, played) => this.news.push(`finished ${generation} ${played}`),
      liveGeneration: () => this.live,
    })
    this.downlink.configure(g711Plan('PCMA'))
    this.downlink.start(0)
  }

  run(untilMs: number): void {
    for (; this.nowMs < untilMs; this.nowMs += 1) {
      if (this.nowMs % 5 === 0) this.downlink.service(this.nowMs, this.nowMs)
    }
  }

  say(generation: number, samples: number, ended = true): void {
    this.live = generation
    this.queue.begin(generation)
    this.queue.write(new Int16Array(samples).fill(4000))
    if (ended) this.queue.end()
    this.downlink.generationChanged()
    this.downlink.kick(this.nowMs)
  }

  /** Count of packets when the first of speech had left. */
  private get firstSpeech(): number {
    return this.packets.findIndex((packet) => !packet.isSilence) + 1
  }

  get speech(): Left[] {
    return this.packets.filter((packet) => !packet.isSilence)
  }
}

test('an idle stream sends silence each 20 ms with rising sequence and timestamp', () => {
  const bench = new Bench()
  bench.run(1000)
  expect(bench.packets.length).toBe(50)
  bench.packets.forEach((packet, i) => {
    expect(packet).toMatchObject({ atMs: i * 20, sequence: i, timestamp: i * 160, isSilence: true, marker: i === 0 })
  })
})

test('the opening tone leaves first, and what is to be said waits for its end without being told as begun', () => {
  const bench = new Bench()
  bench.downlink.opening = new ComplianceTone()
  bench.run(107)
  bench.say(1, 160)
  bench.run(640)
  expect(bench.news).toEqual([])
  expect(bench.speech.length).toBeGreaterThan(15)
  expect(bench.packets.every(({ atMs }, i) => atMs === i * 20)).toBe(true)
  bench.run(1000)
  expect(bench.news).toEqual(['started 1', 'finished 1 160'])
})

test('the sound of a place lies behind silence and speech alike, and ends with a bridge', () => {
  const bench = new Bench()
  bench.downlink.ambience = new Ambience(new Int16Array(1000).fill(500), 1)
  bench.run(200)
  bench.say(1, 1600)
  bench.run(500)
  expect(bench.packets.every(({ isSilence }) => !isSilence)).toBe(true)
  expect(bench.placeMs).toBe(300)
  bench.downlink.relay = new RelayBuffer()
  bench.run(1000)
  expect(bench.packets.slice(25).every(({ isSilence }) => isSilence)).toBe(true)
})

test('the first frame leaves on arrival, the rest each 20 ms, and silence returns to the grid', () => {
  const bench = new Bench()
  bench.run(107)
  bench.say(1, 1600)
  bench.run(600)
  const { speech } = bench
  expect(speech.length).toBe(10)
  expect(speech[0]).toMatchObject({ atMs: 107, marker: true })
  for (let i = 1; i < 10; i += 1) expect(Math.abs((speech[i] as Left).atMs - 107 - i * 20)).toBeLessThanOrEqual(2.5)
  bench.packets.forEach((packet, i) => {
    expect([packet.sequence, packet.timestamp]).toEqual([i, i * 160])
    expect(Math.abs(packet.atMs - i * 20)).toBeLessThanOrEqual(20)
    if (packet.isSilence) expect(packet.atMs).toBe(i * 20)
  })
  expect(bench.news).toEqual(['started 1', 'progress 1 800', 'finished 1 1600'])
})

test('a hundred talkspurts do not let timestamps drift from the clock', () => {
  const bench = new Bench()
  for (let i = 0; i < 100; i += 1) {
    bench.run(bench.nowMs + 33)
    bench.say(i + 1, 480)
    bench.run(bench.nowMs + 90)
  }
  for (const packet of bench.packets) {
    const leadMs = packet.timestamp / 8 - packet.atMs
    expect(leadMs).toBeGreaterThanOrEqual(-2.5)
    expect(leadMs).toBeLessThanOrEqual(20)
  }
  expect(bench.speech.length).toBe(300)
})

test('audio of a generation that is not live never leaves', () => {
  const bench = new Bench()
  bench.run(100)
  bench.say(1, 16_000)
  bench.run(200)
  bench.live = -1
  const sent = bench.speech.length
  bench.run(400)
  expect(bench.speech.length).toBe(sent)
  expect(bench.packets.length).toBe(20)
})

test('a tick up to three frames late is caught up; later, slots are skipped with their timestamps', () => {
  const bench = new Bench()
  bench.run(100)
  bench.nowMs = 155
  bench.run(156)
  expect(bench.packets.map((packet) => packet.timestamp / 160)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  bench.nowMs = 1150
  bench.run(1151)
  const last = bench.packets.slice(8)
  expect(last.length).toBeLessThanOrEqual(4)
  expect(last[0]?.marker).toBe(true)
  expect(last[0]?.sequence).toBe(8)
  expect((last.at(-1) as Left).timestamp / 8).toBeGreaterThan(1150 - 20)
  expect((last.at(-1) as Left).timestamp / 8).toBeLessThanOrEqual(1150)
  expect(bench.downlink.lateTicks).toBe(2)
})

test('late audio waits in silence and nothing of it is lost', () => {
  const bench = new Bench()
  bench.say(1, 200, false)
  bench.run(205)
  expect(bench.speech.length).toBe(1)
  bench.queue.write(new Int16Array(280).fill(4000))
  bench.queue.end()
  bench.downlink.kick(bench.nowMs)
  bench.run(300)
  expect(bench.speech.length).toBe(3)
  expect(bench.news.at(-1)).toBe('finished 1 480')
})

test('keys take the slots of audio, which goes on after them', () => {
  const bench = new Bench()
  bench.downlink.events.push('5')
  bench.say(1, 320)
  bench.run(500)
  const events = bench.packets.filter((packet) => packet.payloadType === 101)
  expect(events.length).toBe(8)
  expect(new Set(events.map((packet) => packet.timestamp)).size).toBe(1)
  expect(bench.packets.filter((packet) => packet.payloadType === 8 && !packet.isSilence).length).toBe(2)
  bench.packets.forEach((packet, i) => {
    expect(packet.sequence).toBe(i)
  })
})

test.each([10, 30, 40, 50, 60])('packets of %i ms leave evenly, and speech in them is whole', (packetMs) => {
  const bench = new Bench()
  const packetSamples = packetMs * 8
  bench.downlink.configure(g711Plan('PCMA', { packetSamples }))
  bench.run(607)
  bench.say(1, 4800)
  bench.run(2000)
  const { speech } = bench
  expect(speech.length).toBe(4800 / packetSamples)
  expect(speech[0]).toMatchObject({ atMs: 607, marker: true })
  bench.packets.forEach((packet, i) => {
    expect([packet.sequence, packet.timestamp]).toEqual([i, i * packetSamples])
    expect(packet.length).toBe(packetSamples)
    if (packet.isSilence) expect(packet.atMs).toBe(i * packetMs)
  })
  for (let i = 1; i < speech.length; i += 1)
    expect(Math.abs((speech[i] as Left).atMs - 607 - i * packetMs)).toBeLessThanOrEqual(2.5)
  expect(bench.spokenMs).toEqual(
    Array.from({ length: Math.ceil(packetMs / 20) }, (_, i) => Math.min(20, packetMs - i * 20)),
  )
  const progress = bench.news.filter((news) => news.startsWith('progress'))
  expect(progress.length).toBeGreaterThanOrEqual(5)
  expect(bench.news.at(-1)).toBe('finished 1 4800')
})

test('a change of the length of packets holds from the next one on, without a gap in time', () => {
  const bench = new Bench()
  bench.say(1, 16_000)
  bench.run(200)
  bench.downlink.configure(g711Plan('PCMA', { packetSamples: 480 }))
  bench.run(800)
  bench.downlink.configure(g711Plan('PCMA', { packetSamples: 80 }))
  bench.run(1000)
  let timestamp = 0
  for (const packet of bench.packets) {
    expect(packet.timestamp).toBe(timestamp)
    expect(Math.abs(packet.atMs - timestamp / 8)).toBeLessThanOrEqual(2.5)
    timestamp += packet.length
  }
})

test('a clock of 48 kHz goes on where that of 8 kHz was, and so do events', () => {
  const bench = new Bench()
  bench.run(100)
  const encoder = { ticksPerSample: 6, encode: () => 1 }
  bench.downlink.configure(g711Plan('PCMA', { encoder, eventTicksPerSample: 6 }))
  bench.run(200)
  bench.downlink.events.push('1')
  bench.run(300)
  const later = bench.packets.slice(5)
  expect(later[0]).toMatchObject({ timestamp: 800, marker: true })
  expect(later.slice(0, 6).map((packet) => packet.timestamp)).toEqual([0, 1, 2, 3, 4, 5].map((i) => 800 + i * 960))
  expect(bench.downlink.timestampAt(200)).toBe(800 + 5 * 960)
  const events = later.filter((packet) => packet.payloadType === 101)
  expect(events.map((packet) => packet.timestamp)).toEqual(events.map(() => 800 + 5 * 960))
})

test('keys leave each 20 ms among packets of 60 ms', () => {
  const bench = new Bench()
  bench.downlink.configure(g711Plan('PCMA', { packetSamples: 480 }))
  bench.run(100)
  for (const key of '12') bench.downlink.events.push(key)
  bench.run(1000)
  const events = bench.packets.filter((packet) => packet.payloadType === 101)
  expect(events.length).toBe(16)
  for (let i = 1; i < 8; i += 1) expect((events[i] as Left).atMs - (events[i - 1] as Left).atMs).toBe(20)
  expect((events[8] as Left).timestamp - (events[0] as Left).timestamp).toBeGreaterThanOrEqual(240 * 8)
})

test('on hold nothing leaves and queued audio waits', () => {
  const bench = new Bench()
  bench.downlink.configure(g711Plan('PCMA', { maySend: false }))
  bench.say(1, 320)
  bench.run(1000)
  expect(bench.packets).toEqual([])
  bench.downlink.configure(g711Plan('PCMA'))
  bench.run(1100)
  expect(bench.speech.length).toBe(2)
  expect(bench.packets[0]).toMatchObject({ timestamp: 8000, marker: true })
})
