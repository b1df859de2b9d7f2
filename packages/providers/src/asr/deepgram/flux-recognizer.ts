import type { RecognitionSpec, Secret, SpeechRecognizer } from '@parley/core'
import { type FluxTurnInfo, parseFluxMessage } from './flux-message.ts'
import { FluxStretches } from './flux-stretches.ts'
import { withDefaults } from './listen-url.ts'
import type { LiveDialect } from './live-dialect.ts'
import { createLiveRecognizer, type LiveTools } from './live-recognizer.ts'

/** Deepgram Flux, or any service that speaks its turn-based protocol. */
export interface FluxOptions {
  /** Default `wss://api.deepgram.com/v2/listen`. Query parameters given here win over ours. */
  readonly url?: string
  readonly apiKey: Secret
  /** Confidence (0.3 to 0.9) from which the service says `EagerEndOfTurn`. Undefined: it never does. */
  readonly eagerThreshold?: number
  /** Confidence (0.5 to 1) from which the service calls the turn over. Undefined: its own default, 0.7. */
  readonly threshold?: number
  /** How long after the end of a stretch its final may take before the last partial stands in. Default 1500. */
  readonly finalWithinMs?: number
}

const defaultUrl = 'wss://api.deepgram.com/v2/listen'

/** What the multilingual model can be biased towards; other languages are left to its own detection. */
const hintLanguages = /^(?:en|es|fr|de|hi|ru|pt|ja|it|nl)\b/i

/**
 * The service recommends blocks of 80 ms. Its model takes steps of that size, so gathering them here costs no time. It
 * knows no `KeepAlive`; a connection made ahead is kept open with a little silence.
 */
const dialect: LiveDialect<FluxTurnInfo> = {
  name: 'deepgram-flux',
  parse: parseFluxMessage,
  createAssembler: () => new FluxStretches(),
  finalizes: false,
  transport: { keepAlive: 'silence', blockSamples: 640 },
}

/**
 * Recognition over Deepgram's turn-based WebSocket. The service finds the ends of turns itself and tells of them as
 * `TurnHint`; the turn engine weighs that opinion and goes on to decide.
 */
export function createFluxRecognizer(options: FluxOptions, tools: LiveTools): SpeechRecognizer {
  const { apiKey, finalWithinMs } = options
  return createLiveRecognizer({ dialect, apiKey, finalWithinMs, urlFor: (spec) => listenUrl(options, spec) }, tools)
}

function listenUrl({ url, eagerThreshold, threshold }: FluxOptions, { languages }: RecognitionSpec): string {
  const englishOnly = languages.every((language) => /^en\b/i.test(language))
  return withDefaults(url ?? defaultUrl, {
    encoding: 'linear16',
    sample_rate: '8000',
    ...(englishOnly
      ? { model: 'flux-general-en' }
      : { model: 'flux-general-multi', language_hint: languages.filter((language) => hintLanguages.test(language)) }),
    ...(eagerThreshold !== undefined && { eager_eot_threshold: String(eagerThreshold) }),
    ...(threshold !== undefined && { eot_threshold: String(threshold) }),
  })
}
