import { expect, test } from 'vitest'
import { dialledTwice, mostAtOnce, mostInOneSecond, StressLog } from './stress-log.ts'

function read(lines: readonly string[], diedAtMs: number) {
  const log = new StressLog()
  const engine = log.engine()
  for (const line of lines) engine.line(line)
  engine.died(diedAtMs)
  return log.dials
}

test('a line is held until the call ends or its engine is dead', () => {
  const dials = read(['ready', 'D a main 1 1 1000', 'D b main 1 1 1100', 'E a 1200', 'D c main 1 1 1300'], 2_000)
  expect(mostAtOnce(dials)).toBe(2)
  expect(dials.map(({ toMs }) => toMs)).toEqual([1_200, 2_000, 2_000])
  expect(dialledTwice(dials)).toEqual([])
})

test('a call that is dialled again is found', () => {
  expect(dialledTwice(read(['D a main 1 1 1000', 'E a 1001', 'D a main 1 1 9000'], 9_999))).toEqual(['a'])
})

test('the worst second is found wherever it begins', () => {
  const dials = read(
    [0, 400, 900, 1_000, 1_399, 1_400].map((at, index) => `D ${index} main 1 1 ${at}`),
    9_999,
  )
  expect(mostInOneSecond(dials)).toBe(4)
})
