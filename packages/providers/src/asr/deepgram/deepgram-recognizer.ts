import type { RecognitionSpec, Secret, SpeechRecognizer } from '@parley/core'
import { FinalizedStretches } from './finalized-stretches.ts'
import { withDefaults } from './listen-url.ts'
import type { LiveDialect } from './live-dialect.ts'
import { type LiveResult, parseLiveMessage } from './live-message.ts'
import { createLiveRecognizer, type LiveTools } from './live-recognizer.ts'

/** Deepgram, or any service that speaks its live protocol. */
export interface DeepgramOptions {
  /** Default `wss://api.deepgram.com/v1/listen`. Query parameters given here win over ours. */
  readonly url?: string
  readonly apiKey: Secret
  readonly model?: string
  /** Further query parameters, e.g. `smart_format`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** How long after the end of a stretch its final may take before the last partial stands in. Default 1500. */
  readonly finalWithinMs?: number
}

const defaultUrl = 'wss://api.deepgram.com/v1/listen'

const dialect: LiveDialect<LiveResult> = {
  name: 'deepgram',
  parse: parseLiveMessage,
  createAssembler: () => new FinalizedStretches(),
  finalizes: true,
  transport: { keepAlive: 'message', blockSamples: 0 },
}

/**
 * Recognition over Deepgram's live WebSocket. Audio is sent as it comes; the end of a voiced stretch sends `Finalize`,
 * whose answer is the final of the stretch. The service's own endpointing is switched off: the turn engine decides.
 */
export function createDeepgramRecognizer(options: DeepgramOptions, tools: LiveTools): SpeechRecognizer {
  const { apiKey, finalWithinMs } = options
  return createLiveRecognizer({ dialect, apiKey, finalWithinMs, urlFor: (spec) => listenUrl(options, spec) }, tools)
}

function listenUrl(options: DeepgramOptions, spec: RecognitionSpec): string {
  return withDefaults(options.url ?? defaultUrl, {
    encoding: 'linear16',
    sample_rate: '8000',
    channels: '1',
    interim_results: 'true',
    endpointing: 'false',
    punctuate: 'true',
    ...(options.model !== undefined && { model: options.model }),
    ...(spec.languages[0] !== undefined && { language: spec.languages[0] }),
    ...options.parameters,
  })
}
