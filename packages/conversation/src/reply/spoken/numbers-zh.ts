import { hanDigits } from '../../turn/words.ts'

const places = ['', '十', '百', '千']
const scales = ['', '万', '亿', '万亿']

/** "305" -> "三零五". */
export const digitsZh = (digits: string): string => [...digits].map((digit) => hanDigits[Number(digit)] ?? '').join('')

/** An integer of up to 16 digits, "," between thousands allowed; a longer one is read digit by digit. */
export function cardinalZh(written: string): string {
  const digits = written.replaceAll(',', '').replace(/^0+(?=\d)/u, '')
  if (digits.length > 16) return digitsZh(digits)
  if (digits === '0') return '零'
  let said = ''
  let gap = false
  for (let scale = Math.ceil(digits.length / 4) - 1; scale >= 0; scale -= 1) {
    const end = digits.length - scale * 4
    const group = digits.slice(Math.max(0, end - 4), end)
    const value = Number(group)
    if (value === 0) {
      gap = said !== ''
      continue
    }
    if (said !== '' && (gap || value < 1000)) said += '零'
    gap = false
    said += (value === 2 && scale > 0 ? '两' : belowTenThousand(group)) + scales[scale]
  }
  return said.replace(/^一十/u, '十')
}

/** "3.50" -> "三点五零". */
export function numberZh(written: string): string {
  const [whole = '0', fraction] = written.split('.')
  const head = cardinalZh(whole === '' ? '0' : whole)
  return fraction === undefined ? head : `${head}点${digitsZh(fraction)}`
}

function belowTenThousand(group: string): string {
  const digits = String(Number(group))
  let said = ''
  let gap = false
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[index])
    const place = digits.length - 1 - index
    if (digit === 0) {
      gap = true
      continue
    }
    const name = digit === 2 && place === 3 ? '两' : hanDigits[digit]
    said += (gap ? '零' : '') + name + places[place]
    gap = false
  }
  return said
}
