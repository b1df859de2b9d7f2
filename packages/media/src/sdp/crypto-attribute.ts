import { inlineBytes, type SrtpSuite, srtpSuites } from '../srtp/srtp-keys.ts'

/** An `a=crypto` line that can be used. `key`: master key and salt, 30 bytes, a secret. */
export interface CryptoLine {
  readonly tag: number
  readonly suite: SrtpSuite
  readonly key: Uint8Array
  /** Length of the key identifier in the packets of whoever wrote the line; 0: none. */
  readonly mkiBytes: number
}

const form = /^(\d{1,9}) ([\w-]+) (\S+)((?: \S+)*)$/
const keyForm = /^inline:([\w+/]{40})((?:\|[^|;]+){0,2})$/
const mkiForm = /^\d{1,40}:(\d{1,3})$/
const lifetimeForm = /^(?:2\^)?\d{1,20}$/
const maxMkiBytes = 128

/**
 * Reads the value of `a=crypto:`. Undefined for what is not spoken here: another suite, several keys, or a session
 * parameter that changes how packets look (unencrypted or unauthenticated streams, key derivation rates, FEC). A
 * lifetime, a key identifier and a hint for the window (`WSH`) are accepted.
 * @see RFC 4568 sections 4, 6 and 9
 */
export function readCryptoLine(value: string): CryptoLine | undefined {
  const [, tag, suiteName, keyParams, session] = form.exec(value) ?? []
  const suite = srtpSuites.find((known) => known === suiteName)
  if (suite === undefined || keyParams === undefined || !isHarmless(session ?? '')) return undefined
  const [, inline, extra] = keyForm.exec(keyParams) ?? []
  if (inline === undefined || extra === undefined) return undefined
  const mkiBytes = readMkiBytes(extra.split('|').slice(1))
  const key = Uint8Array.from(Buffer.from(inline, 'base64'))
  if (mkiBytes === undefined || key.length !== inlineBytes) return undefined
  return { tag: Number(tag), suite, key, mkiBytes }
}

/** The `inline:` part of a line. */
export function writeInlineKey(key: Uint8Array): string {
  return `inline:${Buffer.from(key).toString('base64')}`
}

/** The values of `a=crypto:` of each `m=` section, in order. */
export function cryptoValues(text: string): string[][] {
  const sections: string[][] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.startsWith('m=')) sections.push([])
    else if (line.startsWith('a=crypto:')) sections.at(-1)?.push(line.slice('a=crypto:'.length).trim())
  }
  return sections
}

/** A leading `-` marks a parameter that may be ignored. @see RFC 4568 section 6.3.7 */
function isHarmless(session: string): boolean {
  return session.split(' ').every((word) => word === '' || word.startsWith('-') || /^WSH=\d+$/.test(word))
}

/** What may follow a key: a lifetime, a key identifier, or one after the other. */
function readMkiBytes(parts: readonly string[]): number | undefined {
  const mki = mkiForm.exec(parts.at(-1) ?? '')
  const before = mki ? parts.slice(0, -1) : parts
  if (before.length > 1 || before.some((part) => !lifetimeForm.test(part))) return undefined
  const bytes = Number(mki?.[1] ?? 0)
  return bytes <= maxMkiBytes ? bytes : undefined
}
