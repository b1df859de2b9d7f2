import { wireName } from './header-names.ts'
import type { SipMessage } from './sip-message.ts'

/**
 * Serialises a message; `Content-Length` is computed. No value can start a new header line: control characters
 * become blanks in values and are dropped from the start line.
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const clean = (text: string) => text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ' ')
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const compact = (text: string) => text.replace(/[\u0000-\u0020\u007f]/g, '')
