/** Whose numbers are written without country code. */
export interface NumberPlan {
  /** `86`, `1`, `44`. Without it only numbers that begin with `+` or the international prefix, or bare digits, are read. */
  readonly countryCode?: string
  /** Dialled before a foreign number. Default `00`; `011` in North America. */
  readonly internationalPrefix?: string
  /** Written before a national number in `national` form: `0`, `1`, or nothing (the default). */
  readonly trunkPrefix?: string
  /** Area code of the trunk, without trunk prefix: `755`. A number of 7 or 8 digits is one of this area. */
  readonly areaCode?: string
}

/** A number taken apart. Without a plan the country code cannot be told from the rest and is empty. */
export interface PlannedNumber {
  readonly countryCode: string
  readonly national: string
  /** Of the plan's own country. */
  readonly isDomestic: boolean
  readonly isMobile: boolean
}

/** Shorter digits are an extension or a short code (110, 10086, 95588) and are nobody's telephone number. */
const minNumberDigits = 7
/** Digits after a bare country code, at least: fewer, and the digits are a national number that happens to begin so. */
const minNationalDigits = 8
const localDigits = /^\d{7,8}$/

/** Reads a number in any of the usual forms; undefined when it is none. @see ITU-T E.164, RFC 3966 */
export function readNumber(number: string, plan: NumberPlan): PlannedNumber | undefined {
  if (!/^\+?\d+$/.test(number) || number.length < minNumberDigits) return undefined
  const { countryCode, internationalPrefix = '00', areaCode = '' } = plan
  if (number.startsWith('+')) return international(number.slice(1), countryCode)
  if (number.startsWith(internationalPrefix))
    return international(number.slice(internationalPrefix.length), countryCode)
  if (number.startsWith('00')) return international(number.slice(2), countryCode)
  if (countryCode === undefined) return international(number, countryCode)
  if (number.startsWith(countryCode) && number.length >= countryCode.length + minNationalDigits) {
    return international(number, countryCode)
  }
  const trunkPrefix = plan.trunkPrefix || (countryCode === '1' ? '1' : '0')
  if (number.startsWith(trunkPrefix)) return domestic(number.slice(trunkPrefix.length), countryCode)
  if (!localDigits.test(number)) return domestic(number, countryCode)
  return areaCode === '' ? undefined : domestic(`${areaCode}${number}`, countryCode)
}

function international(digits: string, countryCode: string | undefined): PlannedNumber {
  if (countryCode === undefined || !digits.startsWith(countryCode)) {
    return { countryCode: '', national: digits, isDomestic: false, isMobile: false }
  }
  // +44 (0) 20 ...: the bracketed zero is written often and dialled never.
  const national = digits.slice(countryCode.length)
  return domestic(countryCode === '1' || countryCode === '39' ? national : national.replace(/^0/, ''), countryCode)
}

function domestic(national: string, countryCode: string): PlannedNumber {
  return { countryCode, national, isDomestic: true, isMobile: countryCode === '86' && /^1[3-9]\d{9}$/.test(national) }
}
