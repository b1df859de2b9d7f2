import { expect, test } from 'vitest'
import { decideRange } from './byte-range.ts'

test.each([
  [undefined, { kind: 'whole' }],
  ['bytes=0-', { kind: 'part', start: 0, end: 99 }],
  ['bytes=10-19', { kind: 'part', start: 10, end: 19 }],
  ['bytes=90-500', { kind: 'part', start: 90, end: 99 }],
  ['bytes=-10', { kind: 'part', start: 90, end: 99 }],
  ['bytes=-1000', { kind: 'part', start: 0, end: 99 }],
  ['bytes=99-99', { kind: 'part', start: 99, end: 99 }],
  ['bytes=100-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=20-10', { kind: 'whole' }],
  ['bytes=0-1,5-6', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['items=0-1', { kind: 'whole' }],
])('range %s of 100 bytes', (header, decision) => {
  expect(decideRange(header, 100)).toEqual(decision)
})

test('an empty file has no satisfiable range', () => {
  expect(decideRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' })
  expect(decideRange(undefined, 0)).toEqual({ kind: 'whole' })
})
