import { expect, test } from 'vitest'
import { maskMessage } from './mask-message.ts'

const message = [
  'INVITE sip:+8613012345678@carrier.example;user=phone SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK123456789',
  'From: "02012345678" <sip:02012345678@us.example>;tag=1234567890',
  'To: <tel:+8613012345678>',
  'Call-ID: 1234567890@us',
  'Authorization: Digest username="u", nonce="n", response="0123abcd",',
  ' cnonce="c0ffee", uri="sip:x"',
  'X-Telnyx-Token: very-secret',
  'Refer-To: <sip:user:pass@host>',
  '',
  'v=0',
  'o=- 1234567890 1 IN IP4 192.0.2.9',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20',
  '',
].join('\r\n')

test('credentials, tokens and keys are hidden, numbers by policy, the rest is as it was', () => {
  const masked = maskMessage(message, 'masked')
  for (const secret of ['0123abcd', 'c0ffee', 'very-secret', 'user:pass', 'WVNfX19z', '13012345678', '02012345678'])
    expect(masked).not.toContain(secret)
  expect(masked).toContain('INVITE sip:+861********78@carrier.example;user=phone SIP/2.0\n')
  expect(masked).toContain('branch=z9hG4bK123456789')
  expect(masked).toContain('tag=1234567890')
  expect(masked).toContain('Call-ID: 1234567890@us')
  expect(masked).toContain('username="u", nonce="n"')
  expect(masked).toContain('o=- 1234567890 1 IN IP4')
  expect(maskMessage(message, 'full')).toContain('INVITE sip:+8613012345678@carrier.example')
  expect(maskMessage(message, 'full')).not.toContain('0123abcd')
})

test('keys of a dialling person and control characters are hidden', () => {
  const info = 'INFO sip:a@b SIP/2.0\r\nSubject: a\0\u001b[31mb\r\n\r\nSignal=5\r\nDuration=160\r\n'
  expect(maskMessage(info, 'full')).toBe('INFO sip:a@b SIP/2.0\nSubject: a??[31mb\n\nSignal=***\nDuration=160')
  expect(maskMessage('INFO sip:a@b SIP/2.0\r\n\r\n5', 'full')).toBe('INFO sip:a@b SIP/2.0\n\n***')
})
