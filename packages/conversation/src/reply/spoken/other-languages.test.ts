import { expect, test } from 'vitest'
import { sentencesOf } from '../chunker.ts'

const said = (text: string, language: string) =>
  sentencesOf(text, { language })
    .map(({ spoken }) => spoken)
    .join(' ')

test.each([
  ['es', 'Cuesta 5,50 € y es un 10% menos.', 'Cuesta 5,50 € y es un 10 por ciento menos.'],
  ['es', 'Escriba a jo.doe@mail.example, por favor.', 'Escriba a jo punto doe arroba mail punto example, por favor.'],
  ['fr', 'Le 28/11/2026 à 14h30, 1 234,50 €', 'Le 28/11/2026 à 14h30, 1 234,50 €'],
  ['fr', 'Dupont & Fils, www.a.example', 'Dupont et Fils, www point a point example'],
  ['de', 'Am 28.11.2026 um 14:30 Uhr kostet es 1.234,50 €.', 'Am 28.11.2026 um 14:30 Uhr kostet es 1.234,50 €.'],
  ['de', 'Ihr Code ist 482913.', 'Ihr Code ist 4 8 2, 9 1 3.'],
  ['pt', 'Ligue +351 21 123 4567 agora', 'Ligue + 3 5 1, 2 1, 1 2 3, 4 5 6 7 agora'],
  ['pt', 'São 15000 pessoas', 'São 15000 pessoas'],
  ['ja', '3月5日の14:30に、5%です。', '3月5日の14:30に、5 パーセント です。'],
  ['ko', '3월 5일 14:30에 10% 할인입니다.', '3월 5일 14:30에 10 퍼센트 할인입니다.'],
  ['ru', 'Это стоит 5 $ и 10%, код 482913.', 'Это стоит 5 $ и 10%, код 482913.'],
])('numbers are left to the voice: %s %s', (language, written, expected) => {
  expect(said(written, language)).toBe(expected)
})

test.each([
  ['zh', 'It costs $5 only.', 'It costs five dollars only.'],
  ['zh-TW', '一共5個', '一共五個'],
  ['en', '一共5个。', '一共五个。'],
  ['en', '5個です', '5個です'],
  ['ja', '5個', '5個'],
  ['EN-us', '5 km', 'five kilometers'],
  ['', '5 km', '5 km'],
])('figures are read in the language around them: %s %s', (language, written, expected) => {
  expect(said(written, language)).toBe(expected)
})
