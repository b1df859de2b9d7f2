import { expect, test } from 'vitest'
import { stressDispatch } from './stress/stress-dispatch.ts'

test('engines and a database that are killed, stopped, cut off and restarted under load dial no call twice, pass no limit and lose no record', {
  timeout: 120_000,
}, async () => {
  const { wrong, figures } = await stressDispatch({
    seconds: 20,
    engines: 4,
    seed: 1,
    every: { kill: 3, stall: 2, cut: 4, restart: 9, freeze: 1_000 },
  })
  expect(wrong).toEqual([])
  // The storm was one: calls went on through it, and engines died with calls up.
  expect(figures.dials).toBeGreaterThan(100)
  expect(figures.outages).toBeGreaterThanOrEqual(2)
  expect(figures.refused).toBeGreaterThan(0)
})
