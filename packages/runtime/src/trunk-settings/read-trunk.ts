import { isInternalHost, Secret, type TrunkSettings } from '@parley/core'
import { noSources } from './secret-source.ts'
import { type ConnectionSettings, connectionSettings } from './trunk-settings.ts'

/** What is wrong with a trunk. `field`: `gateways.0.host`. */
export interface TrunkProblem {
  readonly field: string
  readonly detail: string
}

type Members = Readonly<Record<string, unknown>>

const schema = connectionSettings(noSources)
/** Files of the server are the operator's. */
const ofTheFile = ['caFile', 'certFile', 'keyFile', 'clientCertificate', 'clientName'] as const

/**
 * Reads a trunk that a client of the API describes: the keys of `parley.yaml`, checked by the same rules, but for `name`,
 * `sdkAppIds` and `numbers`, and nothing that names files of the server. `stored`: the trunk as it was; a password or the value
 * of a header that is left out stays.
 */
export function readTrunk(
  described: unknown,
  allowPrivate: boolean,
  stored?: TrunkSettings,
): { readonly settings: TrunkSettings } | { readonly problems: readonly TrunkProblem[] } {
  const result = schema.safeParse(stored ? withStored(membersOf(described), stored) : described)
  if (!result.success) {
    return {
      problems: result.error.issues.map(({ path, message }) => ({
        field: path.map(String).join('.'),
        detail: message,
      })),
    }
  }
  const problems = refused(result.data, allowPrivate)
  return problems.length > 0 ? { problems } : { settings: sealable(result.data) }
}

function refused({ tls, gateways, outboundProxy }: ConnectionSettings, allowPrivate: boolean): readonly TrunkProblem[] {
  const files = ofTheFile
    .filter((key) => tls?.[key] !== undefined)
    .map((key) => ({ field: `tls.${key}`, detail: 'names what lies on the server: only parley.yaml can do that' }))
  if (allowPrivate) return files
  const proxy = outboundProxy
    ?.replace(/^sips?:/, '')
    .replace(/[;].*$/, '')
    .replace(/:\d+$/, '')
  const hosts = [
    ...gateways.map(({ host }, index) => ({ field: `gateways.${index}.host`, host })),
    ...(proxy === undefined ? [] : [{ field: 'outboundProxy', host: proxy }]),
  ]
  const inward = hosts
    .filter(({ host }) => isInternalHost(host))
    .map(({ field }) => ({
      field,
      detail: 'names a private address, which the operator of this server does not allow',
    }))
  return [...files, ...inward]
}

/** Texts of headers may be tokens: they are kept as passwords are. */
function sealable({ headers, ...settings }: ConnectionSettings): TrunkSettings {
  return headers
    ? { ...settings, headers: headers.map(({ name, value }) => ({ name, value: new Secret(value) })) }
    : settings
}

/** The settings as signalling takes them. */
export function connectionOf(settings: TrunkSettings): ConnectionSettings {
  const { headers, ...more } = settings as TrunkSettings & { readonly headers?: readonly StoredHeader[] }
  // Made by `readTrunk`.
  return {
    ...more,
    ...(headers && { headers: headers.map(({ name, value }) => ({ name, value: value.reveal() })) }),
  } as unknown as ConnectionSettings
}

interface StoredHeader {
  readonly name: string
  readonly value: Secret
}

function withStored(described: Members, stored: TrunkSettings): Members {
  const old = stored as {
    readonly auth?: Members
    readonly inboundAuth?: Members
    readonly headers?: readonly StoredHeader[]
  }
  const next: Record<string, unknown> = { ...described }
  for (const part of ['auth', 'inboundAuth'] as const) {
    const given = membersOf(described[part])
    const password = old[part]?.password
    const isSame = given.username === old[part]?.username && given.kind !== 'none'
    if (described[part] !== undefined && given.password === undefined && isSame && password instanceof Secret) {
      next[part] = { ...given, password: password.reveal() }
    }
  }
  if (Array.isArray(described.headers)) {
    next.headers = described.headers.map((header: unknown) => {
      const given = membersOf(header)
      const known = old.headers?.find(({ name }) => name === given.name)
      return known && given.value === undefined ? { ...given, value: known.value.reveal() } : header
    })
  }
  return next
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
