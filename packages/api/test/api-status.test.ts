import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'
import type { CreateAICallRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/v20200210/ccc_models.js'
import { expect, test } from 'vitest'
import { actions } from '../src/actions/action-index.ts'
import { foreignActions } from '../src/actions/known-actions.ts'
import { apiStatusPage } from '../src/api-status.ts'
import { createAiCallEffects } from '../src/assistant/create-ai-call-effects.ts'
import { type CreateAiCallParameters, createAiCallParameters } from '../src/assistant/create-ai-call-parameters.ts'

const page = new URL('../../../docs/api-status.md', import.meta.url)

test('docs/api-status.md says what the code does (UPDATE_DOCS=1 rewrites it)', () => {
  if (process.env.UPDATE_DOCS === '1') {
    mkdirSync(new URL('.', page), { recursive: true })
    writeFileSync(page, apiStatusPage())
  }
  expect(readFileSync(page, 'utf8')).toBe(apiStatusPage())
})

test('every action of the official SDK is known, once, and no other', () => {
  const known = [...actions.keys(), ...foreignActions]
  const offered = Object.getOwnPropertyNames(ccc.v20200210.Client.prototype).filter((name) => name !== 'constructor')
  expect(known.toSorted()).toEqual(offered.toSorted())
})

test('the fields of CreateAICall are those of the official SDK', () => {
  // Checked by the compiler: a field missing on either side makes its list of names differ from `never`.
  const missing: Exclude<keyof CreateAICallRequest, keyof CreateAiCallParameters>[] = []
  const invented: Exclude<keyof CreateAiCallParameters, keyof CreateAICallRequest>[] = []
  expect([...(missing satisfies never[]), ...(invented satisfies never[])]).toEqual([])
  expect(Object.keys(createAiCallEffects).toSorted()).toEqual(Object.keys(createAiCallParameters.shape).toSorted())
})
