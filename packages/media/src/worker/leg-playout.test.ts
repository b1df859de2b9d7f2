import { generation } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { g711 } from '../codec/g711.ts'
import { Downlink } from '../downlink.ts'
import { PlayoutQueue } from '../playout/playout-queue.ts'
import { PlayoutWriter } from '../playout/playout-writer.ts'
import { LegPlayout } from './leg-playout.ts'
import { PlayoutRing, playoutRingBytes } from './playout-ring.ts'

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
  const packets: { samples: number[]; live: number }[] = []
  const bytes = new Uint8Array(1500)
  let writer: PlayoutWriter | undefined
  const report = (kind: Report['kind']) => (of: number, playedSamples: number) =>
    void reports.push({ kind, generation: of, playedSamples })
  const downlink = new Downlink(g711.PCMU, queue, new Uint8Array(10), {
    nextBuffer: () => bytes,
    send: (length) => {
      packets.push({
        samples: [...bytes.subarray(12, length)].map((code) => g711.PCMU.decode[code] as number),
        live: ring.live,
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
  downlink.configure(g711.PCMU, 0, -1, true)
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
