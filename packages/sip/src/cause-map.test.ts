import { expect, test } from 'vitest'
import { withMeaning } from './cause-map.ts'

const causes = { '503': 'busy', 'q850:34': 'carrierFault' } as const
const rejected = (status: number, q850?: number) => ({
  type: 'rejected' as const,
  status,
  reason: '',
  ...(q850 === undefined ? {} : { q850 }),
})

test.each([
  [rejected(503), 'busy'],
  [rejected(503, 34), 'carrierFault'],
  [rejected(503, 17), 'busy'],
  [rejected(486, 34), 'carrierFault'],
  [rejected(486), undefined],
])('%o means %s on a trunk with its own table', (event, meaning) => {
  expect(withMeaning(event, causes)).toEqual(meaning === undefined ? event : { ...event, meaning })
})

test('a trunk without a table, and events that are no refusal, are left alone', () => {
  expect(withMeaning(rejected(503), undefined)).toEqual(rejected(503))
  expect(withMeaning({ type: 'bye', q850: 34 }, causes)).toEqual({ type: 'bye', q850: 34 })
})
