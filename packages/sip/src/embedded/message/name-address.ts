import { type Params, parseParams } from './params.ts'
import { parseUri } from './sip-uri.ts'

/** A `From`, `To`, `Contact` or `Route` value. `uri` is raw text. */
export interface NameAddress {
  readonly uri: string
  readonly params: Params
}

/**
 * Parses `"Name" <uri>;params` or `uri;params`. Unquoted display names with separators and blanks inside the angle
 * brackets are repaired; a missing closing quote or bracket is not.
 * @see RFC 3261 sections 20.10 and 25.1 (name-addr, addr-spec)
 */
export function parseNameAddress(text: string): NameAddress | undefined {
  const trimmed = text.trim()
  const nameEnd = trimmed.startsWith('"') ? closingQuote(trimmed) : 0
  if (nameEnd === undefined) return undefined
  const open = trimmed.indexOf('<', nameEnd)
  if (open < 0 && nameEnd > 0) return undefined
  if (open < 0) return parseBareAddress(trimmed)
  // NOTE: `sip:a@b;x=<y>` has its bracket in a parameter; a URI never precedes a bracket.
  const close = trimmed.indexOf('>', open)
  if (close < 0) return undefined
  const uri = trimmed.slice(open + 1, close).trim()
  const params = parseParams(trimmed.slice(close + 1))
  return params && parseUri(uri) ? { uri, params } : undefined
}

/** Parameters after a bare URI belong to the header; a URI with `?` or `,` has to stand in brackets. */
function parseBareAddress(text: string): NameAddress | undefined {
  const semicolon = text.indexOf(';')
  const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim()
  const params = parseParams(semicolon < 0 ? '' : text.slice(semicolon))
  if (!params || /[?,]/.test(uri) || !parseUri(uri)) return undefined
  return { uri, params }
}

/** Index after the closing quote of a string that starts with one. */
function closingQuote(text: string): number | undefined {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return undefined
}
