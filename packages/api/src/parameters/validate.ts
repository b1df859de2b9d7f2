import type { z } from 'zod'
import type { ApiError } from '../answer/api-error.ts'
import type { LocalizedText } from '../answer/localized-text.ts'
import { invalidParameter, invalidValue, missingParameter } from '../answer/parameter-errors.ts'

type Issue = z.core.$ZodIssue

/**
 * The parameters as `schema` describes them. Of several problems the one of the lowest kind is reported: missing before
 * wrong type before wrong value, as the vendor's gateway does.
 *
 * @throws ApiError MissingParameter, InvalidParameter, InvalidParameterValue
 */
export function validate<Schema extends z.ZodType>(schema: Schema, parameters: unknown): z.output<Schema> {
  const result = schema.safeParse(parameters)
  if (!result.success) throw firstProblem(result.error.issues, parameters)
  assertStorable(result.data, [])
  return result.data
}

function firstProblem(issues: readonly Issue[], parameters: unknown): ApiError {
  const missing = issues.find((issue) => isMissing(issue, parameters))
  if (missing) return missingParameter(pathText(missing.path))
  const type = issues.find(({ code }) => code === 'invalid_type')
  if (type?.code === 'invalid_type') return invalidParameter(pathText(type.path), typeProblem(type.expected))
  const unknown = issues.find(({ code }) => code === 'unrecognized_keys')
  if (unknown?.code === 'unrecognized_keys') {
    return invalidValue(pathText([...unknown.path, ...unknown.keys.slice(0, 1)]), { en: 'is not known', zh: '不存在' })
  }
  const [issue] = issues
  return invalidValue(pathText(issue?.path ?? []), issue ? valueProblem(issue) : fallback)
}

function isMissing(issue: Issue, parameters: unknown): boolean {
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

function pathText(path: Issue['path']): string {
  return path.length === 0 ? '*' : path.map(String).join('.').slice(0, 200)
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

/**
 * Texts end up in a database and in other people's JSON, neither of which takes NUL or half a surrogate pair.
 *
 * @throws ApiError InvalidParameterValue
 */
function assertStorable(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw invalidValue(pathText([...path]), { en: 'holds characters that are not allowed', zh: '包含非法字符' })
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) assertStorable(member, [...path, name])
  }
}
