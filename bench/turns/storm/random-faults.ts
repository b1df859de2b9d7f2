import type { SeededRandom } from '../../seeded-random.ts'
import type { RecognizerFault, ReplyFault } from '../virtual/faults.ts'
import { noRecognizerFault, noReplyFault } from '../virtual/faults.ts'
import type { VirtualCallOptions } from '../virtual/virtual-call.ts'

type Faults = NonNullable<VirtualCallOptions['faults']>

function recognizerFault(random: SeededRandom): RecognizerFault {
  const faults: readonly RecognizerFault[] = [
    { kind: 'deaf', fromMs: random.below(6_000) },
    { kind: 'late', byMs: 200 + random.below(2_500) },
    { kind: 'neverFinal' },
    { kind: 'duplicate', byMs: random.below(800) },
    { kind: 'unordered' },
  ]
  return faults[random.below(faults.length)] as RecognizerFault
}

function replyFault(random: SeededRandom): ReplyFault {
  const faults: readonly ReplyFault[] = [
    { kind: 'fails', stage: 'llm', code: 'LLM_UNAVAILABLE', afterMs: 20 + random.below(500) },
    { kind: 'fails', stage: 'llm', code: 'LLM_BAD_RESPONSE', afterMs: 250 },
    { kind: 'fails', stage: 'tts', code: 'TTS_FAILED', afterMs: 400 },
    { kind: 'hangs', stage: 'llm' },
    { kind: 'hangs', stage: 'tts' },
    { kind: 'stalls', forMs: 1_000 + random.below(5_000) },
    { kind: 'empty' },
    { kind: 'breaksOff', stage: 'llm', code: 'LLM_UNAVAILABLE' },
    { kind: 'breaksOff', stage: 'tts', code: 'TTS_FAILED' },
  ]
  return faults[random.below(faults.length)] as ReplyFault
}

/** Most talks are sound; in the others the providers, the playout or both fail in some way. */
export function randomFaults(random: SeededRandom): Faults {
  const isSick = random.next() < 0.4
  const recognizer = isSick && random.next() < 0.5 ? recognizerFault(random) : noRecognizerFault
  const failing = isSick ? random.next() * 0.5 : 0
  const isStuck = isSick && random.next() < 0.1
  const callsTool = random.next() < 0.05
  return {
    recognizer,
    playout: isStuck ? { stuckForMs: random.next() < 0.5 ? 900 : Number.POSITIVE_INFINITY } : null,
    reply: (dice) => (dice.next() < failing ? replyFault(dice) : noReplyFault),
    tool: ({ plan }) =>
      callsTool && plan.isModelCalled
        ? { kind: 'endCall', name: 'call_end', description: 'Ends the call.' }
        : undefined,
  }
}
