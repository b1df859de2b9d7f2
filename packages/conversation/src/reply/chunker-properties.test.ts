import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Chunker, type ChunkerOptions } from './chunker.ts'
import { speakable } from './speakable.ts'
import { rulesOf } from './spoken/language.ts'
import { verbalise } from './spoken/verbalise.ts'
import type { TextChunk } from './text-chunk.ts'

const english = [
  'Of course, your order 20261128001 of $1,234.50 left on 28 Nov 2026 at 5:30 p.m. and weighs 5 km or so.',
  'Call 555-123-4567 or (555) 123-4567, or write to jo.doe@mail.example. Dr. Smith is in, No. 5 Main St. is near.',
  'It was $5 million in Nov. 2026, i.e. 3 - 5 % of it; see https://a.example/x?y=1,2 for more!\n',
  'On November 28, 2026 we open at 9 a.m. - 5 p.m. for 18+ only, e.g. 60 km/h & 1 1/2 cups.\n',
  '- **One** item of [our page](https://a.example/x y) <b>is</b> 5 + 3 = 8, <break time="1 s"/>and/or 2 * 3.\n',
  'As for your order, the number is 1234 and 12 Elm Dr. is near.',
  'Your code is 482913. Is that 10 to 20 kg, USD 5 or 5 million USD? Since 2005, 1,024 of 12000 people said “yes”.',
  'Dr Jones paid 5 USD to St Mary, A & B, on Mon 3 Nov. From 2019-2026 it was 1.2.3, then 5 x 3 = 15 &amp; 5 m.',
]
const chinese = [
  '您的订单20261128001已于2026年11月28日14:30发出，共2件，价格是¥128.50。',
  '请拨打138 1234 5678或400-123-4567，验证码是482913，有效期3-5天！',
  '约 5 公里，-5°C，10%-20%，第2个，2 小时，14：30见；请写信到jo.doe@mail.example。',
  '我们 Nov 28, 2026 开门，订单号码是，1234，谢谢。',
  '周一/周二，5 + 3 = 8，A & B，$5 million，1/2，3:1。\n',
]

function chunksOf(pieces: readonly string[], options: ChunkerOptions): readonly TextChunk[] {
  const chunker = new Chunker(options)
  return [...pieces.flatMap((piece) => chunker.push(piece)), ...chunker.end()]
}

/** Cut anywhere, also inside a pair of surrogates. */
function cutAtRandom(text: string, random: SeededRandom, longest: number): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const end = from + random.between(1, longest)
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}

const compact = (text: string): string => text.replace(/\s+/gu, '')

test.each([
  ['en', english],
  ['zh', chinese],
] as const)('however the text is cut into tokens, the same words are written and said: %s', (language, sentences) => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = new SeededRandom(seed)
    const text = Array.from({ length: 6 }, () => random.pick(sentences)).join(' ')
    const whole = speakable(text)
    const said = verbalise(whole, '', rulesOf(language))
    const chunks = chunksOf(cutAtRandom(text, random, random.between(1, 30)), {
      language,
      eager: random.between(0, 1) === 0,
    })
    const where = `seed ${seed}`
    expect(compact(chunks.map((chunk) => chunk.text).join('')), where).toBe(compact(whole))
    expect(compact(chunks.map((chunk) => chunk.spoken).join('')), where).toBe(
      compact(said.map(({ spoken }) => spoken).join('')),
    )
  }
})

test('the pieces of a chunk are its text and what is said', () => {
  for (const chunk of chunksOf([english.join(' ')], { language: 'en' })) {
    expect(chunk.pieces.map(({ text }) => text).join('')).toBe(chunk.text)
    expect(chunk.pieces.map(({ spoken }) => spoken).join('')).toBe(chunk.spoken)
  }
})

test('a voice that reads numbers itself gets what is written', () => {
  const chunks = chunksOf(['**It** costs $5 & more.'], { language: 'en', verbalise: false })
  expect(chunks).toEqual([{ text: 'It costs $5 & more.', spoken: 'It costs $5 & more.', pieces: expect.anything() }])
})

test.each([
  ['It costs only $5 million today, or', '$5 million'],
  ['We still need 5 km of rope, or', '5 km'],
  ['Well, it was 28 Nov 2026 and we', '28 Nov 2026'],
  ['We will pay USD 5 for it, or', 'USD 5'],
  ['Come at about 5 p.m. if you can', '5 p.m.'],
])('a number is held back until what belongs to it is there: %s', (text, together) => {
  const chunks = chunksOf(text.match(/\s*\S+/gu) ?? [], { language: 'en' })
  expect(chunks.map((chunk) => chunk.text)).toContainEqual(expect.stringContaining(together))
})

test('a number is said as the words before it ask for, spoken or not', () => {
  const chunks = chunksOf(['Your', ' order', ' number', ' is', ' 1234.'], { language: 'en' })
  expect(chunks.map(({ spoken }) => spoken)).toEqual(['Your order number', 'is one two three four.'])
})

test('a word that cannot belong to the number before it does not delay it', () => {
  const chunker = new Chunker({ language: 'en' })
  expect(['You', ' have', ' about', ' 5'].flatMap((token) => chunker.push(token)).map(({ text }) => text)).toEqual([
    'You have about',
  ])
})

test('the first words of Chinese do not wait for a mark', () => {
  const chunker = new Chunker({ language: 'zh' })
  const pushed = ['您的', '订单', '将于', '周一', '送达'].map((token) => chunker.push(token).map(({ text }) => text))
  expect(pushed.slice(0, 3)).toEqual([[], [], []])
  expect(pushed.flat()).toHaveLength(1)
  expect('您的订单将于').toContain(pushed.flat()[0])
})

const hostile = [
  'a',
  '7',
  '汉',
  '😀',
  ' ',
  '\n',
  '\0',
  'a.',
  'a,',
  '5 ',
  '5, ',
  '[',
  '[a](',
  '<a ',
  '<!--',
  '&amp;',
  '(',
  '|',
  '*',
  '1/',
  '1:',
  '+1',
  'a@',
  'www.',
  'Nov 1, ',
  'x=1 ',
  '- ',
  '\u200B\u202E',
]

test.each(hostile)('text made of %j is cut into chunks of bounded size', (unit) => {
  const text = unit.repeat(Math.ceil(8_000 / unit.length))
  for (const pieces of [[text], text.match(/.{1,7}/gsu) ?? []]) {
    const chunks = chunksOf(pieces, { language: 'en' })
    expect(Math.max(0, ...chunks.map((chunk) => chunk.text.length))).toBeLessThan(500)
  }
})

test('a megabyte without blanks loses nothing', () => {
  const chunks = chunksOf(['a'.repeat(1_000_000)], { language: 'en' })
  expect(chunks.reduce((sum, { text }) => sum + text.length, 0)).toBe(1_000_000)
})
