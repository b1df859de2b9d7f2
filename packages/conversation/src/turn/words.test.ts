import { expect, test } from 'vitest'
import { contentWords, isBackchannel, justAsked, startsWithStopWord } from './policy/backchannel.ts'
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

test.each([
  'mhm',
  'Yeah, yeah.',
  'I see',
  'okay great',
  '嗯',
  '对对',
  'そうですね',
  'sí claro',
  'ach so',
  'tá bem certo'.slice(0, 2),
])('"%s" is a listening noise', (text) => expect(isBackchannel(text)).toBe(true))

test.each(['', 'yes but no', 'Tuesday', 'what', '多少钱', 'no'])('"%s" is none', (text) => {
  expect(isBackchannel(text)).toBe(false)
})

test.each(['Stop!', 'hold on a second', 'no that is wrong', '等等我说', 'ストップ'])(
  '"%s" demands the floor',
  (text) => {
    expect(startsWithStopWord(text)).toBe(true)
  },
)

test.each(['I know', 'nothing', 'yes'])('"%s" does not', (text) => {
  expect(startsWithStopWord(text)).toBe(false)
})

test('words with content are counted without fillers and listening noises', () => {
  expect(contentWords('uh yeah the price')).toBe(2)
  expect(contentWords('多少钱')).toBe(2)
  expect(contentWords('mhm')).toBe(0)
})

test('a question has just been asked when at most three words followed it', () => {
  expect(justAsked('It is here. Shall I send it?')).toBe(true)
  expect(justAsked('Shall I send it? It takes')).toBe(true)
  expect(justAsked('Shall I send it? It takes five days or so')).toBe(false)
  expect(justAsked('您要取消吗')).toBe(true)
})
