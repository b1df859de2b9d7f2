import { expect, test } from 'vitest'
import { ReorderWindow } from './reorder-window.ts'

const payload = Uint8Array.of(1, 2, 3)

/** Puts packets at their times and tells which sequence numbers come out when. */
function play(arrivals: readonly (readonly [atMs: number, sequence: number])[], untilMs: number): string[] {
  const window = new ReorderWindow()
  const out: string[] = []
  const queue = [...arrivals]
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 1) {
    for (let next = queue[0]; next && next[0] <= nowMs; next = queue[0]) {
      queue.shift()
      if (window.isBeyond(next[1])) {
        for (let slot = window.take(nowMs, true); slot; slot = window.take(nowMs, true))
          out.push(`${slot.sequence}@${nowMs}`)
      }
      window.put(next[1], next[1] * 160, false, 'nothing', payload, 0, 3, nowMs)
    }
    for (let slot = window.take(nowMs, false); slot; slot = window.take(nowMs, false))
      out.push(`${slot.sequence}@${nowMs}`)
  }
  return out
}

test('packets in order never wait', () => {
  expect(
    play(
      [
        [0, 7],
        [20, 8],
        [40, 9],
      ],
      60,
    ),
  ).toEqual(['7@0', '8@20', '9@40'])
})

test('a missing packet is waited for until forty milliseconds have passed', () => {
  expect(
    play(
      [
        [0, 1],
        [10, 3],
      ],
      100,
    ),
  ).toEqual(['1@0', '3@50'])
  expect(
    play(
      [
        [0, 1],
        [10, 3],
        [49, 2],
      ],
      100,
    ),
  ).toEqual(['1@0', '2@49', '3@49'])
})

test('a missing packet is given up when three others have overtaken it', () => {
  expect(
    play(
      [
        [0, 1],
        [1, 3],
        [2, 4],
        [3, 5],
        [4, 2],
      ],
      100,
    ),
  ).toEqual(['1@0', '3@3', '4@3', '5@3'])
  expect(
    play(
      [
        [0, 1],
        [1, 3],
        [2, 4],
        [3, 2],
      ],
      100,
    ),
  ).toEqual(['1@0', '2@3', '3@3', '4@3'])
})

test('a packet beyond the window releases what waits', () => {
  expect(
    play(
      [
        [0, 1],
        [1, 3],
        [2, 30],
      ],
      60,
    ),
  ).toEqual(['1@0', '3@2', '30@42'])
})

test('duplicates and packets that come too late are dropped', () => {
  expect(
    play(
      [
        [0, 1],
        [1, 1],
        [2, 3],
        [3, 3],
        [60, 2],
      ],
      100,
    ),
  ).toEqual(['1@0', '3@42'])
})
