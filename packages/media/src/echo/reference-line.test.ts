import { expect, test } from 'vitest'
import { ReferenceLine } from './reference-line.ts'

const frameOf = (value: number) => new Int16Array(160).fill(value)

function read(line: ReferenceLine, start: number, count: number): number[] {
  const into = new Int16Array(count)
  line.read(start, into)
  return [...into]
}

test('samples lie where they were sent, with silence between and around them', () => {
  const line = new ReferenceLine()
  line.write(frameOf(1), 1000)
  line.write(frameOf(2), 1160)
  line.write(frameOf(3), 1500)
  expect(read(line, 838, 4)).toEqual([0, 0, 1, 1])
  expect(read(line, 998, 4)).toEqual([1, 1, 2, 2])
  expect(read(line, 1158, 4)).toEqual([2, 2, 0, 0])
  expect(read(line, 1338, 4)).toEqual([0, 0, 3, 3])
  expect(read(line, 1498, 4)).toEqual([3, 3, 0, 0])
})

test('a frame that overlaps what was written adds only what is new', () => {
  const line = new ReferenceLine()
  line.write(frameOf(1), 1000)
  line.write(frameOf(2), 1100)
  expect(read(line, 998, 4)).toEqual([1, 1, 2, 2])
  expect(line.endSample).toBe(1100)
})

test('two seconds are kept, and silence after a long pause is silence', () => {
  const line = new ReferenceLine()
  for (let end = 160; end <= 32_000; end += 160) line.write(frameOf(7), end)
  expect(read(line, 32_000 - 16_000, 2)).toEqual([7, 7])
  expect(read(line, 100, 2)).toEqual([0, 0])
  line.write(frameOf(8), 1_000_000)
  expect(new Set(read(line, 1_000_000 - 8000, 7800))).toEqual(new Set([0]))
})
