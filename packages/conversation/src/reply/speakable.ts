/** Pictures, and what joins and colours them. */
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u{FE0F}|\u{200D}|\u{20E3}/gu
const spokenPictographs = /[©®™]/u

/** What nobody sees: control characters, zero-width characters, marks of direction, soft hyphens. */
const invisible = /\u{FEFF}|(?!\s)[\p{Cc}\p{Cf}]/gu
const fullWidth = /[０-９Ａ-Ｚａ-ｚ]/gu

const lineMark = /^[ \t]*(?:(?:#{1,6}|[-*+•‣·>]|\[[ xX]\])[ \t]+)+/gmu
const rule = /^[ \t]*(?:[-*_=][ \t]*){3,}$/gmu
const tableRule = /^(?=.*--)[ \t:|-]+$/gmu
const link = /!?\[([^[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)?\)/gu
const autoLink = /<((?:https?:\/\/|mailto:)[^<>\s]+)>/giu
const comment = /<!--.*?-->/gsu
const lineTag = /<\/?(?:br|p|div|li|ul|ol|tr|td|th|h[1-6]|break)(?:\s[^<>]*)?\/?>/giu
const tag = /<\/?[a-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*\/?>/giu

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  deg: '°',
  times: '×',
  copy: '©',
  reg: '®',
  trade: '™',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
}

/** Drops what cannot be seen, makes every blank an ordinary one and full-width letters and digits ASCII. */
export function visible(text: string): string {
  return text.replace(invisible, '').replace(fullWidth, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
}

/**
 * Text without markup: no markdown, tags, entities or emoji; single blanks, and a line break where there was one.
 * `atLineStart`: the text begins a line, so that "- " is a bullet.
 */
export function speakable(text: string, atLineStart = true): string {
  const begins = (match: string, index: number) => (index === 0 && !atLineStart ? match : '')
  return text
    .replace(autoLink, '$1')
    .replace(comment, ' ')
    .replace(lineTag, ' ')
    .replace(tag, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/giu, entity)
    .replace(link, '$1')
    .replace(/```[a-z]*/giu, ' ')
    .replace(tableRule, ' ')
    .replace(rule, begins)
    .replace(lineMark, begins)
    .replace(/\*+|`+|~~+/gu, keepProduct)
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/^[ \t]*\|+|\|+[ \t]*$/gmu, ' ')
    .replace(/[ \t]*\|+[ \t]*/gu, ', ')
    .replace(emoji, (picture) => (spokenPictographs.test(picture) ? picture : ''))
    .replace(/\s*\n\s*/gu, '\n')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ (?=[.,!?;:](?:\s|$))/gu, '')
    .trim()
}

/** "2 * 3", "2*3": everything else made of asterisks is emphasis. */
function keepProduct(mark: string, index: number, text: string): string {
  if (mark !== '*') return ''
  const around = text.slice(Math.max(0, index - 2), index + 3)
  return /\d\*\d/u.test(around) || /^\d \* \d$/u.test(around) ? mark : ''
}

function entity(match: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name.toLowerCase()] ?? match
  const code = Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10)
  const isCharacter = code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isCharacter ? visible(String.fromCodePoint(code)) : ''
}
