import { generation, type TurnTimings, turnId } from '@parley/core'
import { expect, test } from 'vitest'
import { latencyStatistics, turnLatency } from './turn-latency.ts'

const timings: TurnTimings = {
  turn: turnId(3),
  generation: generation(5),
  userStoppedAtMs: 1000,
  transcriptFinalAtMs: 1150.4,
  endpointAtMs: 1700,
  modelRequestAtMs: 1701,
  modelFirstTokenAtMs: 1951,
  modelLastTokenAtMs: 2501,
  synthesisRequestAtMs: 2000,
  synthesisFirstAudioAtMs: 2080,
  firstPacketAtMs: 2100,
  discarded: 0,
}

test('latencies are differences of the documented instants', () => {
  expect(turnLatency(timings)).toEqual({
    RoundId: '3',
    ASRLatency: 150,
    TTSLatency: 80,
    LLMLatency: 800,
    LLMFirstTokenLatency: 250,
    ETELatency: 1100,
  })
})

test('recognition lasts to the end of the turn when the model was asked ahead of it', () => {
  expect(turnLatency({ ...timings, speculatedAtMs: 1100 }).ASRLatency).toBe(700)
})

test('what did not happen is -1 and nothing is below 0', () => {
  const silent = { turn: turnId(0), generation: generation(1), discarded: 0 }
  expect(turnLatency(silent)).toMatchObject({ ASRLatency: -1, TTSLatency: -1, LLMLatency: -1, ETELatency: -1 })
  expect(turnLatency({ ...timings, transcriptFinalAtMs: 990 }).ASRLatency).toBe(0)
})

test('statistics leave out turns without data', () => {
  const turn = (ete: number) => ({ ...turnLatency(timings), ETELatency: ete, TTSLatency: -1 })
  const statistics = latencyStatistics([5, -1, 1, 2, 3, 4, 6, 7, 8, 9, 10].map(turn))
  expect(statistics.ETELatency).toEqual({ MinLatency: 1, MiddleLatency: 5, P90Latency: 9 })
  expect(statistics.TTSLatency).toEqual({ MinLatency: -1, MiddleLatency: -1, P90Latency: -1 })
})
