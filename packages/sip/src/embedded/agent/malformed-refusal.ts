import { createHash } from 'node:crypto'
import { Headers } from '../message/headers.ts'
import { parseNameAddress } from '../message/name-address.ts'
import type { BrokenMessage } from '../message/parse-message.ts'
import { noBody } from '../message/sip-message.ts'
import { parseVia } from '../message/via.ts'
import { writeMessage } from '../message/write-message.ts'
import type { Peer } from '../transport/transport.ts'
import { phraseOf } from './capabilities.ts'

/** The version of the protocol does not matter here: it may be what is wrong. */
const sentBy =
  /^SIP\s*\/\s*[\d.]{1,9}\s*\/\s*[A-Za-z0-9-]{1,20}\s+(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?/i
const token = /^([A-Za-z0-9.!%*_+`'~-]+)[ \t]/

/**
 * The stateless answer to a request that breaks the grammar: 505 for another version of SIP, else 400.
 *
 * It goes to where the request came from and is never longer than the request, so that nobody can be flooded through
 * it. Responses, ACKs and requests without a readable Via get none.
 * @see RFC 3261 section 8.2.7 (the same request gets the same tag), RFC 4475
 */
export function refuseMalformed(
  bytes: Buffer,
  { startLine, headers }: BrokenMessage,
  source: Peer,
): { readonly bytes: Buffer; readonly peer: Peer } | undefined {
  const method = token.exec(startLine)?.[1]
  const via = headers.get('via') ?? ''
  const readable = sentBy.exec(via)
  if (!method || method === 'ACK' || !readable || /^SIP\//i.test(startLine)) return undefined
  if (/\bACK\b/.test(headers.get('cseq') ?? '')) return undefined

  const version = /\sSIP\/(\d{1,3}\.\d{1,3})\s*$/i.exec(startLine)?.[1] ?? '2.0'
  const status = version === '2.0' ? 400 : 505
  const copied = new Headers().addAll('via', [via, ...headers.all('via').slice(1).filter(parseVia)])
  for (const name of ['from', 'to', 'call-id', 'cseq']) {
    const value = headers.get(name)
    if (value !== undefined) copied.add(name, value)
  }
  const to = headers.get('to') ?? ''
  if (parseNameAddress(to)?.params.has('tag') === false) {
    copied.set('to', `${to};tag=${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`)
  }
  const reason = phraseOf(status)
  const response = writeMessage({ kind: 'response', status, reason, headers: copied, body: noBody })
  if (response.length > bytes.length) return undefined

  const isSymmetric = source.transport !== 'udp' || /;\s*rport\b/i.test(via)
  const port = Number(readable[1] ?? 5060)
  if (!isSymmetric && (port === 0 || port > 65_535)) return undefined
  return { bytes: response, peer: isSymmetric ? source : { ...source, port } }
}
