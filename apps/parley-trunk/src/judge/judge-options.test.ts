import { expect, test } from 'vitest'
import { challenge, exchange, heard } from '../../test/support/heard.ts'
import { judgeOptions, type OptionsSubject } from './judge-options.ts'
import { shownText } from './shown-text.ts'

const subject: OptionsSubject = {
  auth: { kind: 'none' },
  advertised: '10.0.0.1',
  show: shownText(false),
}
const digest: OptionsSubject = { ...subject, auth: { kind: 'digest', realm: 'pbx' } }
const asked = (...answers: Parameters<typeof heard>[]) =>
  exchange(
    'OPTIONS',
    answers.map((answer) => heard(...answer)),
  )
const shown = (...answers: Parameters<typeof heard>[]) => ({
  ...asked(...answers),
  sent: exchange('OPTIONS', [], true).sent,
})
const challenged = { challenges: challenge() }

test.each([
  ['an answer', asked(['OPTIONS', 200]), subject, 'ok answered'],
  ['an Allow without INVITE', asked(['OPTIONS', 200, { allow: ['BYE'] }]), subject, 'note no-invite'],
  ['nothing', asked(), subject, 'wrong silent'],
  ['nothing by TCP, while TLS is taken', asked(), { ...subject, openTo: 'tls' }, 'wrong tls-expected'],
  ['a lost connection', { ...asked(), failure: 'closed' }, subject, 'wrong send-failed'],
  ['a question for a password nobody gave', asked(['OPTIONS', 401, challenged]), subject, 'wrong credentials-required'],
  [
    'a second question after an answer',
    shown(['OPTIONS', 401, challenged], ['OPTIONS', 401, challenged]),
    digest,
    'wrong wrong-password',
  ],
  ['another realm', asked(['OPTIONS', 407, { challenges: challenge('x') }]), digest, 'wrong realm-mismatch'],
  [
    'an algorithm nobody knows',
    asked(['OPTIONS', 401, { challenges: challenge('pbx', 'SHA-512') }]),
    digest,
    'wrong algorithm-unknown',
  ],
  ['403 for an address', asked(['OPTIONS', 403]), subject, 'wrong not-allowed'],
  ['403 for a password', shown(['OPTIONS', 401, challenged], ['OPTIONS', 403]), digest, 'wrong wrong-password'],
  ['404', asked(['OPTIONS', 404]), subject, 'note no-such-domain'],
  ['405', asked(['OPTIONS', 405]), subject, 'note options-not-supported'],
  ['503', asked(['OPTIONS', 503, { retryAfterS: 9 }]), subject, 'wrong overloaded'],
  ['500', asked(['OPTIONS', 500]), subject, 'wrong gateway-fault'],
  ['486', asked(['OPTIONS', 486]), subject, 'note answered'],
] as const)('OPTIONS and %s', (_what, exchanged, about, expected) => {
  const [first] = judgeOptions(exchanged, about)
  expect(`${first?.verdict} ${first?.cause}`).toBe(expected)
})

test('another address than ours is noted, unless ours is a name', () => {
  const nat = asked(['OPTIONS', 200, { seenFrom: '192.0.2.7:4000' }])
  const causesFor = (advertised: string) => judgeOptions(nat, { ...subject, advertised }).map(({ cause }) => cause)
  expect(causesFor('10.0.0.1')).toEqual(['answered', 'other-address'])
  expect(causesFor('192.0.2.7')).toEqual(['answered'])
  expect(causesFor('voice.example.com')).toEqual(['answered'])
})

test('texts of the peer are bounded, without control characters and without whole numbers', () => {
  const nasty = `\u001b[31mcall 13012345678 ${'x'.repeat(1_000)}`
  const [finding] = judgeOptions(asked(['OPTIONS', 486, { reason: nasty }]), subject)
  expect(finding?.text).toContain('?[31mcall 130******78 xxx')
  expect(finding?.text.length).toBeLessThan(300)
})
