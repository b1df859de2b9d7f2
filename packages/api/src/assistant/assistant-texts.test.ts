import { expect, test } from 'vitest'
import { isDialable } from './phone-number.ts'
import { promptVariables } from './prompt-variables.ts'
import { recognitionHints } from './recognition-hints.ts'

test.each([
  '008613012345678',
  '+8613012345678',
  '13012345678',
  '01012341234',
  '0086075512345678',
  '1001',
  'alice',
  '*98',
])('%s can be dialled', (number) => {
  expect(isDialable(number)).toBe(true)
})

test.each([
  '',
  ' ',
  '+',
  '+0086',
  '+86 130',
  '1',
  'sip:alice@host',
  'a@b',
  '-1',
  '1'.repeat(21),
  'a;b',
  '１３０',
  '12\n34',
])('%j cannot be dialled', (number) => {
  expect(isDialable(number)).toBe(false)
})

test('placeholders are filled once, blanks inside do not matter and unknown ones stay', () => {
  const variables = promptVariables(
    [
      { Key: 'name', Value: 'old' },
      { Key: 'city', Value: 'Bonn' },
    ],
    [{ Key: 'name', Value: '{{city}} $& $1' }],
  )
  expect(variables.fill('{{name}} of {{ city }}, {{who}} {{}} {city}')).toBe(
    '{{city}} $& $1 of Bonn, {{who}} {{}} {city}',
  )
})

test('a text full of open braces and blanks is searched quickly', () => {
  const text = `{{${' '.repeat(2_000_000)}${'{{ '.repeat(200_000)}`
  const startedAtMs = performance.now()
  expect(promptVariables([], []).fill(text)).toBe(text)
  expect(performance.now() - startedAtMs).toBeLessThan(2000)
})

test('special keys are settings', () => {
  const variables = promptVariables(
    [],
    [
      { Key: 'welcome-message-delay', Value: '1.5' },
      { Key: 'dify-inputs-colour', Value: 'red' },
      { Key: 'dify-inputs-user', Value: 'u1' },
      { Key: 'dify-inputs-conversation_id', Value: 'c1' },
      { Key: 'parley-asr-hints', Value: 'blue widget\r\nfour o clock' },
    ],
  )
  expect(variables.greetingDelayMs).toBe(1500)
  expect(variables.difyBody).toEqual({ inputs: { colour: 'red' }, user: 'u1', conversation_id: 'c1' })
  expect(variables.hints).toEqual(['blue widget', 'four o clock'])
})

test.each(['-1', '61', 'soon', '1e9', '1,5'])('a greeting delay of %j is refused', (value) => {
  expect(() => promptVariables([], [{ Key: 'welcome-message-delay', Value: value }])).toThrow('InvalidParameterValue')
})

test('hints are the sentences of the texts, each once, own hints first', () => {
  expect(
    recognitionHints(['own hint', ' '], ['Hello. It costs 3.5 euro!\nBye', '您好。请问您是谁？', 'Hello.']),
  ).toEqual(['own hint', 'Hello.', 'It costs 3.5 euro!', 'Bye', '您好。', '请问您是谁？'])
  expect(
    recognitionHints([], ['a. '.repeat(10) + Array.from({ length: 2000 }, (_, i) => `s${i}. `).join('')]),
  ).toHaveLength(500)
})
