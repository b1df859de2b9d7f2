import { expect, test } from 'vitest'
import { readBudgets } from './gates.ts'
import { latencyPlans } from './latency/latency-plan.ts'
import { mediaBenches } from './micro/media-benches.ts'
import { turnBenches } from './micro/turn-benches.ts'
import { goalNames } from './turns/goals.ts'
import { readTurnsBudgets } from './turns/turns-budgets.ts'

test('every latency budget belongs to a run of the full plan, and runs have names of their own', async () => {
  const ids = latencyPlans.full.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(Object.keys(await readBudgets('latency'))))
})

test('the quick runs are held to the budgets of the full ones', async () => {
  const budgets = await readBudgets('latency')
  for (const { id } of latencyPlans.quick) expect(budgets[id]?.length).toBeGreaterThan(0)
})

test('every micro bench has a budget and every budget a bench', async () => {
  using ofTurns = turnBenches()
  const names = [...(await mediaBenches()), ...ofTurns.benches].map(({ name }) => name)
  expect(Object.keys(await readBudgets('micro')).toSorted()).toEqual(names.toSorted())
})

test('a limit that is not the goal says why', async () => {
  for (const bench of ['latency', 'micro', 'sip']) {
    for (const { name, limit, goal, why } of Object.values(await readBudgets(bench)).flat()) {
      expect(limit, name).toBeGreaterThanOrEqual(goal)
      if (limit > goal) expect(why, name).toBeTruthy()
    }
  }
})

test.each(['virtual', 'live'] as const)('a limit of %s turn-taking belongs to a goal and says why', async (layer) => {
  for (const { name, why } of await readTurnsBudgets(layer)) {
    expect(goalNames).toContain(name)
    expect(why, name).toBeTruthy()
  }
})
