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
  expect(queue.hasFrame(160)).toBe(false)
  queue.write(Int16Array.from({ length: 100 }, (_, i) => 101 + i))
  queue.readFrame(frame)
  expect([...frame]).toEqual(Array.from({ length: 160 }, (_, i) => i + 1))
  expect(queue.hasFrame(160)).toBe(false)
  queue.end()
  expect(queue.hasFrame(160)).toBe(true)
  queue.readFrame(frame)
  expect([...frame.subarray(38, 42)]).toEqual([199, 200, 0, 0])
  expect(queue.playedSamples).toBe(200)
  expect(queue.isFinished).toBe(true)
})

test('ducking takes 2 ms, so that the first packet is 12 dB down as a whole, and is restored over 20 ms', () => {
  const queue = new PlayoutQueue()
  queue.begin(1)
  queue.write(new Int16Array(800).fill(10_000))
  queue.duck(-18)
  queue.readFrame(frame)
  expect(frame[0]).toBeGreaterThan(9400)
  expect(frame[16]).toBe(1259)
  const rms = Math.hypot(...frame) / Math.sqrt(frame.length)
  expect(20 * Math.log10(rms / 10_000)).toBeLessThan(-12)
  queue.readFrame(frame)
  expect(new Set(frame)).toEqual(new Set([1259]))
  queue.duck(0)
  queue.readFrame(frame)
  expect(frame[0]).toBeLessThan(1400)
  expect(frame[159]).toBe(10_000)
})

test('a new generation starts empty and at full level', () => {
  const queue = queueOf(800)
  queue.duck(-20)
  queue.begin(2)
  expect(queue.hasFrame(160)).toBe(false)
  queue.write(new Int16Array(160).fill(500))
  queue.readFrame(frame)
  expect(frame[100]).toBe(500)
  expect(queue.playedSamples).toBe(160)
})

test('a paused queue gives nothing, takes more, and goes on where it is told', () => {
  const queue = queueOf(480)
  queue.readFrame(frame)
  queue.readFrame(frame)
  queue.pause()
  queue.write(Int16Array.from({ length: 320 }, (_, i) => 481 + i))
  queue.end()
  expect([queue.hasFrame(160), queue.isFinished]).toEqual([false, false])
  queue.resume(100)
  const heard: number[] = []
  while (queue.hasFrame(160)) {
    queue.readFrame(frame)
    heard.push(...frame)
  }
  expect(heard.slice(40, 700)).toEqual(Array.from({ length: 660 }, (_, i) => 141 + i))
  expect([queue.playedSamples, queue.isFinished]).toEqual([800, true])
})

test('a resumed generation fades in over five milliseconds at full gain', () => {
  const queue = new PlayoutQueue()
  queue.begin(1)
  queue.write(new Int16Array(800).fill(10_000))
  queue.duck(-20)
  queue.readFrame(frame)
  queue.pause()
  queue.resume(160)
  queue.readFrame(frame)
  expect([frame[0], frame[20], frame[40]]).toEqual([125, 5125, 10_000])
  queue.readFrame(frame)
  expect(frame[0]).toBe(10_000)
})

test('it goes back two seconds at most, and never ahead of where it stopped', () => {
  const queue = queueOf(0)
  for (let i = 0; i < 300; i += 1) queue.write(new Int16Array(160).fill(i + 1))
  for (let i = 0; i < 200; i += 1) queue.readFrame(frame)
  queue.pause()
  queue.resume(0)
  expect(queue.playedSamples).toBe(16_000)
  queue.readFrame(frame)
  expect(frame[159]).toBe(101)
  queue.pause()
  queue.resume(20_000)
  expect(queue.playedSamples).toBe(16_160)
  queue.resume(16_100)
  expect(queue.playedSamples).toBe(16_160)
})
