import { expect, test } from 'vitest'
import type { SipRequest } from './sip-message.ts'
import { SipTrace } from './sip-trace.ts'

const invite: SipRequest = {
  kind: 'request',
  method: 'INVITE',
  uri: 'sip:008613012345678@192.0.2.1',
  headers: [
    { name: 'from', value: '"13012345678" <sip:+8613012345678@a.example>;tag=1234567890' },
    { name: 'proxy-authorization', value: 'Digest username="trunk", response="0123456789abcdef"' },
    { name: 'cseq', value: '1 INVITE' },
  ],
  body: '',
}

test('the log hides credentials and most of a number', () => {
  const trace = new SipTrace([])
  trace.record('sent', invite)
  const text = trace.lines[0]?.text ?? ''
  expect(text).not.toMatch(/13012345678|trunk|0123456789abcdef/)
  expect(text).toContain('Proxy-Authorization: [masked]')
  expect(text).toContain('sip:+86*********78@a.example')
  expect(text).toContain('tag=1234567890')
})

test('each mention of a message loses one copy of it', () => {
  const trace = new SipTrace(['INVITE', 'INVITE', 'BYE'])
  expect([1, 2, 3].map(() => trace.record('received', invite))).toEqual([true, true, false])
  expect(trace.lines.map(({ wasLost }) => wasLost)).toEqual([true, true, false])
})
