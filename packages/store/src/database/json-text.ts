/**
 * `value` as JSON that `jsonb` accepts: PostgreSQL refuses NUL characters and lone surrogates, and both can come from
 * what people and models write. The former are dropped, the latter become U+FFFD.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'string' ? member.toWellFormed().replaceAll('\u0000', '') : member,
  )
}

/** Plain text under the same rule. */
export function plainText(value: string): string {
  return value.toWellFormed().replaceAll('\u0000', '')
}
