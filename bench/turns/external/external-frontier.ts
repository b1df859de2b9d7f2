import { type Outcome, type SweepPlan, type SweepResult, sweep, tryTimer } from '../knob-sweep.ts'
import { turnRules } from '../turn-rules.ts'
import type { ExternalTurn } from './external-set.ts'
import { detectVoice } from './level-detector.ts'
import { replayTurn } from './replay-turn.ts'

/** The end is noticed a little before a generous label ends: not a cut-in. */
const toleranceMs = 20

/** The frontier of the knobs on a set of others, from causal input: level of the audio so far, words so far. */
export function externalFrontier(turns: readonly ExternalTurn[], plan: SweepPlan): SweepResult {
  const heard = turns.map((turn) => ({
    turn,
    voice: detectVoice(turn.samples),
    eosMs: turn.silencesMs.at(-1)?.[0] ?? 0,
  }))
  const silences = heard.map(({ voice, eosMs }) => ({
    withinMs: voice.flatMap(({ startedMs }, index) =>
      index === 0 ? [] : [startedMs - (voice[index - 1]?.endMs ?? 0)],
    ),
    noticedMs: (voice.at(-1)?.stoppedMs ?? eosMs) - eosMs,
  }))
  const attempt = (knobs: Parameters<Parameters<typeof sweep>[1]>[0]): Outcome => {
    const rules = turnRules(knobs)
    const late: number[] = []
    for (const { turn, voice, eosMs } of heard) {
      const greeting =
        turn.context === '' ? ({ kind: 'none' } as const) : ({ kind: 'text', text: turn.context } as const)
      const endpointMs = replayTurn(turn, voice, { ...rules, greeting })
      if (endpointMs === null || endpointMs >= eosMs - toleranceMs) late.push((endpointMs ?? eosMs + 10_000) - eosMs)
    }
    const latencyMs = late.reduce((sum, ms) => sum + ms, 0) / Math.max(1, late.length)
    return { cutIns: 1 - late.length / heard.length, latencyMs }
  }
  return sweep(plan, attempt, (timeoutMs) => tryTimer(silences, timeoutMs))
}
