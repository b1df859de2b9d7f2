import {
  type Clock,
  type Logger,
  type RecognitionSpec,
  type Secret,
  type SpeechRecognizer,
  silentLogger,
} from '@parley/core'
import { LiveConnection } from './live-connection.ts'
import type { LiveDialect } from './live-dialect.ts'
import { LiveTranscription } from './live-transcription.ts'

export interface LiveService<Result extends { readonly type: 'result' }> {
  readonly dialect: LiveDialect<Result>
  readonly apiKey: Secret
  /** The address with everything the service must know. */
  urlFor(spec: RecognitionSpec): string
  /** How long after the end of a stretch its final may take before the last partial stands in. Default 1500. */
  readonly finalWithinMs?: number | undefined
}

export interface LiveTools {
  readonly clock: Clock
  readonly logger?: Logger
}

/** A connection made ahead is kept alive this long: the time a telephone may ring. */
const parkedMs = 120_000

/** Recognition over a live WebSocket: audio is sent as it comes, a lost connection is replaced once. */
export function createLiveRecognizer<Result extends { readonly type: 'result' }>(
  service: LiveService<Result>,
  tools: LiveTools,
): SpeechRecognizer {
  const { clock, logger = silentLogger } = tools
  const { dialect } = service
  const parked = new Map<string, LiveConnection[]>()
  const open = (url: string) =>
    LiveConnection.open({ url, authorization: `Token ${service.apiKey.reveal()}` }, clock, dialect.transport)

  const take = async (url: string): Promise<LiveConnection> => {
    const ready = parked.get(url)
    for (let connection = ready?.pop(); connection; connection = ready?.pop()) {
      if (connection.isOpen) return connection
    }
    return open(url)
  }

  return {
    name: dialect.name,
    async *transcribe(input, spec, signal) {
      signal.throwIfAborted()
      const run = new LiveTranscription({
        clock,
        logger,
        dialect,
        connect: () => take(service.urlFor(spec)),
        finalWithinMs: service.finalWithinMs ?? 1_500,
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
      const url = service.urlFor(spec)
      const connection = await open(url)
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
