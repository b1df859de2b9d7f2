import type { z } from 'zod'
import type { LocalizedText } from '../answer/localized-text.ts'

/** One thing that a schema finds wrong. */
export type Issue = z.core.$ZodIssue

/** The member that it is about was not given at all. */
export function isMissing(issue: Issue, parameters: unknown): boolean {
  return (
    (issue.code === 'invalid_type' || issue.code === 'invalid_value') && valueAt(parameters, issue.path) === undefined
  )
}

function valueAt(value: unknown, path: Issue['path']): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Reflect.get(current, key)
  }
  return current
}

/** What is wrong, as a sentence without its subject. */
export function issueText(issue: Issue): LocalizedText {
  return issue.code === 'invalid_type' ? typeProblem(issue.expected) : valueProblem(issue)
}

const typeNames: Readonly<Record<string, LocalizedText>> = {
  int: { en: 'must be a whole number', zh: '必须为整数' },
  number: { en: 'must be a number', zh: '必须为数值' },
  string: { en: 'must be a string', zh: '必须为字符串' },
  boolean: { en: 'must be true or false', zh: '必须为布尔值' },
  array: { en: 'must be an array', zh: '必须为数组' },
  object: { en: 'must be an object', zh: '必须为对象' },
}
const fallback: LocalizedText = { en: 'has a value that is not allowed', zh: '取值错误' }

function typeProblem(expected: string): LocalizedText {
  return typeNames[expected] ?? { en: 'has the wrong type', zh: '类型错误' }
}

function valueProblem(issue: Issue): LocalizedText {
  const size = 'origin' in issue && ['string', 'array'].includes(String(issue.origin))
  if (issue.code === 'too_small') {
    return size
      ? { en: `must have a length of at least ${issue.minimum}`, zh: `长度不得小于 ${issue.minimum}` }
      : { en: `must be at least ${issue.minimum}`, zh: `不得小于 ${issue.minimum}` }
  }
  if (issue.code === 'too_big') {
    return size
      ? { en: `must have a length of at most ${issue.maximum}`, zh: `长度不得大于 ${issue.maximum}` }
      : { en: `must be at most ${issue.maximum}`, zh: `不得大于 ${issue.maximum}` }
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String).join(', ')
    return { en: `must be one of: ${allowed}`, zh: `取值必须为其中之一：${allowed}` }
  }
  if (issue.code === 'custom' && isProblem(issue.params)) return { en: issue.params.en, zh: issue.params.zh }
  return fallback
}

/** Fields with a check of their own carry the sentence in `params`, see `fields.ts`. */
function isProblem(params: Readonly<Record<string, unknown>> | undefined): params is { en: string; zh: string } {
  return typeof params?.en === 'string' && typeof params.zh === 'string'
}

/** Texts end up in a database and in other people's JSON, neither of which takes NUL or half a surrogate pair. */
export function unstorableAt(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    const found = unstorableAt(member, [...path, name])
    if (found) return found
  }
  return undefined
}

/** Said of such a text. */
export const unstorable: LocalizedText = { en: 'holds characters that are not allowed', zh: '包含非法字符' }
