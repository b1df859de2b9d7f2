import type { TrunkConfig } from './trunk-config.ts'

/** What may stand in a user part we send. Control characters and line ends never do. */
const dialable = /^[+0-9A-Za-z*#._~-]{1,64}$/

/**
 * The callee as this trunk wants it, prefix included. Blanks, dashes, dots and brackets of a written number go.
 * @returns undefined for what cannot be dialled
 */
export function formatCallee(callee: string, trunk: Pick<TrunkConfig, 'calleeFormat' | 'prefix'>): string | undefined {
  const number = /^[+0-9().\- ]+$/.test(callee) ? callee.replace(/[().\- ]/g, '') : callee
  const user = `${trunk.prefix ?? ''}${trunk.calleeFormat === 'e164' ? toE164(number) : number}`
  return number !== '' && dialable.test(user) ? user : undefined
}

/** As it is when it can stand in a user part; undefined otherwise. */
export function formatCaller(caller: string): string | undefined {
  const number = caller.replace(/[() ]/g, '')
  return dialable.test(number) ? number : undefined
}

function toE164(number: string): string {
  if (!/^\+?\d+$/.test(number)) return number
  return number.startsWith('+') ? number : `+${number.replace(/^00/, '')}`
}

/** Fewer digits than this are an extension and have to match as a whole. */
const minSuffixDigits = 7

/**
 * The one of `numbers` that `called` means: the same digits apart from `+` and `00`, or the same number with and
 * without its country code (`075512345678` is `+8675512345678`).
 */
export function matchNumber(called: string, numbers: readonly string[]): string | undefined {
  const digits = significant(called)
  if (digits === '') return undefined
  const exact = numbers.find((number) => significant(number) === digits)
  if (exact !== undefined) return exact
  const national = digits.replace(/^0/, '')
  const alike = numbers.filter((number) => {
    const other = significant(number).replace(/^0/, '')
    const [short, long] = other.length < national.length ? [other, national] : [national, other]
    return short.length >= minSuffixDigits && /^\d+$/.test(short) && long.endsWith(short)
  })
  return alike.length === 1 ? alike[0] : undefined
}

const significant = (number: string) => number.replace(/[().\- ]/g, '').replace(/^(\+|00)/, '')
