import { expect, test } from 'vitest'
import { chunkOf, verbatim } from '../reply/text-chunk.ts'
import { SpokenText } from './spoken-text.ts'

test('inside a chunk the words that are through count as heard', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('one two three four'))
  spoken.addSamples(0, 1800)
  spoken.complete()
  expect(spoken.heard(0)).toBe('')
  expect(spoken.heard(299)).toBe('')
  expect(spoken.heard(300)).toBe('one')
  expect(spoken.heard(1300)).toBe('one two three')
  expect(spoken.heard(1800)).toBe('one two three four')
})

test('chunks follow each other', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('It is done.'))
  spoken.addText(verbatim('Anything else?'))
  spoken.addSamples(0, 8000)
  spoken.addSamples(1, 8000)
  spoken.complete()
  expect(spoken.heard(8000)).toBe('It is done.')
  expect(spoken.heard(13_000)).toBe('It is done. Anything')
  expect(spoken.heard(16_000)).toBe('It is done. Anything else?')
})

test('while the audio of a chunk is still coming its length is estimated', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('a sentence of thirty letters..'))
  spoken.addSamples(0, 1600)
  // 30 characters at 15 a second: two seconds.
  expect(spoken.heard(1600)).toBe('a')
  expect(spoken.heard(8000)).toBe('a sentence of')
})

test('Chinese is heard by the character', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('好的我帮您查'))
  spoken.addSamples(0, 6000)
  spoken.complete()
  expect(spoken.heard(3500)).toBe('好的我')
})

test('words that are said otherwise than written are heard as written, when they are through', () => {
  const spoken = new SpokenText()
  const pieces = [
    { text: 'It is ', spoken: 'It is ' },
    { text: '$5 now', spoken: 'five dollars' },
    { text: ' all in', spoken: ' all in' },
  ]
  spoken.addText(chunkOf(pieces))
  // "It is five dollars all in": 25 characters, 100 samples each.
  spoken.addSamples(0, 2500)
  spoken.complete()
  expect(spoken.text).toBe('It is $5 now all in')
  expect(spoken.heard(600)).toBe('It is')
  expect(spoken.heard(1700)).toBe('It is')
  expect(spoken.heard(1800)).toBe('It is $5 now')
  expect(spoken.heard(2200)).toBe('It is $5 now all')
  expect(spoken.heard(2500)).toBe('It is $5 now all in')
})

test('the estimate of a length counts what is said', () => {
  const spoken = new SpokenText()
  spoken.addText(chunkOf([{ text: '$5', spoken: 'a sentence of thirty letters..' }]))
  spoken.addSamples(0, 1600)
  expect(spoken.heard(15_999)).toBe('')
  expect(spoken.heard(16_000)).toBe('$5')
})

test('a voice that tells where its words end is taken at its word', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('one two three'))
  spoken.addSamples(0, 8000, [
    { textEnd: 3, endSample: 1000 },
    { textEnd: 7, endSample: 6000 },
  ])
  spoken.addSamples(0, 4000, [{ textEnd: 13, endSample: 11_000 }])
  spoken.complete()
  expect(spoken.heard(999)).toBe('')
  expect(spoken.heard(1000)).toBe('one')
  expect(spoken.heard(5999)).toBe('one')
  expect(spoken.heard(6000)).toBe('one two')
  expect(spoken.wordStart(5999)).toBe(1000)
  expect(spoken.wordStart(11_500)).toBe(11_000)
})

test('without such times the beginning of a word is estimated, in whichever chunk it lies', () => {
  const spoken = new SpokenText()
  spoken.addText(verbatim('It is done.'))
  spoken.addText(verbatim('one two three four'))
  spoken.addSamples(0, 8000)
  spoken.addSamples(1, 1800)
  spoken.complete()
  expect(spoken.wordStart(0)).toBe(0)
  expect(spoken.wordStart(8000 + 299)).toBe(8000)
  expect(spoken.wordStart(8000 + 650)).toBe(8000 + 300)
  expect(spoken.wordStart(20_000)).toBe(20_000)
})
