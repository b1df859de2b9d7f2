import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anyTag, judgeAttempt } from './judge-attempt.ts'
import { matchingTriggers } from './matching-triggers.ts'
import { mergeCallee } from './merge-callee.ts'

const plan = { tries: 3, retryIntervalMs: 600_000, retryStatuses: [], retryTags: [] }
const busy = { status: 206, tries: 1, endedAtMs: 1_000 }

describe('what becomes of a callee', () => {
  test('one who was busy is called again after the interval, while tries are left', () => {
    expect(judgeAttempt(plan, busy)).toEqual({ state: 'retrying', dueAtMs: 601_000 })
    expect(judgeAttempt(plan, { ...busy, tries: 3 })).toEqual({ state: 'unanswered' })
  })

  test('only the named statuses are tried again', () => {
    const only = { ...plan, retryStatuses: [202] }
    expect(judgeAttempt(only, busy)).toEqual({ state: 'unanswered' })
    expect(judgeAttempt(only, { ...busy, status: 202 }).state).toBe('retrying')
  })

  test('a number that does not exist is not tried again unless the campaign says so', () => {
    expect(judgeAttempt(plan, { ...busy, status: 205 }).state).toBe('unanswered')
    expect(judgeAttempt({ ...plan, retryStatuses: [205] }, { ...busy, status: 205 }).state).toBe('retrying')
  })

  test('one who answered is called again only for a result that asks for it', () => {
    const tagged = { ...plan, retryTags: [{ name: 'wish', value: 'Call later' }] }
    const answered = { ...busy, status: 1 }
    expect(judgeAttempt(tagged, answered).state).toBe('answered')
    expect(judgeAttempt(tagged, { ...answered, tags: [{ name: 'wish', value: 'call later ' }] }).state).toBe('retrying')
    expect(judgeAttempt(tagged, { ...answered, tags: [{ name: 'other', value: 'call later' }] }).state).toBe('answered')
  })

  test('nobody is called more often than the tries say, whatever happens', () => {
    const random = new SeededRandom(3)
    const statuses = [1, 202, 203, 204, 205, 206, 208, 210, 215, 222]
    for (let run = 0; run < 500; run += 1) {
      const rules = {
        tries: random.between(1, 3),
        retryIntervalMs: random.between(600, 86_400) * 1_000,
        retryStatuses: statuses.filter(() => random.next() < 0.4),
        retryTags: random.next() < 0.5 ? [] : [{ name: 'a', value: 'b' }],
      }
      let [tries, nowMs] = [0, 0]
      for (;;) {
        tries += 1
        const endedAtMs = nowMs + random.between(0, 300_000)
        const verdict = judgeAttempt(rules, {
          status: random.pick(statuses),
          tags: [{ name: 'a', value: random.pick(['b', 'c']) }],
          tries,
          endedAtMs,
        })
        if (verdict.state !== 'retrying') break
        expect(verdict.dueAtMs).toBe(endedAtMs + rules.retryIntervalMs)
        nowMs = verdict.dueAtMs ?? 0
      }
      expect(tries).toBeLessThanOrEqual(rules.tries)
    }
  })
})

describe('triggers', () => {
  const always = { statuses: [206], tags: [{ name: 'a', value: 'b' }], oncePerNumber: false }

  test('match by status or by result; without conditions every call', () => {
    const triggers = [always, { ...always, statuses: [], tags: [] }, { ...always, statuses: [1] }]
    expect(matchingTriggers(triggers, { status: 206, fired: [] })).toEqual([0, 1])
    expect(matchingTriggers(triggers, { status: 202, tags: [{ name: 'a', value: 'b' }], fired: [] })).toEqual([0, 1, 2])
  })

  test('that fire once a number do not fire again', () => {
    const once = { ...always, oncePerNumber: true }
    expect(matchingTriggers([once, always], { status: 206, fired: [0, 1] })).toEqual([1])
  })

  test('without any wanted result nothing matches', () => {
    expect(anyTag([], [{ name: 'a', value: 'b' }])).toBe(false)
  })
})

test("a callee's own variables and UUI win over those of the campaign", () => {
  const shared = { variables: { city: 'Bonn', name: 'there' }, uui: 'all' }
  expect(mergeCallee(shared, { variables: { name: 'Ann' } })).toEqual({
    variables: { city: 'Bonn', name: 'Ann' },
    uui: 'all',
  })
  expect(mergeCallee(shared, { uui: 'own' }).uui).toBe('own')
  expect(mergeCallee({ variables: {} }, {})).toEqual({ variables: {} })
})
