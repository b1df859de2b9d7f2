import { expect, test } from 'vitest'
import { SpokenText } from './spoken-text.ts'

test('inside a chunk the words that are through count as heard', () => {
  const spoken = new SpokenText()
  spoken.addText('one two three four')
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
  spoken.addText('It is done.')
  spoken.addText('Anything else?')
  spoken.addSamples(0, 8000)
  spoken.addSamples(1, 8000)
  spoken.complete()
  expect(spoken.heard(8000)).toBe('It is done.')
  expect(spoken.heard(13_000)).toBe('It is done. Anything')
  expect(spoken.heard(16_000)).toBe('It is done. Anything else?')
})

test('while the audio of a chunk is still coming its length is estimated', () => {
  const spoken = new SpokenText()
  spoken.addText('a sentence of thirty letters..')
  spoken.addSamples(0, 1600)
  // 30 characters at 15 a second: two seconds.
  expect(spoken.heard(1600)).toBe('a')
  expect(spoken.heard(8000)).toBe('a sentence of')
})

test('Chinese is heard by the character', () => {
  const spoken = new SpokenText()
  spoken.addText('好的我帮您查')
  spoken.addSamples(0, 6000)
  spoken.complete()
  expect(spoken.heard(3500)).toBe('好的我')
})
