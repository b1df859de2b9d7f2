import { expect, test } from 'vitest'
import { phoneKey } from './phone-key.ts'

test.each(['+86 138-0013-8000', '008613800138000', '86 (138) 0013.8000'])(
  '%s compares equal to 8613800138000',
  (phone) => {
    expect(phoneKey(phone)).toBe('8613800138000')
  },
)

test('one leading zero is part of the number', () => {
  expect(phoneKey('030 111')).not.toBe(phoneKey('30 111'))
})

test('a SIP user name stays itself', () => {
  expect(phoneKey('Alice.Smith')).toBe('alicesmith')
})
