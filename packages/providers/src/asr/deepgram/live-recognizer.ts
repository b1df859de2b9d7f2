import type { LookupFunction } from 'node:net'
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
import { ParkedConnections } from './parked-connections.ts'

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
  /** How the name of the service becomes addresses. Default: as this machine does. */
  readonly lookup?: LookupFunction | undefined
}

/** Recognition over a live WebSocket: audio is sent as it comes, a lost connection is replaced once. */
export function createLiveRecognizer<Result extends { readonly type: 'result' }>(
  service: LiveService<Result>,
  tools: LiveTools,
): SpeechRecognizer {
  const { clock, logger = silentLogger, lookup } = tools
  const { dialect } = service
  const parked = new ParkedConnections(clock)
  const open = (url: string) =>
    LiveConnection.open({ url, authorization: `Token ${service.apiKey.reveal()}`, lookup }, clock, dialect.transport)

  return {
    name: dialect.name,
    async *transcribe(input, spec, signal) {
      signal.throwIfAborted()
      const run = new LiveTranscription({
        clock,
        logger,
        dialect,
        connect: async () => {
          const url = service.urlFor(spec)
          // One that fails while it is being made costs the call nothing but the time.
          return (await parked.take(url)?.catch(() => undefined)) ?? (await open(url))
        },
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
      await parked.park(url, open(url))
    },
  }
}
