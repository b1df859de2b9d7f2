import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.ts'

/** Where the engine is and who asks. */
export interface Settings {
  /** Without a slash at its end. */
  readonly url: string
  readonly secretId: string
  readonly secretKey: string
  /** For actions that name no call. */
  readonly sdkAppId: number | undefined
  /** What is questionable about them, for people. */
  readonly warnings: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

const members = {
  url: 'PARLEY_URL',
  secretId: 'PARLEY_SECRET_ID',
  secretKey: 'PARLEY_SECRET_KEY',
  sdkAppId: 'PARLEY_SDK_APP_ID',
}

/**
 * From the environment; what is missing there from a JSON file with `url`, `secretId`, `secretKey` and `sdkAppId`, whose path is
 * `PARLEY_CLI_CONFIG`, else `parley/cli.json` in `XDG_CONFIG_HOME` or `~/.config`.
 *
 * @throws Failure usage
 */
export function readSettings(environment: Environment): Settings {
  const { values, path, warnings } = readFile(environment)
  const value = (name: keyof typeof members) => environment[members[name]] || values[name]
  const url = value('url') ?? 'http://127.0.0.1:8080'
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Failure('usage', `PARLEY_URL must be an http or https address, not ${url}`)
  }
  const secretId = value('secretId')
  const secretKey = value('secretKey')
  if (!secretId || !secretKey) {
    throw new Failure('usage', `PARLEY_SECRET_ID and PARLEY_SECRET_KEY are not set, and ${path} has none either`)
  }
  const app = value('sdkAppId')
  if (app !== undefined && !/^\d{1,15}$/.test(app)) throw new Failure('usage', 'PARLEY_SDK_APP_ID must be a number')
  return {
    ...{ url: url.replace(/\/+$/, ''), secretId, secretKey, warnings },
    sdkAppId: app === undefined ? undefined : Number(app),
  }
}

function readFile(environment: Environment) {
  const base = environment.XDG_CONFIG_HOME || join(environment.HOME ?? '', '.config')
  const path = environment.PARLEY_CLI_CONFIG || join(base, 'parley', 'cli.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (environment.PARLEY_CLI_CONFIG) throw new Failure('usage', `PARLEY_CLI_CONFIG: ${(error as Error).message}`)
    return { path, values: {}, warnings: [] }
  }
  const readableByOthers = (statSync(path).mode & 0o044) !== 0
  const warnings = readableByOthers ? [`${path} can be read by other users: chmod 600 ${path}`] : []
  return { path, values: textsOf(path, text), warnings }
}

function textsOf(path: string, text: string): Partial<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object')
    for (const name of Object.keys(parsed)) {
      if (!Object.hasOwn(members, name)) throw new Error(`${name} is none of ${Object.keys(members).join(', ')}`)
    }
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))
  } catch (error) {
    throw new Failure('usage', `${path}: ${(error as Error).message}`)
  }
}
