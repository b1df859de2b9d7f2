import { expect, test } from 'vitest'
import { guesserKey } from './guesser-key.ts'

test('each name at each address has a key of its own, as short for a long name as for any', () => {
  const key = guesserKey('192.0.2.1', '1001', 'a.example')
  expect(guesserKey('192.0.2.1', '1001', 'A.Example')).toBe(key)
  const long = 'x'.repeat(60_000)
  const others = [
    guesserKey('192.0.2.2', '1001', 'a.example'),
    guesserKey('192.0.2.1', '1002', 'a.example'),
    guesserKey('192.0.2.1', '1001', 'b.example'),
    guesserKey('192.0.2.1', long, 'a.example'),
    guesserKey('192.0.2.1', '1001', long),
  ]
  expect(new Set([key, ...others]).size).toBe(6)
  expect(others.map(({ length }) => length)).toEqual(others.map(() => key.length))
})
