import { integerEn, isCodeEn } from './digits-en.ts'
import { cardinalEn, numberEn, ordinalEn, yearEn } from './numbers-en.ts'
import { unitOf, unitPattern } from './units.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const number = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`
const to = '(?:[-–—~～]| [-–—~] )'
const pers: Readonly<Record<string, string>> = {
  s: 'second',
  sec: 'second',
  min: 'minute',
  h: 'hour',
  hr: 'hour',
  mo: 'month',
  yr: 'year',
  kg: 'kilogram',
  lb: 'pound',
}

/** "/month" after a quantity. */
export const perPattern = String.raw`(?: ?\/ ?(?<per>s|sec|second|min|minute|h|hr|hour|day|night|week|month|mo|year|yr|person|user|unit|item|piece|kg|lb)(?![A-Za-z\d]))?`

export const perEn = (written: string): string => ` per ${pers[written] ?? written}`

/** "A $5 bill", "a 10 km walk": what is counted stays singular. */
export const isAttribute = (before: string): boolean => /\b(?:a|an|another) $/iu.test(before)

const denominators: Readonly<Record<string, readonly [string, string]>> = {
  2: ['half', 'halves'],
  3: ['third', 'thirds'],
  4: ['quarter', 'quarters'],
}
const glyphs: Readonly<Record<string, string>> = {
  '½': 'one half',
  '¼': 'one quarter',
  '¾': 'three quarters',
  '⅓': 'one third',
  '⅔': 'two thirds',
}

/** Numbers of all kinds: ordinals, fractions, ranges, with a unit, plain. */
export const quantityRulesEn: readonly SpeechRule[] = [
  speechRule(/(?<n>\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)(?![A-Za-z\d])/u, ({ part }) => ordinalEn(part('n'))),
  speechRule(/(?<n>\d{1,4}) ?x ?(?=\d)/u, ({ part }) => `${cardinalEn(part('n'))} by `),
  speechRule(
    /(?<feet>\d)['′’](?<inches>\d{1,2})["″”](?!\w)/u,
    ({ part }) => `${cardinalEn(part('feet'))} foot ${cardinalEn(part('inches'))}`,
  ),
  speechRule(/(?:(?<whole>\d+) )?(?<top>\d{1,2})\/(?<bottom>[1-9]\d?)(?![/\d]|[A-Za-z])/u, fraction),
  speechRule(/(?:(?<whole>\d+) ?)?(?<glyph>[½¼¾⅓⅔])/u, ({ part }) => {
    const said = glyphs[part('glyph')] ?? ''
    return part('whole') === ''
      ? said
      : `${cardinalEn(part('whole'))} and ${said.replace(/^one half/u, 'a half').replace(/^one /u, 'a ')}`
  }),
  speechRule(/(?<n>\d+(?:\.\d+)?)(?<scale>[kKM])(?![A-Za-z\d])/u, ({ part }) =>
    /^[48]K$/u.test(part('n') + part('scale'))
      ? `${cardinalEn(part('n'))} K`
      : `${numberEn(part('n'))} ${part('scale') === 'M' ? 'million' : 'thousand'}`,
  ),
  speechRule(
    `(?<![\\p{L}\\p{N})])(?<minus>[-−])?(?<from>${number})(?:(?<fromUnit>%|°)?${to}(?<to>${number}))?(?: ?(?<unit>${unitPattern})(?![A-Za-z\\d²³]))?(?![A-Za-z\\d])${perPattern}`,
    quantity,
  ),
  speechRule(`(?<from>${number})(?![A-Za-z\\d])`, (found) => plain(found.part('from'), found)),
  speechRule(/(?<![\p{L}\p{N}.])\.(?<digits>\d+)(?![A-Za-z\d])/u, ({ part }) =>
    numberEn(`0.${part('digits')}`).replace(/^zero /u, ''),
  ),
]

function quantity(found: Found): string | undefined {
  const { part, before } = found
  const [from, to] = [part('from'), part('to')]
  const minus = part('minus') === '' ? '' : 'minus '
  const unit = unitOf(part('unit'))
  const many = unit?.en[isAttribute(before) ? 0 : 1]
  const tail = part('per') === '' ? '' : perEn(part('per'))
  if (to !== '') {
    const name = many === undefined ? '' : ` ${many}`
    if (/^ *=/u.test(found.after)) return `${plain(from, found)} minus ${plain(to, found)}`
    return `${minus}${inRange(from, found)} to ${inRange(to, found)}${name}${tail}`
  }
  if (!unit && minus === '') return `${plain(from, found)}${tail}`
  if (!unit) return isCodeEn(from, before) ? undefined : `minus ${numberEn(from)}${tail}`
  return `${minus}${numberEn(from)} ${from === '1' ? unit.en[0] : many}${tail}`
}

const plain = (written: string, found: Found): string =>
  /^\d+$/u.test(written) ? integerEn(written, found) : numberEn(written)

function inRange(written: string, { part }: Found): string {
  const isYears = [part('from'), part('to')].every((end) => /^(?:1[1-9]|20)\d\d$/u.test(end)) && part('unit') === ''
  return isYears ? yearEn(written) : numberEn(written)
}

function fraction({ part }: Found): string | undefined {
  const [whole, top, bottom] = [part('whole'), part('top'), part('bottom')]
  const isProper = Number(top) < Number(bottom) && Number(top) > 0
  if (whole !== '' && (!isProper || Number(bottom) > 16)) return undefined
  if (!isProper || bottom === '10' || Number(bottom) > 16)
    return `${cardinalEn(top)} ${isProper ? 'out of' : 'over'} ${cardinalEn(bottom)}`
  const [one, many] = denominators[bottom] ?? [ordinalEn(bottom), `${ordinalEn(bottom)}s`]
  const head = whole === '' ? '' : `${cardinalEn(whole)} and `
  if (top !== '1') return `${head}${cardinalEn(top)} ${many}`
  return `${head}${whole === '' ? 'one' : /^[aeiou]/u.test(one) ? 'an' : 'a'} ${one}`
}
