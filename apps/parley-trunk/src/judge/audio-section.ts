/** What one audio section of a session description says, as far as a judgement needs it. */
export interface AudioSection {
  /** `RTP/AVP`, `RTP/SAVP`, ... */
  readonly protocol: string
  readonly port: number
  /** Names as written, telephone events and comfort noise left out. */
  readonly codecs: readonly string[]
  /** Has keys, or a profile that wants them. */
  readonly isSecure: boolean
}

/** @see RFC 3551 section 6 */
const staticNames: Readonly<Record<string, string>> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  8: 'PCMA',
  9: 'G722',
  15: 'G728',
  18: 'G729',
}

const noVoice = /^(telephone-event|CN)$/i

/**
 * The first audio section. More forgiving than a call is: capability descriptions lack addresses and have port 0.
 * @returns undefined when there is none
 */
export function audioSectionOf(sdp: string): AudioSection | undefined {
  const section = /^m=audio (\d{1,5})(?:\/\d+)? (\S+)([^\r\n]*)([\s\S]*?)(?=^m=|$(?![\s\S]))/m.exec(sdp)
  if (!section) return undefined
  const [, port = '0', protocol = '', types = '', attributes = ''] = section
  const named = new Map([...attributes.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)].map(([, type, name]) => [type, name]))
  const codecs = types
    .trim()
    .split(/\s+/)
    .map((type) => named.get(type) ?? staticNames[type])
    .filter((name) => name !== undefined)
    .filter((name) => !noVoice.test(name))
  const isSecure = /SAVP/.test(protocol) || /^a=crypto:/m.test(attributes)
  return { protocol, port: Number(port), codecs, isSecure }
}

/** `PCMA, PCMU, encrypted` */
export function audioText({ codecs, isSecure }: AudioSection): string {
  return `${codecs.join(', ') || 'no codec'}, ${isSecure ? 'encrypted (SRTP)' : 'not encrypted'}`
}
