/** Header names in lower case, long form; order as on the wire. */
export interface SipHeader {
  readonly name: string
  readonly value: string
}

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export type SipMessage = SipRequest | SipResponse

/** @see RFC 3261 section 7.3.3 */
const compactNames: Readonly<Record<string, string>> = {
  i: 'call-id',
  m: 'contact',
  e: 'content-encoding',
  l: 'content-length',
  c: 'content-type',
  f: 'from',
  s: 'subject',
  k: 'supported',
  t: 'to',
  v: 'via',
}

/** Undefined for anything that is not a SIP message with the headers every message has. */
export function parseSip(datagram: Buffer): SipMessage | undefined {
  const text = datagram.toString('utf8')
  const split = /\r?\n\r?\n/.exec(text)
  if (split === null) return undefined
  const [startLine = '', ...lines] = text
    .slice(0, split.index)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const headers: SipHeader[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) return undefined
    const name = line.slice(0, colon).trim().toLowerCase()
    headers.push({ name: compactNames[name] ?? name, value: line.slice(colon + 1).trim() })
  }
  const message = { headers, body: text.slice(split.index + split[0].length) }
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) if (header(message, name) === undefined) return undefined
  if (!/^\d{1,10} [A-Z]+$/.test(header(message, 'cseq') ?? '')) return undefined
  const request = /^([A-Z]{2,20}) (\S+) SIP\/2\.0$/.exec(startLine)
  if (request !== null) return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', ...message }
  const response = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/.exec(startLine)
  if (response === null) return undefined
  return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', ...message }
}

export function formatSip(message: SipMessage): string {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const headers = message.headers.map(({ name, value }) => `${capitalize(name)}: ${value}`)
  const length = `Content-Length: ${Buffer.byteLength(message.body)}`
  return `${[start, ...headers, length].join('\r\n')}\r\n\r\n${message.body}`
}

function capitalize(name: string): string {
  if (name === 'call-id') return 'Call-ID'
  if (name === 'cseq') return 'CSeq'
  return name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase())
}

type Headed = { readonly headers: readonly SipHeader[] }

/** First value of a header. */
export function header(message: Headed, name: string): string | undefined {
  return message.headers.find((entry) => entry.name === name)?.value
}

/** All values of a header that may be a comma-separated list of addresses (Via, Route, Record-Route, ...). */
export function headerList(message: Headed, name: string): string[] {
  return message.headers.filter((entry) => entry.name === name).flatMap((entry) => splitList(entry.value))
}

/** Splits at commas outside quotes and angle brackets. */
function splitList(list: string): string[] {
  const items: string[] = []
  let from = 0
  let closing = ''
  for (let at = 0; at <= list.length; at += 1) {
    const letter = list[at]
    if (closing !== '' && letter !== undefined) {
      if (letter === closing) closing = ''
    } else if (letter === '"') closing = '"'
    else if (letter === '<') closing = '>'
    else if (letter === ',' || letter === undefined) {
      const item = list.slice(from, at).trim()
      if (item !== '') items.push(item)
      from = at + 1
    }
  }
  return items
}

/** Value of `;name=value` outside angle brackets. */
export function headerParameter(value: string, name: string): string | undefined {
  const outside = value.replace(/<[^>]*>/g, '')
  return new RegExp(`;\\s*${name}\\s*=\\s*"?([^;,"\\s]+)`, 'i').exec(outside)?.[1]
}

/** The URI of a name-addr or addr-spec. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0]?.trim() ?? ''
}

/** Host and port of a `sip:` URI, or undefined. */
export function addressOf(uri: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^sips?:(?:[^@]*@)?([^:;?>\s]+)(?::(\d{1,5}))?/i.exec(uri)
  if (match === null) return undefined
  return { host: match[1] ?? '', port: match[2] === undefined ? 5060 : Number(match[2]) }
}

/** User part of a `sip:` or `tel:` URI; empty when there is none. */
export function userOf(uri: string): string {
  return /^sips?:([^@;]*)[^@]*@/i.exec(uri)?.[1] ?? /^tel:([^;]*)/i.exec(uri)?.[1] ?? ''
}

export function cseqOf(message: Headed): { readonly number: number; readonly method: string } {
  const [number = '0', method = ''] = (header(message, 'cseq') ?? '').split(' ')
  return { number: Number(number), method }
}

/** Branch of the top Via: the key of the transaction. */
export function branchOf(message: Headed): string {
  return headerParameter(headerList(message, 'via')[0] ?? '', 'branch') ?? ''
}
