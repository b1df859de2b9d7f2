import { expect, test } from 'vitest'
import { runStorm, stormTalk } from './storm.ts'

const dialogues = 100_000
const limitMs = 60_000
/** `PARLEY_STORM_SEED=123` replays that one talk. */
const replayed = process.env.PARLEY_STORM_SEED

test.skipIf(replayed !== undefined)(
  `${dialogues} virtual dialogues with failing providers keep every invariant, in under a minute of processor time`,
  () => {
    const before = process.cpuUsage()
    const { steps } = runStorm(dialogues)
    const { user, system } = process.cpuUsage(before)
    expect(steps).toBeGreaterThan(20 * dialogues)
    expect((user + system) / 1_000).toBeLessThan(limitMs)
  },
  6 * limitMs,
)

test.runIf(replayed !== undefined)(`the talk of seed ${replayed} keeps every invariant`, () => {
  expect(stormTalk(Number(replayed))).toBeGreaterThan(0)
})
