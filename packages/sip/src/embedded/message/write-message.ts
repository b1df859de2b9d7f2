import { wireName } from './header-names.ts'
import type { SipMessage } from './sip-message.ts'

/**
 * Serialises a message; `Content-Length` is computed. No value can start a new header line: line ends
 * become blanks in values; control characters and blanks are dropped from method and URI. NUL is dropped where RFC 3261
 * has no place for it, which is anywhere but behind a backslash. Text beyond latin1 goes out as UTF-8: cut down to
 * bytes, U+010D would be a line end.
 */
export function writeMessage(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${compact(message.method)} ${compact(message.uri)} SIP/2.0`
      : `SIP/2.0 ${message.status} ${clean(message.reason)}`
  let head = `${start}\r\n`
  for (const { name, value } of message.headers) {
    if (name !== 'content-length') head += `${wireName(compact(name))}: ${clean(value)}\r\n`
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), message.body])
}

const clean = (text: string) =>
  asBytes(text)
    .replace(/[\r\n]/g, ' ')
    .replace(/(?<!\\)\0/g, '')
const compact = (text: string) => asBytes(text.replace(/[\s\p{Cc}]/gu, ''))

/** One character per byte, as `Headers` keeps received values already. */
const asBytes = (text: string) => (/[^\0-\xff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text)
