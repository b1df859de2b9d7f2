import type { TurnRules } from '@parley/conversation/turn'
import { type EndpointingPolicy, turnDefaults } from '@parley/core'

/** The engine's own defaults, with the three knobs of endpointing replaced as given. */
export function turnRules(knobs: Partial<EndpointingPolicy> = {}): TurnRules {
  return {
    greeting: { kind: 'none' },
    greetingDelayMs: 0,
    greetingInterruptible: true,
    recognition: { languages: ['en'], hints: [] },
    turn: {
      ...turnDefaults,
      endpointing: { ...turnDefaults.endpointing, ...knobs },
      silencePrompt: null,
      userSilenceLimitMs: 60_000,
      // The design's limit for a predicted wait.
      filler: { afterMs: 900, words: ['One moment.'] },
      apology: 'I am sorry, something went wrong.',
    },
  }
}
