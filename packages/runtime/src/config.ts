import { readFileSync } from 'node:fs'
import { homedir, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isInternalHost } from '@parley/core'
import { type ConfigFile, parseConfigFile } from './config-file.ts'
import { type DrachtioSettings, drachtioSettings } from './drachtio-settings.ts'
import { readSettings, type Settings } from './env.ts'
import { isLoopback } from './loopback.ts'
import { type BucketSettings, bucketSettings } from './recording-settings.ts'
import type { SecretSources } from './trunk-settings/secret-source.ts'

/** Everything a start needs to know, checked. */
export interface Config {
  readonly settings: Settings
  readonly dataDir: string
  /** Address put into SIP and SDP. */
  readonly advertisedHost: string
  /** May what users of the API name be on private hosts? `PARLEY_ALLOW_PRIVATE_URLS`, or whether only this machine can ask. */
  readonly allowPrivateUrls: boolean
  /** Present when drachtio-servers do the SIP. */
  readonly drachtio?: DrachtioSettings
  /** Where recordings are kept for good. Absent: in the data directory. */
  readonly bucket?: BucketSettings
  /** Absent: no file was given, the demo application and trunk apply. */
  readonly file?: ConfigFile
}

export type ConfigResult = { readonly config: Config } | { readonly problems: readonly string[] }

/** Reads environment and file. All problems come at once, each naming its variable or key. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): ConfigResult {
  const { settings, problems } = readSettings(environment)
  const all = [...problems]
  if (!settings.PARLEY_SIP_TLS_CERT !== !settings.PARLEY_SIP_TLS_KEY) {
    all.push('PARLEY_SIP_TLS_CERT, PARLEY_SIP_TLS_KEY: go together')
  }
  const allowPrivateUrls = settings.PARLEY_ALLOW_PRIVATE_URLS ?? isLoopback(settings.PARLEY_BIND_HOST)
  let file: ConfigFile | undefined
  if (settings.PARLEY_CONFIG) {
    const parsed = readFile(settings.PARLEY_CONFIG, environment)
    file = parsed.file
    const inward = allowPrivateUrls ? [] : privateWebhooks(file)
    all.push(...[...parsed.problems, ...inward].map((problem) => `${settings.PARLEY_CONFIG}: ${problem}`))
  }
  const advertisedHost = settings.PARLEY_PUBLIC_HOST || reachableHost(settings.PARLEY_BIND_HOST)
  // Settings that could not be read would only be missed once more.
  const sip = problems.length > 0 ? { problems: [] } : drachtioSettings(settings, advertisedHost)
  all.push(...sip.problems)
  const recordings = problems.length > 0 ? { problems: [] } : bucketSettings(file, settings)
  all.push(...recordings.problems)
  if (all.length > 0) return { problems: all }
  return {
    config: {
      settings,
      dataDir: settings.PARLEY_DATA_DIR || defaultDataDir(),
      advertisedHost,
      allowPrivateUrls,
      ...(sip.drachtio ? { drachtio: sip.drachtio } : {}),
      ...(recordings.bucket ? { bucket: recordings.bucket } : {}),
      ...(file ? { file } : {}),
    },
  }
}

/** Names are looked at again, with their addresses, whenever something is sent. */
function privateWebhooks(file: ConfigFile | undefined): readonly string[] {
  return (file?.webhooks ?? []).flatMap(({ url }, index) =>
    isInternalHost(new URL(url).hostname)
      ? [`webhooks[${index}].url: names a private address, which needs PARLEY_ALLOW_PRIVATE_URLS=1`]
      : [],
  )
}

function readFile(path: string, environment: SecretSources['environment']): ReturnType<typeof parseConfigFile> {
  const readText = (file: string) => readFileSync(file, 'utf8')
  try {
    return parseConfigFile(readText(path), { environment, readText })
  } catch (error) {
    return { problems: [`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`] }
  }
}

function defaultDataDir(): string {
  return process.getuid?.() === 0 ? '/var/lib/parley' : join(homedir(), '.local/share/parley')
}

/** The bind address, or for a wildcard the first address others can reach. */
function reachableHost(bindHost: string): string {
  if (bindHost !== '0.0.0.0' && bindHost !== '::') return bindHost
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find((address) => address.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.1'
}
