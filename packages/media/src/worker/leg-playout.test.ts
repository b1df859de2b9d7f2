import { generation } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { g711Plan } from '../../test/send-plan.ts'
import { g711 } from '../codec/g711.ts'
import { Downlink } from '../downlink.ts'
import { PlayoutQueue } from '../playout/playout-queue.ts'
import { PlayoutWriter } from '../playout/playout-writer.ts'
import { LegPlayout } from './leg-playout.ts'
import { PlayoutRing, playoutRingBytes } from './playout-ring.ts'

const silence = 0
/** Sample `position` of generation `of`: survives the codec unchanged and is never silence. */
const sampleAt = (of: number, position: number) => g711.PCMU.decode[(position * 7 + of) % 120] as number
const speechOf = (of: number, from: number, count: number) =>
  Int16Array.from({ length: count }, (_, i) => sampleAt(of, from + i))

interface Report {
  readonly kind: 'started' | 'progress' | 'finished'
  readonly generation: number
  readonly playedSamples: number
}

/** Both ends of a playout without threads; audio of generation `g` has the level `g * 64`. */
function newPlayout() {
  const memory = new SharedArrayBuffer(playoutRingBytes)
  const ring = new PlayoutRing(memory)
  const queue = new PlayoutQueue()
  const reports: Report[] = []
  const packets: { samples: number[]; live: number; marker: boolean }[] = []
  const bytes = new Uint8Array(1500)
  let writer: PlayoutWriter | undefined
  const report = (kind: Report['kind']) => (of: number, playedSamples: number) =>
    void reports.push({ kind, generation: of, playedSamples })
  const downlink = new Downlink(g711Plan('PCMU'), queue, new Uint8Array(10), {
    nextBuffer: () => bytes,
    send: (length) => {
      packets.push({
        samples: [...bytes.subarray(12, length)].map((code) => g711.PCMU.decode[code] as number),
        live: ring.live,
        marker: ((bytes[1] as number) & 0x80) !== 0,
      })
    },
    onSpeech() {},
    onStarted: (of) => report('started')(of, 0),
    onProgress: report('progress'),
    onFinished: report('finished'),
    liveGeneration: () => ring.live,
  })
  const feed = new LegPlayout(ring, queue, downlink, {
    onProgress: report('progress'),
    onRoom: () => writer?.refill(),
  })
  writer = new PlayoutWriter(new PlayoutRing(memory), () => {})
  downlink.configure(g711Plan('PCMU', { eventType: -1 }))
  downlink.start(0)
  return { writer, feed, downlink, reports, packets }
}

test('in seeded storms only the live generation is heard, and reports count what was heard', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = new SeededRandom(seed)
    const { writer, feed, downlink, reports, packets } = newPlayout()
    let current = 0
    for (let nowMs = 0; nowMs < 4000; nowMs += 5) {
      const dice = random.next()
      if (dice < 0.02) {
        current += 1
        writer.begin(generation(current))
      } else if (dice < 0.12) {
        const of = random.next() < 0.2 ? Math.max(1, current - 1) : current
        writer.write(generation(of), new Int16Array(random.between(0, 12_000)).fill(of * 64))
      } else if (dice < 0.14) writer.end(generation(current))
      else if (dice < 0.16) writer.flush(generation(current))
      // The media thread does not always look at once.
      if (random.next() < 0.6 && feed.hasNews) feed.take(nowMs)
      downlink.service(nowMs, nowMs)
    }
    const heard = new Map<number, number>()
    for (const { samples, live } of packets) {
      const voiced = samples.filter((sample) => sample !== 0)
      for (const sample of voiced)
        expect(Math.abs(sample - live * 64), `seed ${seed}`).toBeLessThanOrEqual(live * 4 + 8)
      if (voiced.length > 0) heard.set(live, (heard.get(live) ?? 0) + voiced.length)
    }
    for (const of of new Set(reports.map((entry) => entry.generation))) {
      const mine = reports.filter((entry) => entry.generation === of)
      expect(Math.max(...mine.map((entry) => entry.playedSamples)), `seed ${seed}`).toBeLessThanOrEqual(
        heard.get(of) ?? 0,
      )
      const ends = mine.filter((entry) => entry.kind === 'finished')
      expect(ends.length).toBeLessThanOrEqual(1)
      if (ends[0]) expect(ends[0].playedSamples).toBe(heard.get(of) ?? 0)
    }
  }
})

