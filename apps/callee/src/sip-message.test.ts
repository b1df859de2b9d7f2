import { expect, test } from 'vitest'
import { addressOf, formatSip, header, headerList, headerParameter, parseSip, uriOf, userOf } from './sip-message.ts'

const invite = [
  'INVITE sip:1000@192.0.2.1:5070;transport=udp SIP/2.0',
  'v: SIP/2.0/UDP a.example;branch=z9hG4bK1, SIP/2.0/UDP b.example;branch=z9hG4bK2',
  'f: "Smith, J" <sip:13012345678@a.example>;tag=1',
  't: <sip:1000@192.0.2.1>',
  'i: abc@a.example',
  'CSeq: 1 INVITE',
  'Subject: one',
  '  folded line',
  'Content-Length: 3',
  '',
  'v=0',
].join('\r\n')

test('compact and folded headers are read as long ones', () => {
  const message = parseSip(Buffer.from(invite))
  if (message?.kind !== 'request') throw new Error('not a request')
  expect(message.method).toBe('INVITE')
  expect(headerList(message, 'via')).toHaveLength(2)
  expect(header(message, 'subject')).toBe('one folded line')
  expect(headerList(message, 'from')).toHaveLength(1)
  expect(message.body).toBe('v=0')
  expect(headerParameter(header(message, 'from') ?? '', 'tag')).toBe('1')
  expect(userOf(uriOf(header(message, 'from') ?? ''))).toBe('13012345678')
  expect(addressOf(message.uri)).toEqual({ host: '192.0.2.1', port: 5070 })
})

test('a message survives formatting and parsing', () => {
  const message = parseSip(Buffer.from(invite))
  if (message === undefined) throw new Error('not parsed')
  const kept = { ...message, headers: message.headers.filter(({ name }) => name !== 'content-length') }
  const again = parseSip(Buffer.from(formatSip(kept)))
  expect(again?.headers.filter(({ name }) => name !== 'content-length')).toEqual(kept.headers)
})

test.each([
  ['nothing', ''],
  ['half a start line', 'INVITE sip:a\r\n\r\n'],
  ['a header without a colon', invite.replace('CSeq: 1', 'CSeq 1')],
  ['a missing Call-ID', invite.replace('i: abc', 'x: abc')],
  ['a CSeq that is no number', invite.replace('CSeq: 1', 'CSeq: one')],
  ['another protocol', invite.replace(' SIP/2.0\r\n', ' HTTP/1.1\r\n')],
])('%s is no message', (_what, text) => {
  expect(parseSip(Buffer.from(text))).toBeUndefined()
})
