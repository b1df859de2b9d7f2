import {
  type Clock,
  type Logger,
  type RecognitionSpec,
  type Secret,
  type SpeechRecognizer,
  silentLogger,
} from '@parley/core'
import { LiveConnection } from './live-connection.ts'
import { LiveTranscription } from './live-transcription.ts'

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

export interface DeepgramTools {
  readonly clock: Clock
  readonly logger?: Logger
}

const defaultUrl = 'wss://api.deepgram.com/v1/listen'
/** A connection made ahead is kept alive this long: the time a telephone may ring. */
const parkedMs = 120_000

/**
 * Recognition over Deepgram's live WebSocket. Audio is sent as it comes; the end of a voiced stretch sends `Finalize`,
 * whose answer is the final of the stretch. The service's own endpointing is switched off: the turn engine decides.
 */
export function createDeepgramRecognizer(options: DeepgramOptions, tools: DeepgramTools): SpeechRecognizer {
  const { clock, logger = silentLogger } = tools
  const parked = new Map<string, LiveConnection[]>()
  const addressOf = (url: string) => ({ url, authorization: `Token ${options.apiKey.reveal()}` })

  const take = async (url: string): Promise<LiveConnection> => {
    const ready = parked.get(url)
    for (let connection = ready?.pop(); connection; connection = ready?.pop()) {
      if (connection.isOpen) return connection
    }
    return LiveConnection.open(addressOf(url), clock)
  }

  return {
    name: 'deepgram',
    async *transcribe(input, spec, signal) {
      signal.throwIfAborted()
      const run = new LiveTranscription({
        clock,
        logger,
        connect: () => take(listenUrl(options, spec)),
        finalWithinMs: options.finalWithinMs ?? 1_500,
      })
      const onAbort = () => run.end(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      void run.run(input)
      try {
        for await (const transcript of run.output) {
          signal.throwIfAborted()
          yield transcript
        }
      } finally {
        signal.removeEventListener('abort', onAbort)
        run.end()
      }
    },
    async prewarm(spec) {
      const url = listenUrl(options, spec)
      const connection = await LiveConnection.open(addressOf(url), clock)
      const ready = parked.get(url) ?? []
      parked.set(url, ready)
      ready.push(connection)
      clock.setTimer(clock.nowMs() + parkedMs, () => {
        const index = ready.indexOf(connection)
        if (index >= 0) ready.splice(index, 1)[0]?.close()
      })
    },
  }
}

function listenUrl(options: DeepgramOptions, spec: RecognitionSpec): string {
  const url = new URL(options.url ?? defaultUrl)
  const defaults: Record<string, string> = {
    encoding: 'linear16',
    sample_rate: '8000',
    channels: '1',
    interim_results: 'true',
    endpointing: 'false',
    punctuate: 'true',
    ...(options.model !== undefined && { model: options.model }),
    ...(spec.languages[0] !== undefined && { language: spec.languages[0] }),
    ...options.parameters,
  }
  for (const [name, value] of Object.entries(defaults)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value)
  }
  return url.href
}
