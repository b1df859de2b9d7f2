import type { TurnRules } from '@parley/conversation/turn'
import type { Scenario } from '../scenario/scenario.ts'
import type { TalkRecord } from '../talk-record.ts'
import type { Figures } from './figures.ts'
import { VirtualCall } from './virtual-call.ts'

/** Complete turns are run this much more often than turns with a pause, so that half of the turns have one. */
const gapWeight = 6

/** How often a scenario is run for each time that another one is. */
export const weightOf = ({ set }: Scenario): number => (set === 'gaps' ? gapWeight : 1)

/** Every scenario `repeats` times, each time with other chance. */
export function runTalks(
  scenarios: readonly Scenario[],
  repeats: number,
  rules: TurnRules,
  figures: Figures,
  seed: number,
): TalkRecord[] {
  return scenarios.flatMap((scenario, index) =>
    Array.from({ length: repeats * weightOf(scenario) }, (_, repeat) =>
      new VirtualCall({ scenario, rules, figures, seed: seed + 7_919 * index + repeat }).run(),
    ),
  )
}
