import { expect, test } from 'vitest'
import { maskDigits } from './mask-digits.ts'

test.each([
  ['my card is 4111 1111 1111 1111, thanks', 'my card is **** **** **** ****, thanks'],
  ['it is four one one one double two', 'it is * * * * * *'],
  ['Four, one, one, one, two, two.', '*, *, *, *, *, *.'],
  ['forty-one eleven and twenty two', '*-* * and * *'],
  ['number 12-34 fifty six please', 'number **-** * * please'],
  ['我的卡号是四一一一二二，谢谢', '我的卡号是******，谢谢'],
  ['meine Nummer ist eins zwo drei vier fünf sechs', 'meine Nummer ist * * * * * *'],
  ['mi número es uno dos tres cuatro cinco seis', 'mi número es * * * * * *'],
  ['제 번호는 공일이삼사오육 입니다', '제 번호는 * 입니다'],
  ['born 12.11.1980', 'born **.**.****'],
  ['it is 41 11, uh, 22', 'it is ** **, uh, **'],
])('%s', (text, masked) => {
  expect(maskDigits(text, 6)).toBe(masked)
})

test('a number that may be longer than it looks is masked however short it is', () => {
  expect(maskDigits('I have 2 cards, one is 4111', 6, 'beginning')).toBe('I have 2 cards, one is ****')
  expect(maskDigits('two of them say 41 11', 6, 'beginning')).toBe('two of them say ** **')
  expect(maskDigits('22 thanks, the 3 of you', 6, 'part')).toBe('** thanks, the 3 of you')
  expect(maskDigits('four one', 6, 'part')).toBe('* *')
  expect(maskDigits('', 6, 'part')).toBe('')
})

test.each([
  'we open at 10:30 and close at 18:45',
  'in 2026 it was 19 degrees',
  'one of them is for two people, and I want three',
  'I have seven questions. The other five can wait until after four.',
  'sechs Eier und acht Brote',
  '一共三个人',
  '',
])('what is no long number stays: %s', (text) => {
  expect(maskDigits(text, 6)).toBe(text)
})
