import { describe, expect, test } from 'vitest'
import { parseMessage } from '../src/embedded/message/parse-message.ts'
import { fromOf, tagOf, toOf, topVia } from '../src/embedded/message/sip-message.ts'
import { writeMessage } from '../src/embedded/message/write-message.ts'
import { tortureMessage } from './support/torture-messages.ts'

/** Valid, or valid enough: what the layers above make of it stands behind. */
const accepted: readonly (readonly [name: string, note: string])[] = [
  ['wsinv', 'valid: folding, compact names, blanks everywhere'],
  ['intmeth', 'valid: every character a token may have'],
  ['esc01', 'valid: escapes in user parts'],
  ['escnull', 'valid: escaped null'],
  ['esc02', 'valid: percent in a method is just a character'],
  ['lwsdisp', 'valid: no blank between name and bracket'],
  ['longreq', 'valid: long values'],
  ['dblreq', 'valid: bytes after the message are ignored'],
  ['semiuri', 'valid: semicolon in a user part'],
  ['transports', 'valid: unknown transports in Via'],
  ['mpart01', 'valid: binary body'],
  ['unreason', 'valid: reason in UTF-8'],
  ['noreason', 'valid: empty reason'],
  ['inv2543', 'valid for RFC 2543: no branch, no tags'],
  ['regaut01', 'valid: unknown authorization scheme'],
  ['cparam01', 'valid: unknown contact parameter'],
  ['cparam02', 'valid: unknown URI parameter'],
  ['regescrt', 'valid: escaped header in a contact'],
  ['sdp01', 'valid: Accept that we cannot serve'],
  ['unksm2', 'valid: unknown schemes outside the Request-URI'],
  ['bcast', 'valid syntax: dropped by the transaction layer, whose Via it is not'],
  ['bext01', 'valid syntax: 420 by the user agent'],
  ['invut', 'valid syntax: 415 by the user agent'],
  ['unkscm', 'valid syntax: 416 by the user agent'],
  ['novelsc', 'valid syntax: 416 by the user agent'],
  ['zeromf', 'valid syntax: Max-Forwards 0 is meant for us'],
  ['badbranch', 'cookie alone: matched like RFC 2543'],
  ['badaspec', 'repaired: blanks inside the angle brackets'],
  ['baddate', 'repaired: Date is not looked at'],
  ['escruri', 'repaired: headers of the Request-URI are ignored'],
  ['trws', 'repaired: blanks at the end of the request line'],
]

const rejected: readonly (readonly [name: string, reason: string])[] = [
  ['badinv01', 'via is missing or invalid'],
  ['clerr', 'content-length exceeds the message'],
  ['ncl', 'number is out of range'],
  ['scalar02', 'cseq is missing or invalid'],
  ['scalarlg', 'cseq is missing or invalid'],
  ['quotbal', 'from or to is invalid'],
  ['ltgtruri', 'request-uri is invalid'],
  ['lwsruri', 'start line is not SIP'],
  ['lwsstart', 'start line is not SIP'],
  // The copy of this one ends before the blank line; with it the message is repaired, see below.
  ['baddn', 'head is not terminated'],
  ['regbadct', 'contact is invalid'],
  ['badvers', 'via is missing or invalid'],
  ['mismatch01', 'cseq method differs'],
  ['mismatch02', 'cseq method differs'],
  ['bigcode', 'start line is not SIP'],
  ['insuf', 'from or to is invalid'],
  ['multi01', 'header occurs twice'],
  ['mcl01', 'header occurs twice'],
]

describe('RFC 4475', () => {
  test('all 49 messages are judged', () => {
    expect(new Set([...accepted, ...rejected].map(([name]) => name)).size).toBe(49)
  })

  test.each(accepted)('%s is accepted (%s) and survives being written', (name) => {
    const result = parseMessage(tortureMessage(name))
    expect(result).toMatchObject({ ok: true })
    if (!result.ok) return
    const again = parseMessage(writeMessage(result.message))
    expect(again).toMatchObject({ ok: true })
    if (!again.ok) return
    expect(again.message.body.equals(result.message.body)).toBe(true)
    const withoutLength = [...again.message.headers].filter((field) => field.name !== 'content-length')
    expect(withoutLength).toEqual([...result.message.headers].filter((field) => field.name !== 'content-length'))
  })

  test.each(rejected)('%s is rejected: %s', (name, reason) => {
    expect(parseMessage(tortureMessage(name))).toEqual({ ok: false, reason })
  })

  test('a display name with separators is repaired', () => {
    const result = parseMessage(Buffer.concat([tortureMessage('baddn'), Buffer.from('\r\n')]))
    expect(result.ok && tagOf(fromOf(result.message))).toBe('43')
  })

  test('folded and compact fields of wsinv mean what they say', () => {
    const result = parseMessage(tortureMessage('wsinv'))
    if (!result.ok) throw new Error(result.reason)
    const { message } = result
    expect(topVia(message)).toMatchObject({ transport: 'UDP', host: '192.0.2.2', branch: '390skdjuw' })
    expect(message.headers.all('via')).toHaveLength(3)
    expect(tagOf(toOf(message))).toBe('1918181833n')
    expect(tagOf(fromOf(message))).toBe('98asjd8')
    expect(message.headers.get('contact')).toContain('"Quoted string \\"\\""')
    expect(message.body).toHaveLength(150)
  })
})
