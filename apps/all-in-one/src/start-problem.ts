import { VoiceError } from '@parley/core'
import type { Config } from '@parley/runtime'

type Settings = Pick<Config['settings'], 'PARLEY_HTTP_PORT' | 'PARLEY_SIP_PORT' | 'DATABASE_URL'>

interface SystemFacts {
  readonly code?: string
  readonly port?: number
  readonly path?: string
  readonly syscall?: string
  readonly message?: string
}

const fileFaults = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ENOSPC', 'EISDIR'])
/** Codes of PostgreSQL: wrong password or role, no such database, no rights. */
const databaseRefusals = new Set(['28P01', '28000', '3D000', '42501'])
const networkFaults = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

/** The sentence for an operator whose start failed, when the cause is one that operators meet; else undefined. */
export function startProblem(error: unknown, settings?: Settings): string | undefined {
  let deepest: Error | undefined
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const sentence = sentenceOf(cause as SystemFacts, settings)
    if (sentence) return sentence
    deepest = cause
  }
  const isStore = error instanceof VoiceError && error.code === 'STORE_FAILED'
  return isStore && settings?.DATABASE_URL ? databaseSentence(deepest?.message ?? '') : undefined
}

const databaseSentence = (reason: string) => `the database does not take us in (${reason}); check DATABASE_URL`

function sentenceOf(facts: SystemFacts, settings: Settings | undefined): string | undefined {
  const { code = '', port, path, syscall, message } = facts
  const binds = syscall === 'bind' || syscall === 'listen'
  if (code === 'EADDRINUSE') {
    return `port ${port ?? ''} is in use by another program; choose another by ${portSetting(port, settings)}`
  }
  if (code === 'EACCES' && binds)
    return `no permission to listen on port ${port ?? ''}; ports below 1024 need root; choose another by ${portSetting(port, settings)}`
  if (code === 'EINVAL' && syscall === 'listen')
    return 'the path of the data directory is too long for a socket in it; set PARLEY_DATA_DIR to a shorter one'
  if (code === 'EADDRNOTAVAIL') return 'PARLEY_BIND_HOST is not an address of this machine'
  if (networkFaults.has(code) || databaseRefusals.has(code)) return databaseSentence(message || code)
  if (fileFaults.has(code) && path !== undefined)
    return `the data directory cannot be used (${message}); set PARLEY_DATA_DIR`
  return undefined
}

function portSetting(port: number | undefined, settings: Settings | undefined): string {
  if (port !== undefined && port === settings?.PARLEY_HTTP_PORT) return 'PARLEY_HTTP_PORT'
  if (port !== undefined && port === settings?.PARLEY_SIP_PORT) return 'PARLEY_SIP_PORT'
  return 'PARLEY_HTTP_PORT or PARLEY_SIP_PORT'
}
