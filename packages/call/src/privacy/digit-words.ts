const digits = [
  // en
  'zero oh one two three four five six seven eight nine',
  // de
  'null eins zwei zwo drei vier fünf sechs sieben acht neun',
  // es
  'cero uno dos tres cuatro cinco seis siete ocho nueve',
  // fr
  'zéro un deux trois quatre cinq six sept huit neuf',
  // pt; "meia" is six on the telephone
  'zero um dois três quatro cinco seis meia sete oito nove',
]

/** Read in pairs: "forty-one eleven". */
const pairs =
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen ' +
  'twenty thirty forty fifty sixty seventy eighty ninety'

/** "double four": one digit more than the word after it. */
const multipliers: Readonly<Record<string, number>> = { double: 1, triple: 2 }

/** Said between the groups of a number, hesitations among them. */
export const joinWords: ReadonlySet<string> = new Set(
  'and dash hyphen slash space und y et e uh um er erm hm ähm äh eh euh hum'.split(' '),
)

const counts = new Map<string, number>([
  ...digits.flatMap((line) => line.split(' ').map((word): [string, number] => [word, 1])),
  ...pairs.split(' ').map((word): [string, number] => [word, 2]),
  ...Object.entries(multipliers),
])

const han = /^[零〇幺一二三四五六七八九]$/u
/** Sino-Korean digits, as numbers are read out. */
const korean = /^[영공일이삼사오육칠팔구]{2,}$/u

/** How many digits a word or character stands for; 0: it is no digit. */
export function digitsIn(token: string): number {
  if (/^\p{Nd}$/u.test(token) || han.test(token)) return 1
  if (korean.test(token)) return token.length
  return counts.get(token.toLowerCase()) ?? 0
}
