import { type Generation, generation } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { PlayoutWriter } from '../playout/playout-writer.ts'
import { PlayoutRing, playoutKind, playoutRingBytes } from './playout-ring.ts'
import { UplinkRing, uplinkRingBytes } from './uplink-ring.ts'

test('uplink frames come out in order, joined while they follow each other', () => {
  const memory = new SharedArrayBuffer(uplinkRingBytes)
  const [writer, reader] = [new UplinkRing(memory), new UplinkRing(memory)]
  for (const start of [0, 160, 320, 1600]) writer.push(new Int16Array(160).fill(start), start)
  expect(reader.take()).toMatchObject({ mediaMs: 0, samples: { length: 480 } })
  expect(reader.take()).toMatchObject({ mediaMs: 200, samples: { length: 160 } })
  expect(reader.take()).toBeUndefined()
})

test('an uplink that nobody reads drops and counts, and the gap shows in media time', () => {
  const memory = new SharedArrayBuffer(uplinkRingBytes)
  const [writer, reader] = [new UplinkRing(memory), new UplinkRing(memory)]
  for (let i = 0; i < 300; i += 1) writer.push(new Int16Array(160), i * 160)
  expect(writer.dropped).toBe(44)
  let taken = 0
  for (let chunk = reader.take(); chunk; chunk = reader.take()) taken += chunk.samples.length / 160
  expect(taken).toBe(256)
  writer.push(new Int16Array(160), 300 * 160)
  expect(reader.take()?.mediaMs).toBe(6000)
})

test('a minute of audio written at once arrives whole, in pieces, as room is made', () => {
  const memory = new SharedArrayBuffer(playoutRingBytes)
  const reader = new PlayoutRing(memory)
  let wakes = 0
  const writer = new PlayoutWriter(new PlayoutRing(memory), () => {
    wakes += 1
  })
  const random = new SeededRandom(4)
  const samples = Int16Array.from({ length: 480_000 }, () => random.between(-32_768, 32_767))
  const g = generation(70_000)
  writer.begin(g)
  writer.write(g, samples)
  writer.end(g)
  expect(wakes).toBe(1)
  const heard: number[] = []
  const kinds: number[] = []
  for (let round = 0; round < 100; round += 1) {
    reader.clearWake()
    for (let record = reader.take(); record; record = reader.take()) {
      expect(record.generation).toBe(70_000)
      kinds.push(record.kind)
      for (const sample of record.samples) heard.push(sample)
    }
    if (!reader.takeHungry()) break
    writer.refill()
  }
  expect(kinds.at(0)).toBe(playoutKind.begin)
  expect(kinds.at(-1)).toBe(playoutKind.end)
  expect(heard.length).toBe(samples.length)
  expect(heard.every((sample, i) => sample === samples[i])).toBe(true)
})

test('flush and begin change the live generation at once and drop what waits', () => {
  const memory = new SharedArrayBuffer(playoutRingBytes)
  const reader = new PlayoutRing(memory)
  const writer = new PlayoutWriter(new PlayoutRing(memory), () => {})
  const [one, two] = [generation(1), generation(2)]
  writer.begin(one)
  expect(reader.live).toBe(1)
  writer.write(one, new Int16Array(200_000))
  writer.flush(one)
  expect(reader.live).toBe(-1)
  writer.begin(two)
  expect(reader.live).toBe(2)
  writer.write(one, new Int16Array(160))
  const records: [number, Generation | number, number][] = []
  for (let round = 0; round < 10; round += 1) {
    for (let r = reader.take(); r; r = reader.take()) records.push([r.kind, r.generation, r.samples.length])
    writer.refill()
  }
  const audio = records.filter(([kind]) => kind === playoutKind.write)
  expect(audio.every(([, of]) => of === 1)).toBe(true)
  expect(audio.reduce((sum, [, , length]) => sum + length, 0)).toBeLessThan(33_000)
  expect(records.slice(-2).map(([kind, of]) => [kind, of])).toEqual([
    [playoutKind.flush, 1],
    [playoutKind.begin, 2],
  ])
})

test('a gain below zero and negative samples survive the ring', () => {
  const memory = new SharedArrayBuffer(playoutRingBytes)
  const [writer, reader] = [new PlayoutRing(memory), new PlayoutRing(memory)]
  for (let round = 0; round < 5000; round += 1) {
    const record = {
      kind: playoutKind.duck,
      generation: round,
      value: -1800 - round,
      samples: Int16Array.of(-1, round),
    }
    expect(writer.push(record)).toBe(true)
    expect(reader.take()).toEqual(record)
  }
})
