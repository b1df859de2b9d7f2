import { ApiError } from '../answer/api-error.ts'
import { invalidParameter } from '../answer/parameter-errors.ts'

const maxDepth = 32

/**
 * Parameters of a JSON body: an object, `null` members taken for absent at every depth. An empty body is an empty object.
 *
 * @throws ApiError InvalidParameter
 */
export function jsonParameters(body: Uint8Array): Record<string, unknown> {
  const text = Buffer.from(body).toString('utf8').trim()
  if (text === '') return {}
  const value = withoutNulls(parse(text), 0)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject()
  return { ...value }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold secrets.
    throw notAnObject()
  }
}

function notAnObject(): ApiError {
  return new ApiError('InvalidParameter', {
    en: 'The request body is not a JSON object.',
    zh: '请求体不是合法的 JSON 对象。',
  })
}

function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) throw invalidParameter('*', { en: 'is nested too deep', zh: '嵌套过深' })
  if (Array.isArray(value)) return value.filter((item) => item !== null).map((item) => withoutNulls(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member, depth + 1)]),
  )
}