test('a generation that is replaced reports what was heard of it', () => {
  const { writer, feed, downlink, reports } = newPlayout()
  writer.begin(generation(1))
  writer.write(generation(1), new Int16Array(1600).fill(64))
  feed.take(0)
  for (let nowMs = 0; nowMs < 60; nowMs += 5) downlink.service(nowMs, nowMs)
  writer.begin(generation(2))
  feed.take(60)
  expect(reports.at(-1)).toEqual({ kind: 'progress', generation: 1, playedSamples: 480 })
})

test('an empty generation is finished as soon as it is ended', () => {
  const { writer, feed, reports } = newPlayout()
  writer.begin(generation(3))
  writer.end(generation(3))
  feed.take(0)
  expect(reports).toEqual([{ kind: 'finished', generation: 3, playedSamples: 0 }])
})

test('a pause silences the next packet and tells where; the resumed speech leaves at once with a marker', () => {
  const { writer, feed, downlink, reports, packets } = newPlayout()
  const g = generation(1)
  writer.begin(g)
  writer.write(g, speechOf(1, 0, 1600))
  feed.take(0)
  for (let nowMs = 0; nowMs <= 60; nowMs += 5) downlink.service(nowMs, nowMs)
  writer.pause(g)
  downlink.service(80, 80)
  expect(packets.at(-1)?.samples.every((sample) => sample === silence)).toBe(true)
  feed.take(81)
  expect(reports.at(-1)).toEqual({ kind: 'progress', generation: 1, playedSamples: 640 })
  writer.end(g)
  downlink.service(100, 100)
  feed.take(101)
  const before = packets.length
  writer.resume(g, 500)
  feed.take(107)
  expect(packets.length).toBe(before + 1)
  expect(packets.at(-1)?.samples.slice(40)).toEqual([...speechOf(1, 540, 120)])
  expect(packets.at(-1)?.marker).toBe(true)
  for (let nowMs = 110; nowMs < 400; nowMs += 5) downlink.service(nowMs, nowMs)
  expect(reports.at(-1)).toEqual({ kind: 'finished', generation: 1, playedSamples: 1600 })
})

test('a pause followed by a flush or a new generation leaves nothing paused', () => {
  const { writer, feed, downlink, reports, packets } = newPlayout()
  writer.begin(generation(1))
  writer.write(generation(1), speechOf(1, 0, 1600))
  writer.pause(generation(1))
  writer.flush(generation(1))
  writer.resume(generation(1), 0)
  writer.begin(generation(2))
  writer.write(generation(2), speechOf(2, 0, 160))
  writer.pause(generation(2))
  writer.begin(generation(3))
  writer.write(generation(3), speechOf(3, 0, 160))
  writer.end(generation(3))
  feed.take(0)
  downlink.service(0, 0)
  expect(packets[0]?.samples).toEqual([...speechOf(3, 0, 160)])
  expect(reports.at(-1)).toEqual({ kind: 'finished', generation: 3, playedSamples: 160 })
})

test('a generation that was paused at its very end is finished by the resume', () => {
  const { writer, feed, downlink, reports } = newPlayout()
  writer.begin(generation(1))
  writer.write(generation(1), speechOf(1, 0, 320))
  feed.take(0)
  for (let nowMs = 0; nowMs <= 20; nowMs += 5) downlink.service(nowMs, nowMs)
  writer.pause(generation(1))
  writer.end(generation(1))
  feed.take(30)
  expect(reports.at(-1)).toEqual({ kind: 'progress', generation: 1, playedSamples: 320 })
  writer.resume(generation(1), 320)
  feed.take(50)
  expect(reports.at(-1)).toEqual({ kind: 'finished', generation: 1, playedSamples: 320 })
})

