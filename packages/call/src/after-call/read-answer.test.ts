import { type ExtractedValue, type ExtractField, VoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { emptyResult, readAnswer } from './read-answer.ts'

const choices = ['Red', 'Green', '蓝色']
const rows: readonly (readonly [ExtractField['kind'], unknown, ExtractedValue])[] = [
  ['text', ' Jane Doe ', 'Jane Doe'],
  ['text', 42, '42'],
  ['text', '', null],
  ['text', { first: 'Jane' }, null],
  ['number', 12.5, 12.5],
  ['number', '-3', -3],
  ['number', 'twelve', null],
  ['number', ' ', null],
  ['number', true, null],
  ['boolean', false, false],
  ['boolean', 'Yes', true],
  ['boolean', '否', false],
  ['boolean', 'perhaps', null],
  ['boolean', 1, null],
  ['selector', ['green', 'RED'], ['Red', 'Green']],
  ['selector', '蓝色', ['蓝色']],
  ['selector', ['purple'], null],
  ['selector', [], null],
  ['selector', { 0: 'Red' }, null],
  ['text', null, null],
]

test.each(rows)('a %s of %j is %j', (kind, value, expected) => {
  const plan = { extract: [{ kind, name: 'it', ...(kind === 'selector' ? { choices } : {}) }], analyse: false }
  const { extracted } = readAnswer(plan, JSON.stringify({ fields: { it: value } }))
  expect(extracted).toEqual({ it: expected })
})

const plan = { extract: [{ kind: 'text', name: 'name' }], analyse: true } as const

test.each([
  '```json\n{"fields":{"name":"Jane"},"analysis":{"summary":"A call.","mood":"calm"}}\n```',
  'Here it is: {"name":"Jane","summary":"A call.","mood":"calm","intention":""} Anything else?',
])('the object is found in %j', (answer) => {
  expect(readAnswer(plan, answer)).toEqual({
    extracted: { name: 'Jane' },
    analysis: { summary: 'A call.', mood: 'calm', intention: null },
  })
})

test.each(['', 'I cannot do that.', '{"name":', '[1]', '}{'])('%j is no answer, and worth another try', (answer) => {
  const read = () => readAnswer(plan, answer)
  expect(read).toThrow(VoiceError)
  expect(read).toThrow(expect.objectContaining({ code: 'LLM_BAD_RESPONSE', retryable: true }))
})

test('names that objects have of themselves are names like any other', () => {
  const names = ['constructor', '__proto__', 'toString']
  const extract = names.map((name) => ({ kind: 'text', name }) as const)
  const { extracted } = emptyResult({ extract, analyse: false })
  expect(Object.entries(extracted)).toEqual(names.map((name) => [name, null]))
})

test('a tag has one of its values, as it is written, or is not there', () => {
  const tags = [
    { name: 'interest', values: ['High', 'Low'] },
    { name: 'callback', values: ['yes', 'no'] },
    { name: 'colour', values: ['red'] },
  ]
  const answer = JSON.stringify({ tags: { interest: 'high', callback: 'perhaps', colour: ['red'], other: 'x' } })
  expect(readAnswer({ extract: [], analyse: false, tags }, answer)).toEqual({
    extracted: {},
    tags: [
      { name: 'interest', value: 'High' },
      { name: 'colour', value: 'red' },
    ],
  })
  expect(emptyResult({ extract: [], analyse: false, tags })).toEqual({ extracted: {}, tags: [] })
})
