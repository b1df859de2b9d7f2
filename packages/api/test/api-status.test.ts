import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'
import { expect, test } from 'vitest'
import { actions } from '../src/actions/action-index.ts'
import { foreignActions, laterActions } from '../src/actions/known-actions.ts'
import { apiStatusPage } from '../src/api-status.ts'
import { fieldsWithoutEffect } from '../src/assistant/create-ai-call-effects.ts'
import { minimalCall } from './api-house.ts'

const page = new URL('../../../docs/api-status.md', import.meta.url)

test('docs/api-status.md says what the code does (UPDATE_DOCS=1 rewrites it)', () => {
  if (process.env.UPDATE_DOCS === '1') {
    mkdirSync(new URL('.', page), { recursive: true })
    writeFileSync(page, apiStatusPage())
  }
  expect(readFileSync(page, 'utf8')).toBe(apiStatusPage())
})

test('every action of the official SDK is known, once, and no other', () => {
  const known = [...actions.keys(), ...laterActions, ...foreignActions]
  const offered = Object.getOwnPropertyNames(ccc.v20200210.Client.prototype).filter((name) => name !== 'constructor')
  expect(known.toSorted()).toEqual(offered.toSorted())
})

test('only fields that ask for something missing are reported as without effect', () => {
  expect(fieldsWithoutEffect({ ...minimalCall, EnableVoicemailDetection: false, TransferItems: [] })).toEqual([])
  expect(
    fieldsWithoutEffect({ ...minimalCall, EnableVoicemailDetection: true, AmbientSoundType: 'busy_office' }),
  ).toEqual(['EnableVoicemailDetection', 'AmbientSoundType'])
})
