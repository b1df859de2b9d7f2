/** A value of a variable: a scalar, or an object whose members are used as `$name.member`. */
export type Variant = string | number | boolean | { readonly [member: string]: string | number | boolean }

export interface Expansion {
  readonly values: Readonly<Record<string, Variant>>
  readonly body: unknown
}

/**
 * Every combination of `vary` put into `body`: a scalar `$name` becomes the value itself, `$name` inside a text its
 * spelling. @throws Error for a name that does not vary
 */
export function expandVariants(body: unknown, vary: Readonly<Record<string, readonly Variant[]>>): Expansion[] {
  const combinations = Object.entries(vary).reduce<Record<string, Variant>[]>(
    (sofar, [name, variants]) => sofar.flatMap((values) => variants.map((variant) => ({ ...values, [name]: variant }))),
    [{}],
  )
  return combinations.map((values) => ({ values, body: fillIn(body, values) }))
}

const reference = /\$([a-z]\w*(?:\.\w+)?)/gi

function fillIn(body: unknown, values: Readonly<Record<string, Variant>>): unknown {
  if (typeof body === 'string') {
    const whole = /^\$([a-z]\w*(?:\.\w+)?)$/i.exec(body)?.[1]
    if (whole !== undefined) return variantAt(whole, values)
    return body.replace(reference, (_, name: string) => String(variantAt(name, values)))
  }
  if (Array.isArray(body)) return body.map((item) => fillIn(item, values))
  if (body === null || typeof body !== 'object') return body
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fillIn(value, values)]))
}

function variantAt(path: string, values: Readonly<Record<string, Variant>>): string | number | boolean {
  const [name = '', member] = path.split('.')
  const variant = values[name]
  const value = typeof variant === 'object' ? (member === undefined ? undefined : variant[member]) : variant
  if (value === undefined || typeof value === 'object') throw new Error(`$${path} does not vary`)
  return value
}
