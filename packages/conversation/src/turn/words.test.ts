import { expect, test } from 'vitest'
import { joinText, normalise } from './words.ts'

test.each([
  ['I want to cancel.', 'i want  to cancel'],
  ['Twenty-five, please', '25 please'],
  ['one two three', '123'],
  ['1,000', '1000'],
  ['um, yes', 'Yes!'],
  ['我要三个', '我要3个'],
  ['十二', '12'],
])('"%s" and "%s" are the same utterance', (left, right) => {
  expect(normalise(left)).toBe(normalise(right))
})

test.each([
  ['cancel Monday', 'cancel Sunday'],
  ['fifteen', 'fifty'],
  ['I want to', 'I want to go'],
])('"%s" and "%s" are not', (left, right) => {
  expect(normalise(left)).not.toBe(normalise(right))
})

test('text is joined as its script wants it', () => {
  expect(joinText('I want', 'to go')).toBe('I want to go')
  expect(joinText('我要', '取消')).toBe('我要取消')
  expect(joinText('', 'go')).toBe('go')
})
