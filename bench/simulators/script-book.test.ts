import { expect, test } from 'vitest'
import type { SimulatedUtterance } from './script.ts'
import { ScriptBook } from './script-book.ts'

const utterance = (text: string): SimulatedUtterance => ({ words: [{ text, endMs: 300 }], durationMs: 300 })
const [yes, no, maybe] = [[utterance('yes')], [utterance('no')], [utterance('well'), utterance('maybe')]]

function bookAt(): { readonly book: ScriptBook; pass(ms: number): void } {
  let nowMs = 0
  return {
    book: new ScriptBook(() => nowMs),
    pass(ms) {
      nowMs += ms
    },
  }
}

test('calls have the connections whose audio comes in their order, whatever was opened when', () => {
  const { book, pass } = bookAt()
  book.expect(yes)
  pass(170)
  book.expect(no)
  book.begin(7)
  book.begin(3)
  expect([book.of(7), book.of(3), book.of(4)]).toEqual([yes, no, undefined])
})

test('a connection used right after another one was closed goes on with its script', () => {
  const { book, pass } = bookAt()
  book.expect(maybe)
  book.begin(1)
  book.close(1, 1)
  pass(400)
  book.begin(2)
  expect(book.of(2)).toEqual([utterance('maybe')])
  book.close(2, 1)
  pass(600)
  book.begin(3)
  expect(book.of(3)).toBeUndefined()
})

test('who is expected comes before who was closed, and one that never comes is forgotten', () => {
  const { book, pass } = bookAt()
  book.expect(maybe)
  book.begin(1)
  book.expect(yes)
  book.close(1, 1)
  book.begin(2)
  expect(book.of(2)).toEqual(yes)
  book.expect(no)
  pass(6_000)
  book.expect(yes)
  book.begin(3)
  expect(book.of(3)).toEqual(yes)
})
