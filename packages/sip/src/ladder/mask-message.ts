/** What of the numbers in kept messages may be read. */
export type NumberPolicy = 'masked' | 'full'

const secretHeader = /^[\w-]*(token|secret|key|password|passwd)[\w-]*\s*:/i
const credentials = /^(proxy-)?authorization\s*:/i
const hidden = '***'

/**
 * A SIP message as people may read it: without digest responses, tokens, SRTP keys, keys of a dialling person and, by
 * policy, the middle of telephone numbers. Control characters become `?`. Line ends are `\n`.
 */
export function maskMessage(text: string, numbers: NumberPolicy): string {
  const blank = text.search(/\r?\n\r?\n/)
  const head = blank < 0 ? text : text.slice(0, blank)
  const body = blank < 0 ? '' : text.slice(blank).replace(/^\r?\n\r?\n/, '')
  // Folded lines belong to the header before them.
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const shown = lines.map((line) => maskHeader(line)).map((line) => (numbers === 'full' ? line : maskNumbers(line)))
  const masked = `${shown.join('\n')}\n\n${maskBody(body)}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  return masked.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '?').trimEnd()
}

function maskHeader(line: string): string {
  if (credentials.test(line)) return line.replace(/\b(response|cnonce)\s*=\s*("[^"]*"|[^\s,]+)/gi, `$1="${hidden}"`)
  if (secretHeader.test(line)) return `${line.slice(0, line.indexOf(':') + 1)} ${hidden}`
  // `sip:user:password@host`
  return line.replace(/\b(sips?:[^\s@;<>":]*):[^\s@<>"]*@/gi, `$1:${hidden}@`)
}

/** User parts of URIs and what stands in quotation marks; tags, branches and sequence numbers are no telephone numbers. */
export function maskNumbers(line: string): string {
  return line
    .replace(/\b(?:sips?|tel):[^\s@;<>]*/gi, (user) => user.replace(/\d{5,}/g, hideMiddle))
    .replace(/"[^"]*"/g, (quoted) => quoted.replace(/\d{5,}/g, hideMiddle))
}

/** Digits of a number without its middle: `13012345678` as `130******78`. */
export const hideMiddle = (digits: string): string =>
  digits.length < 7
    ? '*'.repeat(digits.length)
    : `${digits.slice(0, 3)}${'*'.repeat(digits.length - 5)}${digits.slice(-2)}`

function maskBody(body: string): string {
  return body
    .replace(/\r\n/g, '\n')
    .replace(/(a=crypto:\S+\s+\S+\s+inline:)[^\s|]+/gi, `$1${hidden}`)
    .replace(/^(a=ice-pwd:).*$/gim, `$1${hidden}`)
    .replace(/^(\s*signal\s*=).*$/gim, `$1${hidden}`)
    .replace(/^[0-9A-D*#]$/i, hidden)
}
