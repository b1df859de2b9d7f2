import { type Params, parseParams } from './params.ts'

/** `host` is empty for `tel:` and unknown schemes. `user` is percent-decoded; IPv6 hosts keep no brackets. */
export interface SipUri {
  readonly scheme: string
  readonly user: string
  readonly host: string
  readonly port?: number
  readonly params: Params
}

/**
 * Parses sip, sips and tel URIs; other schemes give only their name. Headers (`?a=b`) are ignored.
 * @returns undefined when the text is no URI
 * @see RFC 3261 section 19.1, RFC 3966
 */
export function parseUri(text: string): SipUri | undefined {
  const match = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):(\S+)$/.exec(text)
  if (!match?.[1] || !match[2]) return undefined
  const scheme = match[1].toLowerCase()
  const rest = match[2]
  if (scheme === 'tel') {
    const [number = '', ...params] = rest.split(';')
    return { scheme, user: decodeUser(number), host: '', params: parseParams(prefixed(params)) ?? new Map() }
  }
  if (scheme !== 'sip' && scheme !== 'sips') return { scheme, user: '', host: '', params: new Map() }
  if (/[<>"]/.test(rest)) return undefined
  const at = rest.indexOf('@')
  const userInfo = at < 0 ? '' : rest.slice(0, at)
  const colon = userInfo.indexOf(':')
  const user = decodeUser(colon < 0 ? userInfo : userInfo.slice(0, colon))
  return parseHostPart(scheme, user, rest.slice(at + 1))
}

function parseHostPart(scheme: string, user: string, text: string): SipUri | undefined {
  const match = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::(\d{1,5}))?(;[^?]*)?(?:\?.*)?$/.exec(text)
  if (!match?.[1]) return undefined
  const port = match[2] === undefined ? undefined : Number(match[2])
  if (port !== undefined && (port === 0 || port > 65_535)) return undefined
  const params = parseParams(match[3] ?? '')
  if (!params) return undefined
  return { scheme, user, host: stripBrackets(match[1]), params, ...(port === undefined ? {} : { port }) }
}

const prefixed = (params: readonly string[]) => params.map((param) => `;${param}`).join('')

export const stripBrackets = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host)

/** An IPv6 literal in brackets, anything else as it is. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** The raw text when the escapes hide control characters (`%0D%0A`) or are no UTF-8. */
function decodeUser(text: string): string {
  try {
    const decoded = decodeURIComponent(text)
    return /\p{Cc}/u.test(decoded) ? text : decoded
  } catch {
    return text // malformed escapes: the raw text is as good as any
  }
}

/** Escapes everything that may not stand in the user part, `#` and separators included. @see RFC 3261 section 25.1 */
export function encodeUser(user: string): string {
  return encodeURIComponent(user).replace(/%(2B|26|3D|24|2C|2F)/g, (code) => decodeURIComponent(code))
}

/** @see RFC 3261 section 19.1.2 */
export const defaultPort = (transport: 'udp' | 'tcp' | 'tls' | undefined): number => (transport === 'tls' ? 5061 : 5060)

export interface UriParts {
  readonly user?: string
  readonly host: string
  readonly port?: number
  readonly transport?: 'udp' | 'tcp' | 'tls'
}

/** `sip:user@host:port;transport=tcp`; UDP and the port that is its transport's default are left out. */
export function formatUri(parts: UriParts): string {
  const user = parts.user === undefined || parts.user === '' ? '' : `${encodeUser(parts.user)}@`
  const port = parts.port === undefined || parts.port === defaultPort(parts.transport) ? '' : `:${parts.port}`
  const transport = parts.transport === undefined || parts.transport === 'udp' ? '' : `;transport=${parts.transport}`
  return `sip:${user}${bracketed(parts.host)}${port}${transport}`
}
