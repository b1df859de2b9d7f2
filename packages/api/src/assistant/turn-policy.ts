import { endpointingWithin, type TurnDefaults, type TurnPolicy } from '@parley/core'
import type { AssistantParameters } from './create-ai-call-parameters.ts'
import { spokenTexts } from './spoken-texts.ts'

/** Documented defaults of the API. */
const defaults = {
  endpointSilenceMs: 1000,
  notifyAfterS: 10,
  userSilenceLimitMs: 60_000,
} as const

/** Used when `ToneWord` has words and no time; the documents name none. */
const fillerAfterS = 1

/** A JSON-safe "unlimited". */
const unlimited = Number.MAX_SAFE_INTEGER

/** Turn-taking of a call: what the request says, and for the rest the installation's `turnDefaults`. */
export function turnPolicy(
  parameters: AssistantParameters,
  mainLanguage: string,
  turnDefaults: TurnDefaults,
): TurnPolicy {
  const spoken = spokenTexts(mainLanguage)
  const notifyMaxCount = parameters.NotifyMaxCount ?? unlimited
  return {
    ...turnDefaults,
    endpointing: endpointingWithin(turnDefaults.endpointing, parameters.VadSilenceTime ?? defaults.endpointSilenceMs),
    bargeIn: {
      ...turnDefaults.bargeIn,
      speechMs:
        parameters.InterruptMode === 1 ? null : (parameters.InterruptSpeechDuration ?? turnDefaults.bargeIn.speechMs),
    },
    silencePrompt:
      notifyMaxCount === 0
        ? null
        : {
            afterMs: (parameters.NotifyDuration ?? defaults.notifyAfterS) * 1000,
            text: parameters.NotifyMessage?.trim() || spoken.silencePrompt,
            maxCount: notifyMaxCount,
          },
    userSilenceLimitMs: parameters.MaxDuration ?? defaults.userSilenceLimitMs,
    filler: filler(parameters.ToneWord),
    apology: spoken.apology,
  }
}

/** Neutral words suit any reply; positive ones are taken when there are no neutral, negative ones never. */
function filler(toneWord: AssistantParameters['ToneWord']): TurnPolicy['filler'] {
  const { Neutral = [], Positive = [] } = toneWord?.ZHToneWords ?? {}
  const words = [Neutral, Positive]
    .map((list) => list.filter((word) => word.trim() !== ''))
    .find((list) => list.length > 0)
  return words ? { afterMs: Math.round((toneWord?.FirstSentenceTimeout ?? fillerAfterS) * 1000), words } : null
}
