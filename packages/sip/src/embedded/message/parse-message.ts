import { canonicalName } from './header-names.ts'
import { type HeaderField, Headers } from './headers.ts'
import { parseNameAddress } from './name-address.ts'
import { splitOutside } from './params.ts'
import { parseCSeq, type SipMessage } from './sip-message.ts'
import { parseUri } from './sip-uri.ts'
import { parseVia } from './via.ts'

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  /** `reason` is a constant sentence, fit for counting. `broken`: what could be read of it. */
  | { readonly ok: false; readonly reason: string; readonly broken?: BrokenMessage }

/** A message that breaks the grammar, as far as it could be read: nothing in it was checked. */
export interface BrokenMessage {
  readonly startLine: string
  readonly headers: Headers
}

const maxHeaderFields = 256
const listHeaders = new Set(
  'via route record-route contact supported require proxy-require unsupported allow p-asserted-identity'.split(' '),
)
const singleHeaders = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type']
const endOfHead = Buffer.from('\r\n\r\n')

/**
 * Parses one whole message: a datagram, or the bytes a `StreamFramer` cut out. Never throws. Bytes after
 * `Content-Length` are ignored, fewer bytes than it says make the message invalid.
 *
 * `body` is a view of `bytes`.
 * @see RFC 3261 section 7, RFC 4475
 */
export function parseMessage(bytes: Buffer): ParseResult {
  let start = 0
  while (bytes[start] === 13 && bytes[start + 1] === 10) start += 2
  const headEnd = bytes.indexOf(endOfHead, start)
  if (headEnd < 0) return fail('head is not terminated')
  const lines = bytes.toString('latin1', start, headEnd).split('\r\n')
  const fields = parseFields(unfold(lines.slice(1)))
  if (typeof fields === 'string') return fail(fields)
  const headers = new Headers(fields)
  const broken = { startLine: lines[0] ?? '', headers }
  const fault = faultOf(headers)
  if (fault) return fail(fault, broken)
  const body = bodyOf(bytes.subarray(headEnd + 4), headers)
  if (!body) return fail('content-length exceeds the message', broken)
  const result = parseStartLine(broken.startLine, headers, body)
  return result.ok ? result : { ...result, broken }
}

function parseStartLine(line: string, headers: Headers, body: Buffer): ParseResult {
  if (/[\r\n]/.test(line)) return fail('start line is not SIP')
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/is.exec(line)
  if (status) {
    return {
      ok: true,
      message: { kind: 'response', status: Number(status[1]), reason: status[2]?.trim() ?? '', headers, body },
    }
  }
  const request = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) (SIP\/\d+\.\d+)[ \t]*$/i.exec(line)
  if (!request?.[1] || !request[2] || !request[3]) return fail('start line is not SIP')
  if (request[3].toUpperCase() !== 'SIP/2.0') return fail('version is not supported')
  if (!parseUri(request[2])) return fail('request-uri is invalid')
  if (parseCSeq(headers.get('cseq') ?? '')?.method !== request[1]) return fail('cseq method differs')
  return { ok: true, message: { kind: 'request', method: request[1], uri: request[2], headers, body } }
}

/** A line that starts with a blank continues the one before. @see RFC 3261 section 7.3.1 */
function unfold(lines: readonly string[]): string[] {
  const unfolded: string[] = []
  for (const line of lines) {
    const last = unfolded.length - 1
    if (/^[ \t]/.test(line) && last >= 0) unfolded[last] += ` ${line.trim()}`
    else unfolded.push(line)
  }
  return unfolded
}

function parseFields(lines: readonly string[]): HeaderField[] | string {
  const fields: HeaderField[] = []
  let hasLength = false
  for (const line of lines) {
    const match = /^([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:(.*)$/s.exec(line)
    // A lone CR or LF is a line end for some and a character for others, a NUL may stand behind a backslash only.
    if (!match?.[1] || /[\r\n]|(?<!\\)\0/.test(line)) return 'header line is invalid'
    const name = canonicalName(match[1])
    const value = (match[2] ?? '').trim()
    if (listHeaders.has(name)) {
      for (const element of splitOutside(value, ',')) fields.push({ name, value: element.trim() })
    } else fields.push({ name, value })
    hasLength ||= name === 'content-length'
    // The length is written to a message that came without one, which must then be readable.
    if (fields.length > maxHeaderFields + (hasLength ? 1 : 0)) return 'too many header fields'
  }
  return fields
}

function faultOf(headers: Headers): string | undefined {
  for (const name of singleHeaders) if (headers.all(name).length > 1) return 'header occurs twice'
  const vias = headers.all('via')
  if (vias.length === 0 || vias.some((via) => !parseVia(via))) return 'via is missing or invalid'
  for (const name of ['from', 'to']) if (!parseNameAddress(headers.get(name) ?? '')) return 'from or to is invalid'
  if (!headers.get('call-id')) return 'call-id is missing'
  if (!parseCSeq(headers.get('cseq') ?? '')) return 'cseq is missing or invalid'
  for (const contact of headers.all('contact')) {
    if (contact !== '*' && !parseNameAddress(contact)) return 'contact is invalid'
  }
  for (const name of ['content-length', 'max-forwards']) {
    if (!/^\d{1,9}$/.test(headers.get(name) ?? '0')) return 'number is out of range'
  }
  return undefined
}

function bodyOf(rest: Buffer, headers: Headers): Buffer | undefined {
  const length = headers.get('content-length')
  if (length === undefined) return rest
  return Number(length) > rest.length ? undefined : rest.subarray(0, Number(length))
}

const fail = (reason: string, broken?: BrokenMessage): ParseResult => ({
  ok: false,
  reason,
  ...(broken ? { broken } : {}),
})
