import { expect, test } from 'vitest'
import { g711 } from './codec/g711.ts'
import { Downlink } from './downlink.ts'
import { PlayoutQueue } from './playout/playout-queue.ts'
import { newRtpHeader, parseRtp } from './rtp/rtp-packet.ts'

interface Left {
  readonly atMs: number
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  readonly payloadType: number
  readonly isSilence: boolean
}

/** A downlink with its time in the test's hands: ticks each 5 ms from 0. */
class Bench {
  readonly packets: Left[] = []
  readonly news: string[] = []
  readonly queue = new PlayoutQueue()
  live = -1
  nowMs = 0
  readonly downlink: Downlink

  constructor() {
    const bytes = new Uint8Array(1500)
    const header = newRtpHeader()
    this.downlink = new Downlink(g711.PCMA, this.queue, new Uint8Array(10), {
      nextBuffer: () => bytes,
      send: (length) => {
        parseRtp(bytes.subarray(0, length), header)
        const { sequence, timestamp, marker, payloadType, payloadStart, payloadEnd } = header
        const isSilence = bytes.subarray(payloadStart, payloadEnd).every((code) => code === g711.PCMA.silence)
        this.packets.push({ atMs: this.nowMs, sequence, timestamp, marker, payloadType, isSilence })
      },
      onSpeech: () => {},
      onStarted: (generation) => this.news.push(`started ${generation}`),
      onProgress: (generation, played) => this.news.push(`progress ${generation} ${played}`),
      onFinished: (generation, played) => this.news.push(`finished ${generation} ${played}`),
      liveGeneration: () => this.live,
    })
    this.downlink.configure(g711.PCMA, 8, 101, true)
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

test('on hold nothing leaves and queued audio waits', () => {
  const bench = new Bench()
  bench.downlink.configure(g711.PCMA, 8, 101, false)
  bench.say(1, 320)
  bench.run(1000)
  expect(bench.packets).toEqual([])
  bench.downlink.configure(g711.PCMA, 8, 101, true)
  bench.run(1100)
  expect(bench.speech.length).toBe(2)
  expect(bench.packets[0]).toMatchObject({ timestamp: 8000, marker: true })
})
