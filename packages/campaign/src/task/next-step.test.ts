import type { Calendar, CampaignState } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { answersCollapsed } from './answers-collapsed.ts'
import { afterCommand } from './campaign-states.ts'
import { nextStep } from './next-step.ts'

const calendar: Calendar = { holidays: new Set(), workingDays: new Set() }
const nineToFive = {
  timeZone: 'UTC',
  parts: [{ days: { kind: 'everyDay' as const }, ranges: [{ fromS: 32_400, toS: 61_200 }] }],
}
const moment = { state: 'running' as const, notBeforeMs: 0, plan: {}, liveCalls: 0, nowMs: 1_000 }
const hourMs = 3_600_000

describe('the next step of a campaign', () => {
  test('waits for its beginning, and is over at its end', () => {
    expect(nextStep({ ...moment, notBeforeMs: 5_000 }, calendar)).toEqual({ kind: 'wait', untilMs: 5_000 })
    expect(nextStep({ ...moment, notAfterMs: 1_000 }, calendar)).toEqual({ kind: 'expire' })
    expect(nextStep({ ...moment, state: 'paused', notAfterMs: 1_000 }, calendar)).toEqual({ kind: 'expire' })
  })

  test('waits for its window, but not beyond its end', () => {
    const asked = { ...moment, plan: { window: nineToFive } }
    expect(nextStep(asked, calendar)).toEqual({ kind: 'wait', untilMs: 9 * hourMs })
    expect(nextStep({ ...asked, notAfterMs: hourMs }, calendar)).toEqual({ kind: 'wait', untilMs: hourMs })
    expect(nextStep({ ...asked, nowMs: 10 * hourMs }, calendar)).toEqual({ kind: 'dial' })
  })

  test('begins no call beyond its limit', () => {
    const limited = { ...moment, plan: { concurrencyLimit: 2 } }
    expect(nextStep({ ...limited, liveCalls: 1 }, calendar)).toEqual({ kind: 'dial' })
    expect(nextStep({ ...limited, liveCalls: 2 }, calendar)).toEqual({ kind: 'full' })
  })

  test('a paused campaign waits for whoever resumes it, or for its end', () => {
    expect(nextStep({ ...moment, state: 'paused' }, calendar)).toEqual({ kind: 'wait' })
    expect(nextStep({ ...moment, state: 'paused', notAfterMs: 9_000 }, calendar)).toEqual({
      kind: 'wait',
      untilMs: 9_000,
    })
  })
})

describe('commands', () => {
  const facts = { notBeforeMs: 0, nowMs: 1, liveCalls: 0 }

  test('lead from one state to another only where they are allowed', () => {
    const table = (['initial', 'running', 'finished', 'ending', 'ended', 'paused'] as const).map((state) => [
      state,
      afterCommand(state, 'pause', facts),
      afterCommand(state, 'resume', facts),
      afterCommand(state, 'stop', facts),
    ])
    expect(table).toEqual([
      ['initial', 'paused', undefined, 'ended'],
      ['running', 'paused', undefined, 'ended'],
      ['finished', undefined, undefined, undefined],
      ['ending', undefined, undefined, undefined],
      ['ended', undefined, undefined, undefined],
      ['paused', undefined, 'running', 'ended'],
    ])
  })

  test('a stopped campaign is ending while calls are in progress, a resumed one may still have to begin', () => {
    expect(afterCommand('running', 'stop', { ...facts, liveCalls: 1 })).toBe('ending')
    expect(afterCommand('paused', 'resume', { ...facts, notBeforeMs: 2 })).toBe('initial')
  })

  test('no row of commands brings a campaign back that is over', () => {
    const random = new SeededRandom(5)
    for (let run = 0; run < 300; run += 1) {
      let state: CampaignState = 'initial'
      let isOver = false
      for (let step = 0; step < 20; step += 1) {
        const command = random.pick(['pause', 'resume', 'stop'] as const)
        const next = afterCommand(state, command, { ...facts, liveCalls: random.between(0, 1) })
        expect(isOver && next !== undefined).toBe(false)
        state = next ?? state
        isOver = ['finished', 'ending', 'ended'].includes(state)
      }
    }
  })
})

describe('collapsed answers', () => {
  test('are a fall below a quarter of the usual rate over fifty attempts', () => {
    const before = { attempts: 200, answered: 80 }
    expect(answersCollapsed({ attempts: 50, answered: 4 }, before)).toBe(true)
    expect(answersCollapsed({ attempts: 50, answered: 5 }, before)).toBe(false)
  })

  test('cannot be told from few attempts, or where hardly anybody ever answered', () => {
    expect(answersCollapsed({ attempts: 49, answered: 0 }, { attempts: 200, answered: 80 })).toBe(false)
    expect(answersCollapsed({ attempts: 50, answered: 0 }, { attempts: 49, answered: 40 })).toBe(false)
    expect(answersCollapsed({ attempts: 50, answered: 0 }, { attempts: 1_000, answered: 90 })).toBe(false)
  })
})
