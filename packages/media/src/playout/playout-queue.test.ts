import { expect, test } from 'vitest'
import { PlayoutQueue } from './playout-queue.ts'

const frame = new Int16Array(160)

function queueOf(samples: number): PlayoutQueue {
  const queue = new PlayoutQueue()
  queue.begin(1)
  queue.write(Int16Array.from({ length: samples }, (_, i) => i + 1))
  return queue
}

test('frames cross the borders of chunks and the last is padded', () => {
  const queue = queueOf(100)
  expect(queue.hasFrame).toBe(false)
  queue.write(Int16Array.from({ length: 100 }, (_, i) => 101 + i))
  queue.readFrame(frame)
  expect([...frame]).toEqual(Array.from({ length: 160 }, (_, i) => i + 1))
  expect(queue.hasFrame).toBe(false)
  queue.end()
  expect(queue.hasFrame).toBe(true)
  queue.readFrame(frame)
  expect([...frame.subarray(38, 42)]).toEqual([199, 200, 0, 0])
  expect(queue.playedSamples).toBe(200)
  expect(queue.isFinished).toBe(true)
})

test('ducking ramps over one frame and is restored the same way', () => {
  const queue = new PlayoutQueue()
  queue.begin(1)
  queue.write(new Int16Array(800).fill(10_000))
  queue.duck(-20)
  queue.readFrame(frame)
  expect(frame[0]).toBeGreaterThan(9900)
  expect(frame[159]).toBe(1000)
  queue.readFrame(frame)
  expect(new Set(frame)).toEqual(new Set([1000]))
  queue.duck(0)
  queue.readFrame(frame)
  expect(frame[159]).toBe(10_000)
})

test('a new generation starts empty and at full level', () => {
  const queue = queueOf(800)
  queue.duck(-20)
  queue.begin(2)
  expect(queue.hasFrame).toBe(false)
  queue.write(new Int16Array(160).fill(500))
  queue.readFrame(frame)
  expect(frame[100]).toBe(500)
  expect(queue.playedSamples).toBe(160)
})
