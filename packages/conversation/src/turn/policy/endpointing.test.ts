import { turnDefaults } from '@parley/core'
import { expect, test } from 'vitest'
import { policy as stagePolicy } from '../../../test/stage.ts'
import { initialTurnState, type TurnState } from '../state.ts'
import { silentUser, type UserSide } from '../user-side.ts'
import { confidence, endpointAtMs, holdMs, pauseP90Ms } from './endpointing.ts'

const policy = { ...stagePolicy, endpointing: { threshold: 0.9, actionDelayMs: 250, timeoutMs: 2000 } }
const pausing = (user: Partial<UserSide>, habits: Partial<TurnState['habits']> = {}): TurnState => ({
  ...initialTurnState(),
  user: { ...silentUser, ...user },
  habits: { ...initialTurnState().habits, ...habits },
})

test('words that are certainly complete are answered after the least silence', () => {
  expect(holdMs(pausing({ completeness: 0.95 }), policy)).toBe(250)
})

test('the less complete the words read, the longer the silence they are given, up to the limit', () => {
  const holds = [0.9, 0.7, 0.5, 0.35].map((completeness) => holdMs(pausing({ completeness }), policy))
  expect([...holds].sort((a, b) => a - b)).toEqual(holds)
  expect(holds.every((ms) => ms >= 250 && ms <= 2000)).toBe(true)
})

test.each([
  ['go on', 0.2, 900],
  ['cannot end', 0.05, 1200],
])('words that %s are given %f more than the limit when it is short', (_, completeness, ms) => {
  const short = { ...policy, endpointing: { ...policy.endpointing, timeoutMs: 300 } }
  expect(holdMs(pausing({ completeness }), short)).toBe(ms)
})

test('a threshold of one waits for the whole silence whatever the words say', () => {
  const fixed = { ...policy, endpointing: { threshold: 1, actionDelayMs: 250, timeoutMs: 700 } }
  expect(holdMs(pausing({ completeness: 0.98 }), fixed)).toBe(700)
})

test('the least silence never exceeds the limit of the call', () => {
  const short = { ...policy, endpointing: { threshold: 0.9, actionDelayMs: 400, timeoutMs: 240 } }
  expect(holdMs(pausing({ completeness: 0.95 }), short)).toBe(240)
})

test('a caller who pauses for long is waited for longer, and one pause alone does not decide it', () => {
  const unsure = { completeness: 0.5 }
  const known = holdMs(pausing(unsure), policy)
  const once = holdMs(pausing(unsure, { pausesMs: [1900] }), policy)
  const always = holdMs(pausing(unsure, { pausesMs: [1900, 1800, 2000, 1900, 1850, 1900] }), policy)
  expect(known).toBeLessThan(once)
  expect(once).toBeLessThan(always)
  expect(pauseP90Ms([])).toBe(1500)
  const quick = holdMs(pausing(unsure, { pausesMs: [300, 350, 300, 400] }), policy)
  expect(quick).toBeLessThan(known)
})

test('a caller who was cut short is given more time', () => {
  const unsure = { completeness: 0.7 }
  expect(holdMs(pausing(unsure, { cutIns: 2 }), policy)).toBeCloseTo(1.5 * holdMs(pausing(unsure), policy))
})

test('a recogniser that confirms the end is believed', () => {
  expect(holdMs(pausing({ completeness: 0.4, hint: 'confirmed' }), policy)).toBe(250)
})

test('the sound of the pause counts as much as the words', () => {
  expect(confidence({ ...silentUser, completeness: 0.5, endScore: 0.9 })).toBeCloseTo(0.9)
  expect(confidence({ ...silentUser, completeness: 0.8, endScore: 0.8 })).toBeGreaterThan(0.9)
  expect(confidence({ ...silentUser, completeness: 0.8, endScore: 0.1 })).toBeLessThan(0.4)
})

test('a turn that took the floor from the assistant is over sooner than one it waited for', () => {
  const unsure = { completeness: 0.7 }
  expect(holdMs(pausing({ ...unsure, tookFloor: true }), policy)).toBeLessThan(holdMs(pausing(unsure), policy) / 2)
})

test('as likely an end as the threshold asks for needs no more than the least silence', () => {
  expect(holdMs(pausing({ completeness: policy.endpointing.threshold }), policy)).toBe(250)
  expect(holdMs(pausing({ completeness: 0.8 }), policy)).toBeGreaterThan(250)
})

test('the hold is counted from the last voiced frame', () => {
  const state = pausing({ completeness: 0.95, lastVoiceAtMs: 5000, current: true })
  expect(endpointAtMs(state, policy)).toBe(5250)
})

test('the defaults answer complete words sooner than the API default of VadSilenceTime', () => {
  expect(holdMs(pausing({ completeness: 0.9 }), { ...policy, ...turnDefaults })).toBeLessThan(400)
})
