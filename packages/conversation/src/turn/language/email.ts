import type { Grammar } from './grammar.ts'
import { matchAt } from './phrases.ts'
import { type Form, markedScore } from './sentence-form.ts'
import { tokensOf } from './tokens.ts'

/** Ends of domain names as they are dictated. Two-letter ones that also begin another, as "co" does, are left out. */
const domainEnds: ReadonlySet<string> = new Set(
  'com net org edu gov info io biz dev app me eu uk us de fr es pt br mx jp kr cn tw hk it nl be ch at ca au in ie ru pl se'.split(
    ' ',
  ),
)
/** Providers whose name calls for an end. */
const providers: ReadonlySet<string> = new Set(
  'gmail hotmail outlook yahoo icloud qq 163 126 naver daum gmx web orange free wanadoo uol bol'.split(' '),
)

/**
 * A mail address needs a sign between name and domain and an end of the domain. Undefined: the text is a sentence about
 * something else ("I have none").
 */
export function emailScore(text: string, form: Form, grammar: Grammar): number | undefined {
  if (form.kind === 'agreement' || form.kind === 'answer') return undefined
  const parts = partsOf(text, grammar)
  const at = parts.lastIndexOf('@')
  if (at < 0) return form.score >= 0.8 && form.words > 2 ? undefined : Math.min(markedScore(form), 0.1)
  const domain = parts.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const last = domain.at(-1) ?? ''
  if (last === '' || last === '.') return 0.05
  if (dot < 0) return providers.has(last) ? 0.25 : 0.15
  const end = domain[dot + 1] ?? ''
  if (domainEnds.has(end)) return dot + 2 === domain.length || form.ending === 'surely' ? 0.95 : 0.7
  return 0.35
}

/** Words with the signs of an address between them, spoken signs turned into written ones, without a last full stop. */
function partsOf(text: string, { email }: Grammar): readonly string[] {
  const written = text.trimEnd().replace(/[.。,，!！]$/u, '')
  return written.split(/([@.])/u).flatMap((piece) => {
    if (piece === '@' || piece === '.') return [piece]
    const tokens = tokensOf(piece)
    const parts: string[] = []
    for (let index = 0; index < tokens.length; ) {
      const at = matchAt(tokens, email.at, index)
      const dot = matchAt(tokens, email.dot, index)
      const joins = matchAt(tokens, email.joins, index)
      if (at > 0) parts.push('@')
      else if (dot > 0 || joins > 0) parts.push(dot > 0 ? '.' : '')
      else parts.push(tokens[index] ?? '')
      index += Math.max(1, at, dot, joins)
    }
    return parts
  })
}
