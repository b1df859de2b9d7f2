import type { Scenario } from './scenario/scenario.ts'
import { turnRules } from './turn-rules.ts'
import type { Figures } from './virtual/figures.ts'
import { weightOf } from './virtual/run-talks.ts'
import { VirtualCall } from './virtual/virtual-call.ts'

/** The silences a detector reports in one turn, ms. */
export interface TurnSilences {
  /** Within the turn: from the last voice to the instant the next one is told of. */
  readonly withinMs: readonly number[]
  /** From the end of the turn to the instant that is told of. */
  readonly noticedMs: number
}

/** Longer than any pause of the scenarios: nobody speaks into the turn. */
const patientMs = 5_000

/** Lets everybody finish and writes down the silences. */
export function observeSilences(
  scenarios: readonly Scenario[],
  repeats: number,
  figures: Figures,
  seed: number,
): TurnSilences[] {
  const rules = turnRules({ threshold: 1, actionDelayMs: patientMs, timeoutMs: patientMs })
  return scenarios.flatMap((scenario, index) =>
    Array.from({ length: repeats * weightOf(scenario) }, (_, repeat) => {
      const withinMs: number[] = []
      let last = { voiceAtMs: 0, toldAtMs: 0 }
      const call: VirtualCall = new VirtualCall({
        scenario,
        rules,
        figures,
        seed: seed + index * 101 + repeat,
        onStep: ({ event }) => {
          if (event.type === 'speech.stopped') last = { voiceAtMs: event.lastVoiceAtMs, toldAtMs: event.atMs }
          if (event.type === 'speech.started' && last.voiceAtMs > 0) withinMs.push(event.atMs - last.voiceAtMs)
        },
      })
      call.run(() => call.time.nowMs > (call.caller.lastWordsEndMs ?? Number.POSITIVE_INFINITY) + 500)
      return { withinMs, noticedMs: last.toldAtMs - (call.caller.lastWordsEndMs ?? last.voiceAtMs) }
    }),
  )
}
