import { type Logger, VoiceError } from '@parley/core'
import { ApiError } from './answer/api-error.ts'

/** How one request went. */
export interface RequestReport {
  readonly requestId: string
  /** A known action, or undefined: unknown names are the client's text and stay out. */
  readonly action: string | undefined
  readonly client: string | undefined
  readonly tookMs: number
  readonly error?: unknown
  /** Texts that must not be written wherever they turn up. */
  readonly secrets: readonly string[]
}

/** The one line of each request. Bodies are never logged. */
export function logRequest(logger: Logger, report: RequestReport): void {
  const { error, secrets, client, ...facts } = report
  const fields = { ...facts, client: client?.replace(/[^\w .-]/g, '').slice(0, 64) }
  if (error === undefined) {
    logger.debug('api request served', fields)
  } else if (error instanceof ApiError) {
    logger.info('api request refused', { ...fields, code: error.code })
  } else {
    const errorCode = error instanceof VoiceError ? error.code : undefined
    logger.error('api request failed', { ...fields, errorCode, 'pii.cause': causeText(error, secrets) })
  }
}

/** The error with its causes as text, without the secrets of the request. */
export function causeText(error: unknown, secrets: readonly string[]): string {
  const parts: string[] = []
  let current = error
  for (let depth = 0; depth < 4 && current !== undefined; depth += 1) {
    parts.push(current instanceof Error ? (current.stack ?? current.message) : String(current))
    current = current instanceof Error ? current.cause : undefined
  }
  let text = parts.join('\ncaused by ')
  for (const secret of secrets) text = text.replaceAll(secret, '[secret]')
  return text.slice(0, 4000)
}

const secretNames = ['APIKey', 'CustomTTSConfig', 'CustomSTTConfig', 'LLMExtraBody']

/** Values of a request that are credentials or may hold some, and each text inside their JSON. */
export function secretTexts(values: Readonly<Record<string, unknown>>): readonly string[] {
  const found = secretNames.flatMap((name) => {
    const value = values[name]
    if (typeof value !== 'string') return []
    return [value, ...[...value.matchAll(/"([^"\\]{6,})"/g)].map((match) => match[1] ?? '')]
  })
  return found.filter((text) => text.length >= 4).slice(0, 200)
}
