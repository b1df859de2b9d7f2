const units = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
  'eighteen nineteen',
]
  .join(' ')
  .split(' ')
const tens = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const irregularOrdinals: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/**
 * The sentences of a text as lower-case spoken words: "Room 12 at 3:30pm?" gives `[room twelve at three thirty p.m.]`.
 * What is not Latin script is left out.
 */
export function spokenSentences(text: string): string[][] {
  return text
    .replace(/\b([ap])\.?\s?m\b\.?/gi, '$1m')
    .split(/[.!?;\n]+(?=\s|$)|[,:—–](?=\s|$)|[()[\]{}"“”|]/)
    .map((sentence) => sentence.split(/[\s/]+/).flatMap(spokenToken))
    .filter((words) => words.length > 0)
}

function spokenToken(token: string): string[] {
  const word = token
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’‘]/g, "'")
    .toLowerCase()
  const clock = /^(\d{1,2}):(\d{2})([ap]m)?$/.exec(word)
  if (clock) return clockWords(Number(clock[1]), Number(clock[2]), clock[3])
  const half = /^(\d{1,2})([ap]m)$/.exec(word)
  if (half) return [...numberWords(Number(half[1])), ...spokenToken(half[2] ?? '')]
  const ordinal = /^(\d{1,3})(st|nd|rd|th)$/.exec(word)
  if (ordinal) return ordinalWords(Number(ordinal[1]))
  if (word === 'am' || word === 'pm') return word === 'pm' ? ['p.m.'] : ['a.m.', 'am']
  if (word === '&') return ['and']
  return word
    .replace(/[^a-z0-9']+/g, ' ')
    .split(' ')
    .flatMap((part) => part.match(/\d+|[a-z']+/g) ?? [])
    .flatMap((part) => (/^\d/.test(part) ? digitWords(part) : [part.replace(/^'+|'+$/g, '')]))
    .filter((part) => part !== '')
}

/** Short numbers as numbers, long ones digit by digit. */
function digitWords(digits: string): string[] {
  if (digits.length <= 4 && !digits.startsWith('0')) return numberWords(Number(digits))
  return [...digits].map((digit) => units[Number(digit)] ?? '')
}

/** 0 to 9999 in words. */
export function numberWords(value: number): string[] {
  if (value < 20) return [units[value] ?? '']
  if (value < 100) return [tens[Math.floor(value / 10)] ?? '', ...(value % 10 ? [units[value % 10] ?? ''] : [])]
  const [unit, name] = value < 1000 ? [100, 'hundred'] : [1000, 'thousand']
  const rest = value % unit
  return [...numberWords(Math.floor(value / unit)), name, ...(rest ? numberWords(rest) : [])]
}

export function ordinalWords(value: number): string[] {
  const words = numberWords(value)
  const last = words.pop() ?? ''
  const plain = last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`
  return [...words, irregularOrdinals[last] ?? plain]
}

function clockWords(hours: number, minutes: number, half: string | undefined): string[] {
  const tail = half ? spokenToken(half) : []
  if (minutes === 0) return half ? [...numberWords(hours), ...tail] : [...numberWords(hours), "o'clock"]
  return [...numberWords(hours), ...(minutes < 10 ? ['oh'] : []), ...numberWords(minutes), ...tail]
}
