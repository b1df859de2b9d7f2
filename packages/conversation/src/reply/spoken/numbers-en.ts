import { smallNumbers, tens } from '../../turn/words.ts'

const scales = ['', ' thousand', ' million', ' billion', ' trillion']
const ordinals: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/** "305" -> "three zero five". */
export const digitsEn = (digits: string): string =>
  [...digits].map((digit) => smallNumbers[Number(digit)] ?? '').join(' ')

/** An integer of up to 15 digits, "," between thousands allowed; a longer one is read digit by digit. */
export function cardinalEn(written: string): string {
  const digits = written.replaceAll(',', '').replace(/^0+(?=\d)/u, '')
  if (digits.length > 15) return digitsEn(digits)
  if (digits === '0') return 'zero'
  const groups: string[] = []
  for (let end = digits.length, scale = 0; end > 0; end -= 3, scale += 1) {
    const value = Number(digits.slice(Math.max(0, end - 3), end))
    if (value > 0) groups.unshift(belowThousand(value) + scales[scale])
  }
  return groups.join(' ')
}

/** "1,234.50" -> "one thousand two hundred thirty-four point five zero". */
export function numberEn(written: string): string {
  const [whole = '0', fraction] = written.split('.')
  const head = cardinalEn(whole === '' ? '0' : whole)
  return fraction === undefined ? head : `${head} point ${digitsEn(fraction)}`
}

/** "21" -> "twenty-first". */
export function ordinalEn(written: string): string {
  const words = cardinalEn(written)
  const cut = Math.max(words.lastIndexOf(' '), words.lastIndexOf('-')) + 1
  const last = words.slice(cut)
  return words.slice(0, cut) + (ordinals[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`))
}

/** Four digits as a year: "1905" -> "nineteen oh five", "2026" -> "twenty twenty-six". */
export function yearEn(digits: string): string {
  const century = Number(digits.slice(0, 2))
  const rest = Number(digits.slice(2))
  if (century % 10 === 0 && rest < 10) return cardinalEn(digits)
  if (rest === 0) return `${belowThousand(century)} hundred`
  return `${belowThousand(century)} ${rest < 10 ? `oh ${smallNumbers[rest]}` : belowThousand(rest)}`
}

function belowThousand(value: number): string {
  const hundred = Math.floor(value / 100)
  const rest = value % 100
  const head = hundred > 0 ? `${smallNumbers[hundred]} hundred` : ''
  return rest === 0 ? head : `${head}${head && ' '}${belowHundred(rest)}`
}

function belowHundred(value: number): string {
  if (value < 20) return smallNumbers[value] ?? ''
  const unit = value % 10
  return `${tens[Math.floor(value / 10) - 2]}${unit === 0 ? '' : `-${smallNumbers[unit]}`}`
}
