/**
 * Spelling to sound, longest match first; a rough guess for names and new words that no dictionary has. `^` and `$` bind
 * a row to the start or end of the word. Phones are those of the CMU dictionary without stress.
 */
const rows: readonly (readonly [spelling: string, phones: string])[] = [
  ['tion$', 'SH AH N'],
  ['tions$', 'SH AH N Z'],
  ['sion$', 'ZH AH N'],
  ['ture$', 'CH ER'],
  ['ough$', 'OW'],
  ['ight', 'AY T'],
  ['eigh', 'EY'],
  ['igh', 'AY'],
  ['tch', 'CH'],
  ['sch', 'SH'],
  ['ing$', 'IH NG'],
  ['^kn', 'N'],
  ['^wr', 'R'],
  ['^ps', 'S'],
  ['^x', 'Z'],
  ['^y', 'Y'],
  ['mb$', 'M'],
  ['ey$', 'IY'],
  ['ie$', 'IY'],
  ['y$', 'IY'],
  ['es$', 'Z'],
  ['ed$', 'D'],
  ['le$', 'AH L'],
  ['e$', ''],
  ['a$', 'AH'],
  ['o$', 'OW'],
  ['er$', 'ER'],
  ['or$', 'ER'],
  ['air', 'EH R'],
  ['ear', 'IH R'],
  ['eer', 'IH R'],
  ['our', 'AO R'],
  ['qu', 'K W'],
  ['ch', 'CH'],
  ['ck', 'K'],
  ['ph', 'F'],
  ['sh', 'SH'],
  ['th', 'TH'],
  ['wh', 'W'],
  ['ng$', 'NG'],
  ['nk', 'NG K'],
  ['gh', 'G'],
  ['dg', 'JH'],
  ['ar', 'AA R'],
  ['er', 'ER'],
  ['ir', 'ER'],
  ['ur', 'ER'],
  ['or', 'AO R'],
  ['ai', 'EY'],
  ['ay', 'EY'],
  ['au', 'AO'],
  ['aw', 'AO'],
  ['ea', 'IY'],
  ['ee', 'IY'],
  ['ei', 'EY'],
  ['ew', 'UW'],
  ['oa', 'OW'],
  ['oi', 'OY'],
  ['oy', 'OY'],
  ['oo', 'UW'],
  ['ou', 'AW'],
  ['ow', 'OW'],
  ['ue', 'UW'],
  ['ui', 'UW'],
  ['ce', 'S'],
  ['ci', 'S IH'],
  ['ge', 'JH'],
  ['gi', 'JH IH'],
  ['a', 'AE'],
  ['b', 'B'],
  ['c', 'K'],
  ['d', 'D'],
  ['e', 'EH'],
  ['f', 'F'],
  ['g', 'G'],
  ['h', 'HH'],
  ['i', 'IH'],
  ['j', 'JH'],
  ['k', 'K'],
  ['l', 'L'],
  ['m', 'M'],
  ['n', 'N'],
  ['o', 'AA'],
  ['p', 'P'],
  ['q', 'K'],
  ['r', 'R'],
  ['s', 'S'],
  ['t', 'T'],
  ['u', 'AH'],
  ['v', 'V'],
  ['w', 'W'],
  ['x', 'K S'],
  ['y', 'IH'],
  ['z', 'Z'],
]

const silentMagic = /^([bcdfghjklmnpqrstvwxyz]*)([aeiou])([bcdfgklmnprstvz])e$/
const longVowels: Readonly<Record<string, string>> = { a: 'EY', e: 'IY', i: 'AY', o: 'OW', u: 'UW' }
const letterNames: Readonly<Record<string, string>> = {
  a: 'EY', b: 'B IY', c: 'S IY', d: 'D IY', e: 'IY', f: 'EH F', g: 'JH IY', h: 'EY CH', i: 'AY', j: 'JH EY',
  k: 'K EY', l: 'EH L', m: 'EH M', n: 'EH N', o: 'OW', p: 'P IY', q: 'K Y UW', r: 'AA R', s: 'EH S', t: 'T IY',
  u: 'Y UW', v: 'V IY', w: 'D AH B AH L Y UW', x: 'EH K S', y: 'W AY', z: 'Z IY',
} // biome-ignore format: a table reads better in rows

/** A guess at the phones of `word` (lower-case letters and apostrophes); words without a vowel are spelled out. */
export function pronounce(word: string): string {
  const letters = word.replace(/[^a-z]/g, '')
  if (!/[aeiouy]/.test(letters)) return [...letters].map((letter) => letterNames[letter]).join(' ')
  const magic = silentMagic.exec(letters)
  if (magic) {
    const [, before = '', vowel = '', after = ''] = magic
    return [...phonesOf(before, false), longVowels[vowel] ?? '', ...phonesOf(after, false)].join(' ')
  }
  const phones = phonesOf(letters, true)
  return phones.length > 0 ? phones.join(' ') : [...letters].map((letter) => letterNames[letter]).join(' ')
}

function phonesOf(letters: string, whole: boolean): string[] {
  const phones: string[] = []
  for (let at = 0; at < letters.length; ) {
    const row = rows.find(([spelling]) => matches(letters, at, spelling, whole))
    const spelling = row?.[0].replace(/[\^$]/g, '') ?? 'x'
    // A doubled consonant sounds once.
    const doubled = spelling.length === 1 && letters[at - 1] === spelling && !/[aeiou]/.test(spelling)
    if (row?.[1] && !doubled) phones.push(...row[1].split(' '))
    at += spelling.length
  }
  return phones
}

function matches(letters: string, at: number, spelling: string, whole: boolean): boolean {
  const plain = spelling.replace(/[\^$]/g, '')
  if (!letters.startsWith(plain, at)) return false
  if (spelling.startsWith('^') && (at !== 0 || !whole)) return false
  // An ending needs something before it: "be" is not "b".
  if (spelling.endsWith('$') && (at + plain.length !== letters.length || at < 2 || !whole)) return false
  return true
}
