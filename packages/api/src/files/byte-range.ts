/** What to send for a `Range` header. Both ends inclusive. */
export type RangeDecision =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

/**
 * Reads a `Range` header for a file of `bytes`. Several ranges and malformed headers are answered with the whole file, as
 * a server may.
 *
 * @see RFC 9110 section 14
 */
export function decideRange(header: string | undefined, bytes: number): RangeDecision {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/\s+/g, '') ?? '')
  const [, first = '', last = ''] = match ?? []
  if (!match || (first === '' && last === '')) return { kind: 'whole' }
  if (first === '') {
    const count = Math.min(Number(last), bytes)
    return count === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start: bytes - count, end: bytes - 1 }
  }
  const start = Number(first)
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  return start >= bytes ? { kind: 'unsatisfiable' } : { kind: 'part', start, end }
}
