/** Names are lower case; `true` for a parameter without a value. Quotes are kept off. */
export type Params = ReadonlyMap<string, string | true>

/** Splits at `separator` outside quoted strings and angle brackets. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let quoted = false
  let angle = false
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at += 1
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '<') angle = true
    else if (char === '>') angle = false
    else if (char === separator && !angle) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

/**
 * Parses `;name=value;flag`. One trailing semicolon is tolerated, empty parameters elsewhere are not.
 * @returns undefined for text that is not a parameter list
 */
export function parseParams(text: string): Params | undefined {
  const params = new Map<string, string | true>()
  const rest = text.trim()
  if (rest === '') return params
  if (!rest.startsWith(';')) return undefined
  const parts = splitOutside(rest.slice(1), ';')
  for (const [index, part] of parts.entries()) {
    const trimmed = part.trim()
    if (trimmed === '') {
      if (index === parts.length - 1 && parts.length > 1) continue
      return undefined
    }
    const equals = trimmed.indexOf('=')
    const name = (equals < 0 ? trimmed : trimmed.slice(0, equals)).trim().toLowerCase()
    if (name === '' || /[\s\0\x7f,"<>]/.test(name)) return undefined
    if (!params.has(name)) params.set(name, equals < 0 ? true : unquote(trimmed.slice(equals + 1).trim()))
  }
  return params
}

export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text
  return text.slice(1, -1).replace(/\\(.)/g, '$1')
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
