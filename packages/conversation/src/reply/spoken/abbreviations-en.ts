import { type SpeechRule, speechRule, withDot } from './verbalise.ts'

/** Always the same words. Those of the second list may end a sentence: their dot is kept where one ends. */
const inside: Readonly<Record<string, string>> = {
  'mr.': 'Mister',
  'mrs.': 'Missus',
  'ms.': 'Miz',
  'prof.': 'Professor',
  'rev.': 'Reverend',
  'hon.': 'Honorable',
  'gen.': 'General',
  'capt.': 'Captain',
  'e.g.': 'for example',
  'i.e.': 'that is',
  'vs.': 'versus',
  vs: 'versus',
  'approx.': 'approximately',
  'dept.': 'department',
  'w/o': 'without',
  'w/': 'with',
  'a.k.a.': 'also known as',
}
const ending: Readonly<Record<string, string>> = {
  'etc.': 'et cetera',
  'inc.': 'Incorporated',
  'ltd.': 'Limited',
  'corp.': 'Corporation',
  'jr.': 'Junior',
  'sr.': 'Senior',
}
const streets: Readonly<Record<string, string>> = {
  ave: 'Avenue',
  blvd: 'Boulevard',
  rd: 'Road',
  ln: 'Lane',
  apt: 'Apartment',
  st: 'Street',
  dr: 'Drive',
}
/** Before a number only. */
const numbered: Readonly<Record<string, string>> = {
  no: 'number',
  nos: 'numbers',
  '№': 'number',
  fig: 'figure',
  p: 'page',
  pp: 'pages',
  vol: 'volume',
  ch: 'chapter',
  sec: 'section',
  ext: 'extension',
  tel: 'telephone',
  apt: 'apartment',
}

const listed = (words: Readonly<Record<string, string>>) =>
  Object.keys(words)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll('.', String.raw`\.`))
    .join('|')

/** Titles, streets, Latin. A dot after an abbreviation goes, unless it ends a sentence. */
export const abbreviationRulesEn: readonly SpeechRule[] = [
  speechRule(/(?<title>Dr|St)\.? (?=\p{Lu})/u, ({ part, before }) =>
    /\p{Lu}[\p{Ll}\d]+ $|\d(?:st|nd|rd|th) $/u.test(before) ? undefined : part('title') === 'Dr' ? 'Doctor ' : 'Saint ',
  ),
  speechRule(/(?<street>Ave|Blvd|Rd|Ln|St|Dr)(?:\.|(?![\p{L}\d']))/u, (found) => {
    const named = /(?:\p{Lu}[\p{L}\d]*|\d(?:st|nd|rd|th)) $/u.test(found.before)
    return named ? withDot(streets[found.part('street').toLowerCase()] ?? '', found) : undefined
  }),
  speechRule(
    /(?<word>Nos?|nos?|Fig|fig|pp?|[Vv]ol|[Cc]h|[Ss]ec|[Ee]xt|[Tt]el|[Aa]pt)\.:? ?(?=[#\d(+])|(?<sign>№) ?(?=\d)/u,
    ({ part }) => `${numbered[(part('word') || part('sign')).toLowerCase()] ?? ''} `,
  ),
  speechRule(new RegExp(`(?<word>${listed(inside)})(?![A-Za-z\\d])(?:,(?= ))?`, 'iu'), ({ part, text, before }) => {
    const word = part('word').toLowerCase()
    if (/[a-z]\.?$/iu.test(before) || (word === 'vs' && !/\s$/u.test(before))) return undefined
    return `${inside[word] ?? text}${text.endsWith(',') ? ',' : ''}`
  }),
  speechRule(new RegExp(`(?<word>${listed(ending)})(?![A-Za-z\\d])`, 'iu'), (found) =>
    withDot(ending[found.part('word').toLowerCase()] ?? found.text, found),
  ),
]
