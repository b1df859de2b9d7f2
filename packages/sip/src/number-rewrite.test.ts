import { expect, test } from 'vitest'
import { type NumberRewrite, rewriteNumber } from './number-rewrite.ts'

const china = { countryCode: '86', trunkPrefix: '0', areaCode: '755' } as const
const america = { countryCode: '1', internationalPrefix: '011' } as const
const britain = { countryCode: '44', trunkPrefix: '0' } as const

const mobile = ['+8613012345678', '8613012345678', '008613012345678', '013012345678', '13012345678']
const landline = ['+8675512345678', '8675512345678', '008675512345678', '075512345678', '75512345678', '12345678']

test.each<[NonNullable<NumberRewrite['format']>, string, string]>([
  ['e164', '+8613012345678', '+8675512345678'],
  ['plain', '8613012345678', '8675512345678'],
  ['international', '008613012345678', '008675512345678'],
  ['national', '13012345678', '075512345678'],
])('every way to write a Chinese number becomes one in format %s', (format, asMobile, asLandline) => {
  for (const number of mobile) expect(rewriteNumber(number, { ...china, format })).toBe(asMobile)
  for (const number of landline) expect(rewriteNumber(number, { ...china, format })).toBe(asLandline)
})

test.each<[string, string, NumberRewrite, string]>([
  ['a long-distance mobile', '13012345678', { ...china, format: 'national', mobilePrefix: '0' }, '013012345678'],
  ['a number of the own area', '075512345678', { ...china, format: 'national', trimAreaCode: true }, '12345678'],
  ['a number of another area', '02112345678', { ...china, format: 'national', trimAreaCode: true }, '02112345678'],
  ['a Peking landline', '+861012345678', { ...china, format: 'national' }, '01012345678'],
  ['a foreign number', '+12125550123', { ...china, format: 'national' }, '0012125550123'],
  ['a foreign number', '+12125550123', { ...china, format: 'plain' }, '12125550123'],
  ['a short code', '10086', { ...china, format: 'e164' }, '10086'],
  ['an extension', '201', { ...china, format: 'e164' }, '201'],
  ['a local number without an area', '1234567', { countryCode: '86', format: 'e164' }, '1234567'],
  ['a name', 'alice', { ...china, format: 'e164' }, 'alice'],
  ['ten digits of North America', '2125550123', { ...america, format: 'e164' }, '+12125550123'],
  ['eleven digits of North America', '12125550123', { ...america, format: 'national' }, '2125550123'],
  ['a North American with 1', '+12125550123', { ...america, format: 'national', trunkPrefix: '1' }, '12125550123'],
  ['a call abroad from North America', '+442079460958', { ...america, format: 'national' }, '011442079460958'],
  ['what was dialled abroad', '011442079460958', { ...america, format: 'e164' }, '+442079460958'],
  ['a British number', '02079460958', { ...britain, format: 'e164' }, '+442079460958'],
  ['a British mobile', '+447700900123', { ...britain, format: 'national' }, '07700900123'],
  ['a bracketed zero', '+4402079460958', { ...britain, format: 'e164' }, '+442079460958'],
  ['hidden caller', '*6712125550123', { ...america, format: 'e164' }, '*67+12125550123'],
  ['the code of GSM', '#31#02079460958', { ...britain, format: 'plain' }, '#31#442079460958'],
  ['no plan', '008613012345678', { format: 'e164' }, '+8613012345678'],
  ['no plan', '+8613012345678', { format: 'international' }, '008613012345678'],
])('%s: %s with %o', (_what, number, rewrite, expected) => {
  expect(rewriteNumber(number, rewrite)).toBe(expected)
})

const rules = [
  { prefix: '', strip: 0, add: '9' },
  { prefix: '00', add: '+' },
  { prefix: '0086', strip: 4, add: '0' },
]

test.each([
  ['008613012345678', '013012345678'],
  ['0012125550123', '+12125550123'],
  ['13012345678', '913012345678'],
])('of the rules that fit the one with the longest prefix is applied, once: %s', (number, expected) => {
  expect(rewriteNumber(number, { rules })).toBe(expected)
})

test('rules see the number as the format made it', () => {
  const rewrite: NumberRewrite = { ...china, format: 'national', rules: [{ prefix: '0', strip: 0, add: '7' }] }
  expect(rewriteNumber('+8675512345678', rewrite)).toBe('7075512345678')
  expect(rewriteNumber('+8613012345678', rewrite)).toBe('13012345678')
})
