import type { LookupFunction } from 'node:net'
import {
  type Clock,
  isInternalHost,
  type Logger,
  type RecognitionSpec,
  Secret,
  type SpeechRecognizer,
} from '@parley/core'
import { createDeepgramRecognizer } from './deepgram/deepgram-recognizer.ts'
import { createFluxRecognizer } from './deepgram/flux-recognizer.ts'

export interface RequestedRecognizerTools {
  readonly clock: Clock
  readonly logger: Logger
  /** How names become addresses where a call may not lead inside. Undefined: it may. */
  readonly guarded: LookupFunction | undefined
}

/**
 * The recogniser that a call brings (`CustomSTTConfig`). Undefined: it brings none, none that this file knows, or one at an
 * address nobody may be sent to.
 */
export function requestedRecognizer(
  { custom }: RecognitionSpec,
  { clock, logger, guarded }: RequestedRecognizerTools,
): SpeechRecognizer | undefined {
  if (!custom) return undefined
  const { STTType: type, APIKey: key, APIUrl: url, Model: model } = custom
  if (typeof type !== 'string' || typeof key !== 'string') return undefined
  if (url !== undefined && !(typeof url === 'string' && isAllowed(url, guarded === undefined))) return undefined
  const tools = { clock, logger, lookup: guarded }
  const options = { apiKey: new Secret(key), ...(typeof url === 'string' && { url }) }
  switch (type.toLowerCase()) {
    case 'deepgram':
      return createDeepgramRecognizer({ ...options, ...(typeof model === 'string' && { model }) }, tools)
    case 'deepgram-flux':
      return createFluxRecognizer(options, tools)
    default:
      return undefined
  }
}

function isAllowed(address: string, allowPrivate: boolean): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && /^wss?:$/.test(url.protocol) && (allowPrivate || !isInternalHost(url.hostname))
}
