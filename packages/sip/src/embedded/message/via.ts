import { type Params, parseParams } from './params.ts'
import { bracketed, stripBrackets } from './sip-uri.ts'

export interface Via {
  /** Upper case: `UDP`, `TCP`, ... */
  readonly transport: string
  readonly host: string
  readonly port?: number
  readonly params: Params
  /** Empty when absent. */
  readonly branch: string
}

/** @see RFC 3261 section 20.42 */
export function parseVia(text: string): Via | undefined {
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9.!%*_+`'~-]+)\s+([^;]+)(;.*)?$/is.exec(text.trim())
  if (!match?.[1] || !match[2]) return undefined
  const sentBy = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)\s*(?::\s*(\d{1,5}))?$/.exec(match[2].trim())
  const params = parseParams(match[3] ?? '')
  if (!sentBy?.[1] || !params) return undefined
  const branch = params.get('branch')
  return {
    transport: match[1].toUpperCase(),
    host: stripBrackets(sentBy[1]),
    params,
    branch: typeof branch === 'string' ? branch : '',
    ...(sentBy[2] === undefined ? {} : { port: Number(sentBy[2]) }),
  }
}

/** Marks where the request really came from. @see RFC 3261 section 18.2.1, RFC 3581 section 4 */
export function viaWithSource(text: string, via: Via, address: string, port: number): string {
  let marked = text.trim()
  if (via.params.has('rport')) {
    marked = marked.replace(/;\s*rport(\s*=\s*\d*)?(?=\s*(;|$))/i, `;rport=${port}`)
  }
  const differs = via.host !== address || via.params.has('rport')
  return differs && !via.params.has('received') ? `${marked};received=${address}` : marked
}

export function formatVia(transport: 'udp' | 'tcp' | 'tls', host: string, port: number, branch: string): string {
  return `SIP/2.0/${transport.toUpperCase()} ${bracketed(host)}:${port};branch=${branch};rport`
}
