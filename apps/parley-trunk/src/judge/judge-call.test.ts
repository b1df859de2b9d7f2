import { expect, test } from 'vitest'
import { challenge, exchange, heard } from '../../test/support/heard.ts'
import { judgeCall } from './judge-call.ts'
import { shownText } from './shown-text.ts'

const plain = { protocol: 'RTP/AVP', port: 4_000, codecs: ['PCMA', 'PCMU'], isSecure: false }
const subject = { auth: { kind: 'none' }, offered: plain, show: shownText(false) } as const
const secret = { ...subject, offered: { ...plain, protocol: 'RTP/SAVP', isSecure: true } }
const body = (profile: string, type: number, port = 5_000) => `v=0\r\nm=audio ${port} ${profile} ${type}\r\n`
const invited = (...answers: Parameters<typeof heard>[]) =>
  exchange(
    'INVITE',
    answers.map((answer) => heard(...answer)),
  )
const refused = (status: number, warning?: string, sdp?: string) =>
  invited([
    'INVITE',
    status,
    { ...(warning === undefined ? {} : { warnings: [warning] }), ...(sdp === undefined ? {} : { sdp }) },
  ])

test.each([
  [
    'rings',
    invited(['INVITE', 100], ['INVITE', 180], ['INVITE', 487]),
    subject,
    ['ok call-through', 'note codec-unseen'],
  ],
  [
    'sends early media',
    invited(['INVITE', 183, { sdp: body('RTP/AVP', 8) }], ['INVITE', 487]),
    subject,
    ['ok call-through', 'note early-media', 'ok codec'],
  ],
  ['is answered', invited(['INVITE', 200, { sdp: body('RTP/AVP', 0) }]), subject, ['ok call-through', 'ok codec']],
  [
    'is answered with a codec nobody offered',
    invited(['INVITE', 200, { sdp: body('RTP/AVP', 18) }]),
    subject,
    ['ok call-through', 'wrong codecs-refused'],
  ],
  [
    'is answered without audio',
    invited(['INVITE', 200, { sdp: body('RTP/AVP', 8, 0) }]),
    subject,
    ['ok call-through', 'wrong codecs-refused'],
  ],
  [
    'is answered encrypted',
    invited(['INVITE', 200, { sdp: body('RTP/SAVP', 8) }]),
    subject,
    ['ok call-through', 'wrong srtp-required'],
  ],
  [
    'is answered plain',
    invited(['INVITE', 200, { sdp: body('RTP/AVP', 8) }]),
    secret,
    ['ok call-through', 'wrong srtp-refused'],
  ],
  ['gets 488', refused(488, '305 x "Incompatible media format"'), subject, ['wrong codecs-refused']],
  ['gets 488 with a word of SRTP', refused(488, '399 x "SRTP required"'), subject, ['wrong srtp-required']],
  [
    'gets 488 for its profile',
    refused(488, '302 x "Incompatible transport protocol"'),
    subject,
    ['wrong srtp-required'],
  ],
  ['gets 488 with what could be', refused(488, undefined, body('RTP/SAVP', 8)), subject, ['wrong srtp-required']],
  ['gets 488 for its keys', refused(488, '302 x "Incompatible transport protocol"'), secret, ['wrong srtp-refused']],
  ['gets 402', refused(402), subject, ['wrong no-credit']],
  ['gets 403', refused(403), subject, ['wrong number-not-allowed']],
  ['gets 484', refused(484), subject, ['wrong number-format']],
  ['gets 486', refused(486), subject, ['note callee-unavailable']],
  ['gets 503', refused(503), subject, ['wrong gateway-fault']],
  ['gets 420', refused(420), subject, ['wrong call-refused']],
  ['gets 407', invited(['INVITE', 407, { challenges: challenge() }]), subject, ['wrong credentials-required']],
  ['gets nothing', invited(), subject, ['wrong call-silent']],
  ['gets nothing but 100', invited(['INVITE', 100]), subject, ['wrong no-ringing']],
] as const)('a call that %s', (_what, exchanged, about, expected) => {
  expect(judgeCall(exchanged, about).map(({ verdict, cause }) => `${verdict} ${cause}`)).toEqual(expected)
})

test('the numbers are told as they were sent, whole only on request', () => {
  const textWith = (full: boolean) => judgeCall(refused(403), { ...subject, show: shownText(full) })[0]?.text
  expect(textWith(false)).toContain('called sip:+861********78@carrier.test, From <sip:+867********01@carrier.test>')
  expect(textWith(true)).toContain('called sip:+8613012345678@carrier.test')
})
