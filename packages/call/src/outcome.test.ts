import type { CallOutcome } from '@parley/core'
import { expect, test } from 'vitest'
import { outcomeOfRefusal } from './outcome.ts'

const refused = (status: number, more: { q850?: number; meaning?: 'blocked' } = {}) =>
  outcomeOfRefusal({ type: 'rejected', status, reason: '', ...more })

test.each<[string, readonly number[]]>([
  ['busy', [486, 600]],
  ['noAnswer', [408, 480, 487]],
  ['declined', [603, 607]],
  ['numberNotExist', [404, 410, 604]],
  ['numberInvalid', [414, 416, 484, 485]],
  ['restricted', [403, 433]],
  ['blocked', [428, 436, 437, 438, 608]],
  [
    'carrierFault',
    [300, 302, 305, 400, 402, 405, 406, 420, 481, 482, 483, 491, 500, 501, 502, 503, 504, 513, 580, 605],
  ],
])('%s is what these statuses mean: %j', (reason, statuses) => {
  for (const status of statuses) expect(refused(status)).toEqual({ kind: 'unanswered', reason, sipStatus: status })
})

test.each<[string, readonly number[]]>([
  ['numberNotExist', [1, 3, 22, 26]],
  ['busy', [17]],
  ['noAnswer', [18, 19]],
  ['unreachable', [20, 27]],
  ['declined', [21]],
  ['numberInvalid', [28]],
  ['restricted', [50, 52, 53, 54, 55, 57, 87]],
  ['carrierFault', [2, 34, 38, 41, 42, 44, 47, 102, 111]],
])('%s is what these Q.850 causes mean, whatever the status: %j', (reason, causes) => {
  for (const q850 of causes) {
    for (const status of [480, 503]) expect(refused(status, { q850 })).toMatchObject({ reason, sipStatus: status })
  }
})

test.each([16, 31, 127])('cause %i adds nothing to the status', (q850) => {
  expect(refused(486, { q850 })).toMatchObject({ reason: 'busy' })
  expect(refused(503, { q850 })).toMatchObject({ reason: 'carrierFault' })
})

test.each<[number, CallOutcome]>([
  [401, { kind: 'failed', code: 'SIP_AUTH', sipStatus: 401 }],
  [407, { kind: 'failed', code: 'SIP_AUTH', sipStatus: 407 }],
  [415, { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: 415 }],
  [488, { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: 488 }],
  [606, { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: 606 }],
])('%i is a fault of the set-up', (status, outcome) => {
  expect(refused(status)).toEqual(outcome)
})

test('what the trunk says that an answer means goes before everything', () => {
  expect(refused(486, { q850: 17, meaning: 'blocked' })).toEqual({
    kind: 'unanswered',
    reason: 'blocked',
    sipStatus: 486,
  })
  expect(refused(488, { meaning: 'blocked' })).toMatchObject({ kind: 'unanswered', reason: 'blocked' })
})
