import { expect, test } from 'vitest'
import { ServerRoom } from './server-room.ts'

function fill(room: ServerRoom, source: string, bytes = 500, limit = 30_000): number {
  let taken = 0
  while (taken < limit && room.verdictFor(source) === 'free') {
    room.take(source, bytes)
    taken += 1
  }
  return taken
}

test('one source alone may have 10,000 transactions; then it is over its share and another still gets 2,500', () => {
  const room = new ServerRoom()
  expect(fill(room, 'a')).toBe(10_000)
  expect(room.verdictFor('a')).toBe('overShare')
  expect(fill(room, 'b')).toBe(2_500)
  expect(room.verdictFor('c')).toBe('full')
})

test('however many sources flood, one that comes late gets in', () => {
  const room = new ServerRoom()
  for (let round = 0; round < 400; round += 1) {
    for (let source = 0; source < 40; source += 1) fill(room, `flood-${source}`, 500, 10)
  }
  expect(room.verdictFor('flood-0')).toBe('overShare')
  expect(fill(room, 'late', 500, 100)).toBe(100)
})

test('what large requests hold is shared like their number', () => {
  const room = new ServerRoom()
  expect(fill(room, 'a', 60_000)).toBe(560)
  expect(room.verdictFor('a')).toBe('overShare')
  expect(fill(room, 'b', 60_000)).toBeGreaterThan(100)
})

test('what was given back is free again, and a source with nothing left takes no share', () => {
  const room = new ServerRoom()
  fill(room, 'a')
  for (let count = 0; count < 10_000; count += 1) room.release('a', 500)
  room.release('a', 500)
  expect(fill(room, 'b')).toBe(10_000)
  expect(fill(room, 'a')).toBe(2_500)
})
