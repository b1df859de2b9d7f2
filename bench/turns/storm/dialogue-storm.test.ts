import { expect, test } from 'vitest'
import { runStorm, stormTalk } from './storm.ts'

const dialogues = 100_000
const limitMs = 360_000
/** `PARLEY_STORM_SEED=123` replays that one talk. */
const replayed = process.env.PARLEY_STORM_SEED

/** How long it takes is told by `./scripts/bench turns --storm 100000`. */
test(
  `${dialogues} virtual dialogues with failing providers keep every invariant`,
  () => {
    if (replayed !== undefined) expect(stormTalk(Number(replayed))).toBeGreaterThan(0)
    else expect(runStorm(dialogues).steps).toBeGreaterThan(20 * dialogues)
  },
  limitMs,
)
