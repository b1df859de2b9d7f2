import { expect, test } from 'vitest'
import { formatCallee, formatCaller, matchNumber } from './number-format.ts'

test.each([
  ['008613012345678', {}, '008613012345678'],
  ['008613012345678', { calleeFormat: 'e164' }, '+8613012345678'],
  ['+49 (30) 12-34', { calleeFormat: 'e164' }, '+49301234'],
  ['8613012345678', { calleeFormat: 'e164', prefix: '9#' }, '9#+8613012345678'],
  ['13012345678', { prefix: '0' }, '013012345678'],
  ['alice', {}, 'alice'],
] as const)('%s with %o is dialled as %s', (callee, trunk, expected) => {
  expect(formatCallee(callee, trunk)).toBe(expected)
})

test.each(['', '130\r\nX: y', 'a@b', '1 2 x', 'sip:1', '\u0000', '1'.repeat(80)])('%j is not dialable', (callee) => {
  expect(formatCallee(callee, {})).toBeUndefined()
  expect(callee === '' ? undefined : formatCaller(callee.replace(/ /g, '@'))).toBeUndefined()
})

test.each([
  ['+8675512345678', '+8675512345678'],
  ['008675512345678', '+8675512345678'],
  ['8675512345678', '+8675512345678'],
  ['075512345678', '+8675512345678'],
  ['75512345678', '+8675512345678'],
  ['100', '100'],
  ['5678', undefined],
  ['', undefined],
  ['+861111111', undefined],
])('a call to %s is for %s', (called, expected) => {
  expect(matchNumber(called, ['+8675512345678', '008675587654321', '100'])).toBe(expected)
})
