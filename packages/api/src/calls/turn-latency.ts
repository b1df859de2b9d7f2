import type { TurnTimings } from '@parley/core'

/** Latencies of one turn in ms; -1: no data. */
export interface TurnLatency {
  readonly RoundId: string
  readonly ASRLatency: number
  readonly TTSLatency: number
  readonly LLMLatency: number
  readonly LLMFirstTokenLatency: number
  readonly ETELatency: number
}

/**
 * The API's five latencies from the instants of a turn.
 *
 * - ASR: last voice of the user to the final transcript. When the model was asked before the turn was over
 *   (speculation), to the instant the floor was given instead: that is when the text was known to be whole.
 * - LLM first token and LLM: request to first and to last token.
 * - TTS: first chunk of text given to synthesis to its first audio.
 * - ETE: last voice of the user to the first packet of the reply. Stages overlap, so it is less than their sum.
 */
export function turnLatency(timings: TurnTimings): TurnLatency {
  const textKnownAtMs =
    timings.speculatedAtMs === undefined
      ? timings.transcriptFinalAtMs
      : (timings.endpointAtMs ?? timings.transcriptFinalAtMs)
  return {
    RoundId: String(timings.turn),
    ASRLatency: between(timings.userStoppedAtMs, textKnownAtMs),
    TTSLatency: between(timings.synthesisRequestAtMs, timings.synthesisFirstAudioAtMs),
    LLMLatency: between(timings.modelRequestAtMs, timings.modelLastTokenAtMs),
    LLMFirstTokenLatency: between(timings.modelRequestAtMs, timings.modelFirstTokenAtMs),
    ETELatency: between(timings.userStoppedAtMs, timings.firstPacketAtMs),
  }
}

type Measure = Exclude<keyof TurnLatency, 'RoundId' | 'LLMFirstTokenLatency'>

/** Minimum, median and 90th percentile (nearest rank) of each latency over the turns that have it. */
export function latencyStatistics(turns: readonly TurnLatency[]) {
  const of = (measure: Measure) => {
    const values = turns
      .map((turn) => turn[measure])
      .filter((value) => value >= 0)
      .sort((left, right) => left - right)
    return { MinLatency: values[0] ?? -1, MiddleLatency: rank(values, 0.5), P90Latency: rank(values, 0.9) }
  }
  return {
    ASRLatency: of('ASRLatency'),
    TTSLatency: of('TTSLatency'),
    LLMLatency: of('LLMLatency'),
    ETELatency: of('ETELatency'),
  }
}

function between(fromMs: number | undefined, toMs: number | undefined): number {
  return fromMs === undefined || toMs === undefined ? -1 : Math.max(0, Math.round(toMs - fromMs))
}

function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? -1
}
