import { expect, test } from 'vitest'
import { speechMarkup } from './speech-markup.ts'

const voice = { name: 'v', language: 'en-US', rate: 1 }
const saidBy = (words: string) => /<voice name="v">(.*)<\/voice>/s.exec(speechMarkup(words, voice))?.[1]

test.each([
  ['a < b && "c" > \'d\'', 'a &lt; b &amp;&amp; &quot;c&quot; &gt; &apos;d&apos;'],
  ['</voice><voice name="other">', '&lt;/voice&gt;&lt;voice name=&quot;other&quot;&gt;'],
  ['你好，世界 😀 é', '你好，世界 😀 é'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['bell\u0007 null\0 \ud800half \ufffe', 'bell null half '],
])('%o is said as %o', (words, text) => {
  expect(saidBy(words)).toBe(text)
})

test('names cannot leave their attributes', () => {
  const markup = speechMarkup('x', { name: 'a"><b', language: 'e"n', rate: 0.5 })
  expect(markup).toContain('<voice name="a&quot;&gt;&lt;b">')
  expect(markup).toContain('xml:lang="e&quot;n"')
})
