import { applicationId, type CallSpec, callId } from '@parley/core'
import { expect, test } from 'vitest'
import { afterComplianceTone, hasComplianceTone } from './compliance-tone.ts'

const call = (assistant: Partial<CallSpec['assistant']>): CallSpec => ({
  callId: callId('00000000-0000-4000-8000-000000000001'),
  applicationId: applicationId(1),
  direction: 'outbound',
  callee: '1',
  caller: '2',
  trunk: 'main',
  limits: {},
  assistant: { greetingDelayMs: 0, ...assistant } as CallSpec['assistant'],
})

test('what the call says wins over the installation', () => {
  expect(hasComplianceTone(call({}), true)).toBe(true)
  expect(hasComplianceTone(call({}), false)).toBe(false)
  expect(hasComplianceTone(call({ complianceTone: false }), true)).toBe(false)
  expect(hasComplianceTone(call({ complianceTone: true }), false)).toBe(true)
})

test('the greeting waits for the tone and a pause, and no longer than that when it waits anyway', () => {
  expect(afterComplianceTone(call({})).assistant.greetingDelayMs).toBe(800)
  expect(afterComplianceTone(call({ greetingDelayMs: 2_000 })).assistant.greetingDelayMs).toBe(2_000)
})
