import { expect, test } from 'vitest'
import { challenge, exchange, heard } from '../../test/support/heard.ts'
import { judgeRegistration } from './judge-registration.ts'
import { shownText } from './shown-text.ts'

const subject = {
  auth: { kind: 'register' },
  expiresS: 300,
  address: '1001@pbx.test',
  show: shownText(false),
} as const
const asks = heard('REGISTER', 401, { challenges: challenge() })

test.each([
  ['granted', [asks, heard('REGISTER', 200, { expiresS: 300 }), heard('REGISTER', 200)], ['ok registered']],
  [
    'granted for a longer time only',
    [heard('REGISTER', 423, { minExpiresS: 900 }), heard('REGISTER', 200, { expiresS: 900 })],
    ['ok registered', 'note interval-too-brief'],
  ],
  ['granted briefly', [heard('REGISTER', 200, { expiresS: 20 })], ['ok registered', 'note short-registration']],
  [
    'granted and not taken back',
    [heard('REGISTER', 200, { expiresS: 300 }), heard('REGISTER', 500)],
    ['ok registered', 'note not-removed'],
  ],
  ['refused for the password', [asks, heard('REGISTER', 403)], ['wrong wrong-password']],
  ['asked twice', [asks, asks], ['wrong wrong-password']],
  ['of nobody it knows', [asks, heard('REGISTER', 404)], ['wrong unknown-account']],
  ['too short for good', [heard('REGISTER', 423, { minExpiresS: 99_999 })], ['wrong interval-too-brief']],
  ['no registrar', [heard('REGISTER', 405)], ['wrong no-registrar']],
  ['ignored', [], ['wrong silent']],
  ['refused otherwise', [heard('REGISTER', 500)], ['wrong registration-refused']],
] as const)('a registration that is %s', (_what, answers, expected) => {
  const authorized = (answers as readonly unknown[]).includes(asks)
  const findings = judgeRegistration(exchange('REGISTER', answers, authorized), subject)
  const told = findings.filter(({ step }) => step === 'registration')
  expect(told.map(({ verdict, cause }) => `${verdict} ${cause}`)).toEqual(expected)
  expect(findings.length - told.length).toBe(authorized ? 1 : 0)
})
