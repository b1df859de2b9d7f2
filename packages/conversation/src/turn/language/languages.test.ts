import { expect, test } from 'vitest'
import { languageOf, languages, languagesOf, lexicons } from './languages.ts'
import { tokensOf } from './tokens.ts'

test('English is understood beside every language, and every language under an unknown tag', () => {
  expect(languagesOf('en-US')).toEqual(['en'])
  expect(languagesOf('zh-CN')).toEqual(['zh', 'en'])
  expect(languagesOf('PT_br')).toEqual(['pt', 'en'])
  expect(languagesOf('sw')).toEqual(languages)
  expect(languagesOf('')).toEqual(languages)
})

test.each([
  ['zh', '我要取消', 'zh'],
  ['zh', 'I want to cancel', 'en'],
  ['zh', '我要 cancel 订单', 'zh'],
  ['ja', '了解', 'ja'],
  ['es', 'quiero cancelar mi pedido', 'es'],
  ['es', 'I want to cancel my order', 'en'],
  ['xx', 'ich möchte meine Bestellung stornieren', 'de'],
  ['xx', 'je voudrais annuler ma commande', 'fr'],
  ['xx', 'eu gostaria de cancelar o pedido', 'pt'],
  ['xx', '予約をキャンセルしたい', 'ja'],
  ['xx', '취소해 주세요', 'ko'],
])('under the tag "%s", "%s" is taken for %s', (tag, text, language) => {
  expect(languageOf(text, tag)).toBe(language)
})

test.each(languages)('no last words of %s have two endings, and none are empty', (language) => {
  const keys = Object.values(lexicons[language].ends)
    .flat()
    .map((entry) => tokensOf(entry).join(' '))
  expect(keys).not.toContain('')
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})
