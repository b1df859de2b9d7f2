import { type NumberRewrite, rewriteNumber } from './number-rewrite.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** What may stand in a user part we send. Control characters and line ends never do. */
const dialable = /^[+0-9A-Za-z*#._~-]{1,64}$/

/** The numbers of one INVITE, as the trunk writes them. */
export interface InviteNumbers {
  readonly called: string
  /** In From and Contact. */
  readonly caller: string
  /** In the headers of identity. */
  readonly asserted: string
  readonly diversion?: string
  readonly history?: string
}

type NumberSettings = Pick<TrunkConfig, 'calleeFormat' | 'prefix' | 'rewrite' | 'identity'>

/** Undefined when the called or the calling number cannot be dialled. */
export function writeNumbers(
  parties: { readonly callee: string; readonly caller: string },
  trunk: NumberSettings,
): InviteNumbers | undefined {
  const { rewrite, identity } = trunk
  const called = formatCallee(parties.callee, trunk)
  const caller = formatCaller(parties.caller, rewrite?.from)
  const identified = (number: string) => formatCaller(number, rewrite?.asserted ?? rewrite?.from)
  const asserted = identified(identity?.assertedNumber ?? parties.caller)
  if (called === undefined || caller === undefined || asserted === undefined) return undefined
  const diversion = identity?.diversion && identified(identity.diversion)
  const history = identity?.historyInfo && identified(identity.historyInfo)
  return { called, caller, asserted, ...(diversion && { diversion }), ...(history && { history }) }
}

/**
 * The callee as this trunk wants it, prefix included. Blanks, dashes, dots and brackets of a written number go.
 * @returns undefined for what cannot be dialled
 */
export function formatCallee(callee: string, trunk: NumberSettings): string | undefined {
  const number = /^[+0-9().\- ]+$/.test(callee) ? callee.replace(/[().\- ]/g, '') : callee
  const rewrite = { ...(trunk.calleeFormat === 'e164' ? { format: 'e164' as const } : {}), ...trunk.rewrite?.called }
  const user = `${trunk.prefix ?? ''}${rewriteNumber(number, rewrite)}`
  return number !== '' && dialable.test(user) ? user : undefined
}

/** As `rewrite` says when it can stand in a user part; undefined otherwise. */
export function formatCaller(caller: string, rewrite?: NumberRewrite): string | undefined {
  const number = rewriteNumber(caller.replace(/[() ]/g, ''), rewrite)
  return dialable.test(number) ? number : undefined
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
