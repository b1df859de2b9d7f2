import type { LogFields, Logger } from '@parley/core'
import { pino } from 'pino'

/** Keys whose value is a credential, wherever they stand. */
const secretKeys = new Set(['password', 'secretkey', 'apikey', 'authorization', 'token', 'secret'])

/**
 * JSON lines on stderr. Fields under `pii.` are replaced by `[personal]` unless `personalData`; fields named like a
 * credential always are. Errors are written with code, message and stack, not with what they carry besides.
 */
export function createLogger(options: {
  readonly level: string
  readonly personalData: boolean
  readonly write?: (line: string) => void
}): Logger {
  const write = options.write
  const target = pino({ level: options.level, base: null }, write ? { write } : pino.destination({ fd: 2, sync: true }))
  return wrap(target, options.personalData)
}

function wrap(target: import('pino').Logger, personalData: boolean): Logger {
  const clean = (fields: LogFields = {}) => cleaned(fields, personalData)
  return {
    debug: (message, fields) => target.debug(clean(fields), message),
    info: (message, fields) => target.info(clean(fields), message),
    warn: (message, fields) => target.warn(clean(fields), message),
    error: (message, fields) => target.error(clean(fields), message),
    child: (fields) => wrap(target.child(clean(fields)), personalData),
  }
}

function cleaned(fields: LogFields, personalData: boolean): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (secretKeys.has(key.toLowerCase())) out[key] = '[secret]'
    else if (key.startsWith('pii.') && !personalData) out[key] = '[personal]'
    else if (value instanceof Error) out[key] = describeError(value)
    else out[key] = value
  }
  return out
}

function describeError(error: Error): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {}
  return { name: error.name, message: error.message, stack: error.stack, ...code, ...cause }
}
