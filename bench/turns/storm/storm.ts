import type { TurnRules } from '@parley/conversation/turn'
import { SeededRandom } from '../../seeded-random.ts'
import { turnRules } from '../turn-rules.ts'
import { figures } from '../virtual/figures.ts'
import { VirtualCall } from '../virtual/virtual-call.ts'
import { randomFaults } from './random-faults.ts'
import { randomTalk } from './random-talk.ts'
import { TalkWatch } from './talk-watch.ts'

export interface StormResult {
  readonly dialogues: number
  readonly steps: number
}

const pick = <T>(random: SeededRandom, items: readonly T[]): T => items[random.below(items.length)] as T

function randomRules(random: SeededRandom): TurnRules {
  const rules = turnRules({
    threshold: pick(random, [0.5, 0.85, 1]),
    actionDelayMs: pick(random, [150, 250, 400]),
    timeoutMs: pick(random, [240, 500, 1_000]),
  })
  const { turn } = rules
  return {
    ...rules,
    turn: {
      ...turn,
      bargeIn: { ...turn.bargeIn, speechMs: pick(random, [null, 300, 500, 500]) },
      filler: pick(random, [null, { afterMs: 500, words: ['One moment.'] }]),
      silencePrompt: pick(random, [null, { afterMs: 2_000, text: 'Are you still there?', maxCount: 2 }]),
      userSilenceLimitMs: pick(random, [6_000, 60_000]),
    },
  }
}

/** One talk of that seed. Returns its steps. @throws Error when an invariant breaks */
export function stormTalk(seed: number): number {
  const random = new SeededRandom(seed)
  const scenario = randomTalk(random, seed)
  const rules = randomRules(random)
  const watch = new TalkWatch(() => call)
  const call: VirtualCall = new VirtualCall({
    scenario,
    rules,
    figures,
    seed,
    faults: randomFaults(random),
    onStep: (step) => watch.see(step),
  })
  call.run()
  watch.finish()
  return call.steps
}

/** Many talks, one seed each. @throws Error that names the seed of the first talk that breaks an invariant */
export function runStorm(dialogues: number, firstSeed = 1): StormResult {
  let steps = 0
  for (let seed = firstSeed; seed < firstSeed + dialogues; seed += 1) {
    try {
      steps += stormTalk(seed)
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
  return { dialogues, steps }
}
