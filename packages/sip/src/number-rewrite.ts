import { type NumberPlan, type PlannedNumber, readNumber } from './number-plan.ts'

/** Takes `strip` characters from the front of a number that begins with `prefix`, and puts `add` there. */
export interface PrefixRule {
  /** Empty: every number. */
  readonly prefix: string
  /** Default: the length of `prefix`. */
  readonly strip?: number
  readonly add: string
}

/** How one trunk wants numbers of one place (called, From, asserted) to be written. */
export interface NumberRewrite extends NumberPlan {
  /** `e164` +8613..., `plain` 8613..., `international` 008613..., `national` 013... Default `as-is`. */
  readonly format?: 'as-is' | 'e164' | 'plain' | 'international' | 'national'
  /** Put before mobile numbers of the plan's country in `national` form; only where mobiles can be told (86). */
  readonly mobilePrefix?: string
  /** In `national` form: numbers of the plan's own area are written without area code. */
  readonly trimAreaCode?: boolean
  /** After the format; the longest prefix that fits is applied, and only that one. */
  readonly rules?: readonly PrefixRule[]
}

/** `*67` and `#31#`: codes dialled before a number. They stay in front whatever the number becomes. */
const serviceCode = /^([*#]\d{2,3}[*#]|[*#]\d{2})?(.*)$/s

/**
 * A number as `rewrite` wants it. What is no telephone number (a name, an extension) keeps its form and only meets the
 * rules. Pure.
 */
export function rewriteNumber(number: string, rewrite: NumberRewrite = {}): string {
  const [, code = '', rest = ''] = serviceCode.exec(number) ?? []
  return code + withRule(formatted(rest, rewrite), rewrite.rules ?? [])
}

function formatted(number: string, rewrite: NumberRewrite): string {
  const { format = 'as-is', internationalPrefix = '00' } = rewrite
  if (format === 'as-is') return number
  const known = readNumber(number, rewrite)
  if (!known) return number
  const digits = `${known.countryCode}${known.national}`
  switch (format) {
    case 'e164':
      return `+${digits}`
    case 'plain':
      return digits
    case 'international':
      return `${internationalPrefix}${digits}`
    case 'national':
      return known.isDomestic ? nationalForm(known, rewrite) : `${internationalPrefix}${digits}`
    default:
      return format satisfies never
  }
}

function nationalForm({ national, isMobile }: PlannedNumber, rewrite: NumberRewrite): string {
  const { areaCode = '', trimAreaCode = false, mobilePrefix = '', trunkPrefix = '' } = rewrite
  if (isMobile) return `${mobilePrefix}${national}`
  if (trimAreaCode && areaCode !== '' && national.startsWith(areaCode)) return national.slice(areaCode.length)
  return `${trunkPrefix}${national}`
}

function withRule(number: string, rules: readonly PrefixRule[]): string {
  const fitting = rules.filter(({ prefix }) => number.startsWith(prefix))
  const best = fitting.reduce<PrefixRule | undefined>(
    (longest, rule) => (longest && longest.prefix.length >= rule.prefix.length ? longest : rule),
    undefined,
  )
  return best ? `${best.add}${number.slice(best.strip ?? best.prefix.length)}` : number
}
