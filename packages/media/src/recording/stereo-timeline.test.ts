import { expect, test } from 'vitest'
import { StereoTimeline } from './stereo-timeline.ts'

const frame = new Int16Array(160).fill(1000)

function samplesOf(bytes: Uint8Array): Int16Array {
  return new Int16Array(bytes.slice().buffer)
}

test('both sides lie on one time line and what nobody wrote is silence', () => {
  const timeline = new StereoTimeline()
  timeline.write('left', frame, 400)
  timeline.write('right', new Int16Array(160).fill(-7), 480)
  const out = samplesOf(timeline.take(800))
  const side = (channel: number) => Array.from({ length: 800 }, (_, i) => out[i * 2 + channel])
  const expected = (from: number, value: number) =>
    Array.from({ length: 800 }, (_, i) => (i >= from && i < from + 160 ? value : 0))
  expect(side(0)).toEqual(expected(400, 1000))
  expect(side(1)).toEqual(expected(480, -7))
})

test('frames that nearly touch are joined without a hole; a true gap stays', () => {
  const timeline = new StereoTimeline()
  timeline.write('left', frame, 0)
  timeline.write('left', frame, 190.5)
  timeline.write('left', frame, 600)
  const out = samplesOf(timeline.take(800))
  const loud = Array.from({ length: 800 }, (_, i) => out[i * 2] === 1000)
  expect(loud.slice(0, 320).every(Boolean)).toBe(true)
  expect(loud.slice(320, 600).some(Boolean)).toBe(false)
  expect(loud.slice(600, 760).every(Boolean)).toBe(true)
})

test('the first frame lies where it belongs, even if that is close to the start', () => {
  const timeline = new StereoTimeline()
  timeline.write('left', frame, 20)
  const out = samplesOf(timeline.take(400))
  expect(Array.from({ length: 400 }, (_, i) => out[i * 2] === 1000).indexOf(true)).toBe(20)
})

test('a side that has moved by more than a little goes to its new place', () => {
  const timeline = new StereoTimeline()
  timeline.write('left', frame, 0)
  timeline.write('left', frame, 240)
  const out = samplesOf(timeline.take(400))
  expect(out[170 * 2]).toBe(0)
  expect(out[240 * 2]).toBe(1000)
})

test('a long recording passes through the ring', () => {
  const timeline = new StereoTimeline()
  let taken = 0
  for (let at = 0; at < 120 * 8000; at += 160) {
    if (at % 8000 === 0) {
      timeline.write('right', frame, at)
      taken += timeline.take(at - 8000).length
    }
  }
  expect(taken).toBe((120 * 8000 - 8000 - 8000) * 4)
  expect(samplesOf(timeline.take(119 * 8000)).filter((sample) => sample === 1000).length).toBe(160)
})

test('audio for what was taken already is dropped', () => {
  const timeline = new StereoTimeline()
  timeline.take(1000)
  timeline.write('left', frame, 900)
  const out = samplesOf(timeline.take(1200))
  expect(out.filter((sample) => sample === 1000).length).toBe(60)
})
