import { expect, test } from 'vitest'
import { Chunker, sentencesOf } from './chunker.ts'
import type { TextChunk } from './text-chunk.ts'

/** As a model sends words: blanks lead. */
const tokens = (text: string): string[] => text.match(/\s*\S+/gu) ?? []

const textsOf = (chunks: readonly TextChunk[]): string[] => chunks.map(({ text }) => text)

function chunksOf(pieces: readonly string[], language = 'en'): string[] {
  const chunker = new Chunker({ language })
  return textsOf([...pieces.flatMap((piece) => chunker.push(piece)), ...chunker.end()])
}

test.each([
  ['a clause of two words', 'Of course, I will do that for you now.', 'Of course,'],
  ['one word is too short for a clause', 'Sure, I can do that for you.', 'Sure, I can'],
  ['four tokens without a clause', 'Your order will arrive on Monday.', 'Your order will'],
  ['a short sentence', 'It is. Anything else?', 'It is.'],
  ['a question', 'Really? Tell me more.', 'Really? Tell me'],
  ['not inside a number', 'About 1,234.50 dollars are due.', 'About 1,234.50 dollars'],
  ['not between the groups of a number', 'Call 555 123 4567 now please.', 'Call 555 123 4567'],
  ['not after a title', 'See Dr. Smith about that.', 'See Dr. Smith'],
  ['not inside an address', 'Visit https://a.example/x?y=1,2 for more.', 'Visit https://a.example/x?y=1,2 for'],
  ['not inside an e-mail address', 'Write to jo.doe@mail.example, please.', 'Write to jo.doe@mail.example,'],
])('the first chunk: %s', (_, text, first) => {
  expect(chunksOf(tokens(text))[0]).toBe(first)
})

test('the first chunk leaves on the token that completes it', () => {
  const chunker = new Chunker({ language: 'en' })
  expect(tokens('Your order will').flatMap((token) => chunker.push(token))).toEqual([])
  expect(textsOf(chunker.push(' arrive'))).toEqual(['Your order will'])
  const trailing = new Chunker({ language: 'en' })
  expect(['Your ', 'order ', 'will '].flatMap((token) => trailing.push(token))).toEqual([])
  expect(textsOf(trailing.push('arrive '))).toEqual(['Your order will arrive'])
})

test('later chunks grow from a clause to sentences', () => {
  const text =
    'Of course, I will look that up for you, no problem at all. It was sent, as I see, on Monday. Is that fine with you?'
  expect(chunksOf(tokens(text))).toEqual([
    'Of course,',
    'I will look that up for you,',
    'no problem at all.',
    'It was sent, as I see, on Monday.',
    'Is that fine with you?',
  ])
})

test('a decimal, a time and initials do not end a sentence', () => {
  const text = 'Well now, it costs 3.50 at 5:30 p.m. with J. Smith, e.g. on Monday. Fine.'
  expect(chunksOf(tokens(text)).join('|')).not.toMatch(/3\.\||5:\||p\.m\.\||J\.\||e\.g\.\|/u)
})

test('Chinese is cut at its marks', () => {
  expect(chunksOf([...'好的，我帮您查一下订单。请稍等，马上就好。'])).toEqual([
    '好的，',
    '我帮您查一下订单。',
    '请稍等，马上就好。',
  ])
})

test('a long run without marks is cut at a blank', () => {
  const chunks = chunksOf(tokens('one two three four '.repeat(40)))
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(200)
  expect(chunks.join(' ')).toBe('one two three four '.repeat(40).trim())
})

test.each([
  ['**Sure**, _that_ is `fine` 😀👍🏽.', 'Sure, that is fine.'],
  ['# Title\n- one item\n- two items', 'Title one item two items'],
  ['See [our page](https://a.example/x) now.', 'See our page now.'],
  ['snake_case stays, 5 * 3 too', 'snake_case stays, 5 * 3 too'],
])('markdown and pictures are not spoken: %s', (text, spoken) => {
  expect(chunksOf(tokens(text)).join(' ')).toBe(spoken)
  expect(chunksOf([text]).join(' ')).toBe(spoken)
})

test('nothing to say makes no chunk', () => {
  expect(chunksOf(['', ' ', '**', '…', '😀'])).toEqual([])
})

test('however the text is cut into tokens, no word is lost or doubled', () => {
  const text =
    'Hello there, Mr. Smith! Your bill of 1,024.75 is due on 5 May. Call 555 010 99 or write to a.b@c.example. OK?'
  const words = (chunks: readonly string[]) => chunks.join(' ').split(' ')
  for (let size = 1; size < 20; size += 1) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
    expect(words(chunksOf(pieces))).toEqual(text.split(' '))
  }
})

test('a fixed text becomes sentences', () => {
  expect(sentencesOf('Hello, this is Parley. How can I help?', { language: 'en' }).map(({ text }) => text)).toEqual([
    'Hello, this is Parley.',
    'How can I help?',
  ])
})