type Call = { readonly kind: 'pause' | 'end' } | { readonly kind: 'resume'; readonly from: number }

test('in seeded storms of pauses nothing is dropped, nothing repeated but what was gone back, and reports are exact', () => {
  let finished = 0
  let rewound = 0
  for (let seed = 1; seed <= 30; seed += 1) {
    const random = new SeededRandom(seed)
    const { writer, feed, downlink, reports, packets } = newPlayout()
    const g = generation(seed)
    /** What the main thread did, and what of it the media thread has not taken. */
    let calls: Call[] = []
    let [written, isPaused, isEnded] = [0, false, false]
    /** What the listener heard; `faded` samples of the next packet are not compared. */
    let [cursor, faded, isStopped, isOver] = [0, 0, false, false]
    const progress: number[] = []
    const told = (kind: Report['kind']) => reports.filter((entry) => entry.kind === kind)
    const hear = () => {
      for (const { samples } of packets.splice(0)) {
        if (samples.every((sample) => sample === silence)) continue
        const count = Math.min(160, written - cursor)
        const expected = [...speechOf(seed, cursor, count), ...Array(160 - count).fill(silence)]
        expect(isPaused, `seed ${seed}`).toBe(false)
        expect(samples.slice(faded), `seed ${seed}`).toEqual(expected.slice(faded))
        cursor += count
        faded = 0
      }
    }
    const take = (nowMs: number) => {
      const before = told('progress').length
      feed.take(nowMs)
      const stops: number[] = []
      let isAtEnd = isEnded && !calls.some((call) => call.kind === 'end')
      for (const call of calls) {
        isAtEnd ||= call.kind === 'end'
        if (isOver) continue
        if (call.kind === 'pause') {
          stops.push(cursor)
          isStopped = true
        } else if (call.kind === 'resume') {
          const to = Math.max(0, Math.min(cursor, Math.max(call.from, cursor - 16_000)))
          rewound += cursor - to
          cursor = to
          faded = 40
          isStopped = false
        }
        isOver = !isStopped && isAtEnd && cursor === written
      }
      calls = []
      const news = told('progress').slice(before)
      expect(
        news.slice(0, stops.length).map((entry) => entry.playedSamples),
        `seed ${seed}`,
      ).toEqual(stops)
      hear()
      for (const entry of news.slice(stops.length)) expect(entry.playedSamples, `seed ${seed}`).toBe(cursor)
    }
    writer.begin(g)
    for (let nowMs = 0; nowMs < 8000; nowMs += 5) {
      const dice = random.next()
      if (dice < 0.03 && !isEnded) {
        const count = random.between(1, 6000)
        writer.write(g, speechOf(seed, written, count))
        written += count
      } else if (dice < 0.033) {
        writer.end(g)
        if (!isEnded) calls.push({ kind: 'end' })
        isEnded = true
      } else if (dice < 0.07) {
        if (!isPaused) calls.push({ kind: 'pause' })
        writer.pause(g)
        isPaused = true
      } else if (dice < 0.17) {
        const from = cursor - random.between(-500, random.next() < 0.1 ? 20_000 : 1000)
        if (isPaused) calls.push({ kind: 'resume', from })
        writer.resume(g, from)
        isPaused = false
      }
      // The media thread does not always look at once.
      if (random.next() < 0.6 && feed.hasNews) take(nowMs)
      const before = told('progress').length
      downlink.service(nowMs, nowMs)
      hear()
      for (const entry of told('progress').slice(before)) progress.push(entry.playedSamples - cursor)
      isOver = told('finished').length > 0
      if (!isOver) continue
      expect([isEnded, isStopped, cursor, told('finished')[0]?.playedSamples], `seed ${seed}`).toEqual([
        true,
        false,
        written,
        written,
      ])
    }
    expect(told('finished').length).toBeLessThanOrEqual(1)
    expect(progress.every((error) => error === 0)).toBe(true)
    finished += told('finished').length
  }
  expect(finished).toBeGreaterThan(10)
  expect(rewound).toBeGreaterThan(200_000)
})
