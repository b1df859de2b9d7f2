import { digitGroups, phoneGroups, phonePattern } from './digit-groups.ts'
import { cardinalEn, digitsEn, yearEn } from './numbers-en.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

/** What is read digit by digit after these words. */
const codeWords =
  /\b(?:codes?|pins?|ids?|passcode|password|order|orders|invoice|booking|reservation|confirmation|reference|ref|ticket|case|account|acct|card|serial|tracking|flight|room|zip|zipcode|extension|ext|ending|ends|number|no|digits|dial|press|#)(?:(?:'s)?[ .:#-]*| (?:number|no\.?|code|is|are|was|in|with|id|:)[ .:#]*){0,3}$/iu
const phoneWords =
  /\b(?:call|phone|dial|tel|telephone|mobile|cell|fax|number|reach|text|sms|at|on|hotline|line)(?: (?:us|me|them|him|her|is|at|on|number|or|now))*[ .:]*$/iu
const yearWords =
  /\b(?:in|since|until|till|by|before|after|from|of|year|during|early|late|mid|circa|to|and|spring|summer|autumn|fall|winter|fy|©|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?),? \(?$/iu

const groupsEn = (groups: readonly string[]): string => groups.map(digitsEn).join(', ')

/** Telephone, card and order numbers, and codes. */
export const digitRulesEn: readonly SpeechRule[] = [
  speechRule(phonePattern, ({ text, before }) => {
    const groups = phoneGroups(text, phoneWords.test(before) || codeWords.test(before))
    return groups && `${text.startsWith('+') ? 'plus ' : ''}${groupsEn(groups)}`
  }),
  speechRule(
    /(?<letters>[A-Z]{1,4})-?(?<digits>\d{3,12})(?![A-Za-z\d])/u,
    ({ part }) => `${[...part('letters')].join(' ')} ${groupsEn(digitGroups(part('digits')))}`,
  ),
  speechRule(/24\/7(?!\d)/u, () => 'twenty-four seven'),
  // Versions and IP addresses.
  speechRule(/\d{1,9}(?:\.\d{1,9}){2,5}(?![A-Za-z\d])/u, ({ text }) =>
    text
      .split('.')
      .map(cardinalEn)
      .join(text.split('.').length === 4 ? ' dot ' : ' point '),
  ),
]

/** Whether a whole number stands where a code is expected ("your code is 1234"). */
export const isCodeEn = (digits: string, before: string): boolean => digits.length > 2 && codeWords.test(before)

/** A whole number without a sign, a unit or separators: a code, a year, or a quantity. */
export function integerEn(digits: string, { before }: Pick<Found, 'before'>): string {
  if (/^0\d/u.test(digits) || isCodeEn(digits, before)) return groupsEn(digitGroups(digits))
  if (digits.length === 4 && isYear(digits, before)) return yearEn(digits)
  const isRound = digits.endsWith('00') && digits.length < 13
  return digits.length < 5 || isRound ? cardinalEn(digits) : groupsEn(digitGroups(digits))
}

function isYear(digits: string, before: string): boolean {
  const year = Number(digits)
  if (year < 1100 || year > 2099) return false
  return yearWords.test(before) || (year > 1900 && year % 100 !== 0)
}
