import type { Settings } from './env.ts'

/** How the drachtio-servers are reached, when they do the SIP. */
export interface DrachtioSettings {
  readonly servers: readonly {
    readonly host: string
    readonly port: number
    readonly secret: string
    readonly tls: boolean
  }[]
  /** Outbound mode: the servers connect to us. */
  readonly listen?: {
    readonly host: string
    readonly port: number
    readonly secret: string
    readonly routingPort: number
    readonly address: string
  }
}

type Relevant = Pick<
  Settings,
  | 'PARLEY_SIP_STACK'
  | 'PARLEY_BIND_HOST'
  | 'PARLEY_DRACHTIO_SERVERS'
  | 'PARLEY_DRACHTIO_SECRET'
  | 'PARLEY_DRACHTIO_TLS'
  | 'PARLEY_DRACHTIO_LISTEN_PORT'
  | 'PARLEY_DRACHTIO_ROUTING_PORT'
  | 'PARLEY_DRACHTIO_ADDRESS'
>

/**
 * The drachtio settings as a whole; undefined for the embedded stack.
 * @param advertisedHost where others reach this machine
 */
export function drachtioSettings(
  settings: Relevant,
  advertisedHost: string,
): { readonly drachtio?: DrachtioSettings; readonly problems: readonly string[] } {
  if (settings.PARLEY_SIP_STACK !== 'drachtio') return { problems: [] }
  const problems: string[] = []
  const secret = settings.PARLEY_DRACHTIO_SECRET
  if (secret === '') problems.push('PARLEY_DRACHTIO_SECRET: needed with PARLEY_SIP_STACK=drachtio')
  const servers = settings.PARLEY_DRACHTIO_SERVERS.map((server) => ({
    ...server,
    secret,
    tls: settings.PARLEY_DRACHTIO_TLS,
  }))
  const port = settings.PARLEY_DRACHTIO_LISTEN_PORT
  if (servers.length === 0 && port === undefined) {
    problems.push('PARLEY_DRACHTIO_SERVERS: needed with PARLEY_SIP_STACK=drachtio, or PARLEY_DRACHTIO_LISTEN_PORT')
  }
  const listen =
    port === undefined
      ? undefined
      : {
          host: settings.PARLEY_BIND_HOST,
          port,
          secret,
          routingPort: settings.PARLEY_DRACHTIO_ROUTING_PORT,
          address: settings.PARLEY_DRACHTIO_ADDRESS || advertisedHost,
        }
  return { drachtio: { servers, ...(listen ? { listen } : {}) }, problems }
}
