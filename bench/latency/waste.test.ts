import { expect, test } from 'vitest'
import type { ModelRecord, SpeechRecord } from '../simulators/request-log.ts'
import { sumWaste } from './waste.ts'

const model = (response: number, over: Partial<ModelRecord> = {}): ModelRecord => ({
  kind: 'llm',
  response,
  receivedNs: 0,
  userText: '',
  headers: {},
  tokensNs: [1, 2, 3],
  words: [],
  ...over,
})
const speech = (response: number, over: Partial<SpeechRecord> = {}): SpeechRecord => ({
  kind: 'tts',
  receivedNs: 0,
  text: `R1 w${response}n1`,
  headers: {},
  chunksNs: [10, 20],
  bytes: 3_200,
  ...over,
})

test('what was heard is no waste', () => {
  expect(sumWaste([model(1), speech(1)], new Set([1]))).toEqual({
    modelRequestsCancelled: 0,
    speechRequestsCancelled: 0,
    tokens: 0,
    speechBytes: 0,
    speechBytesAfterCancel: 0,
  })
})

test('audio sent after the reply was cancelled is counted apart', () => {
  const records = [model(1), speech(1), model(2, { cancelledNs: 15 }), speech(2, { cancelledNs: 25 })]
  expect(sumWaste(records, new Set([1]))).toEqual({
    modelRequestsCancelled: 1,
    speechRequestsCancelled: 1,
    tokens: 3,
    speechBytes: 3_200,
    speechBytesAfterCancel: 1_600,
  })
})

test('a greeting carries no response and is no waste', () => {
  expect(sumWaste([speech(0, { text: 'Hello there' })], new Set()).speechBytes).toBe(0)
})
