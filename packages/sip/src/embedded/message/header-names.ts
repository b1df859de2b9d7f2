/** @see RFC 3261 section 7.3.3 and the IANA registry of SIP header fields */
const longNames: Readonly<Record<string, string>> = {
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
}

const spelled: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'min-se': 'Min-SE',
  rack: 'RAck',
  rseq: 'RSeq',
  'www-authenticate': 'WWW-Authenticate',
}

/** Long form in lower case. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return Object.hasOwn(longNames, lower) ? (longNames[lower] ?? lower) : lower
}

/** The customary spelling, for the wire. */
export function wireName(name: string): string {
  return spelled[name] ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
