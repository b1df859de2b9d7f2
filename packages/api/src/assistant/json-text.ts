import { invalidValue } from '../answer/parameter-errors.ts'

/**
 * The object in a parameter that holds JSON as text; undefined when the text is empty.
 *
 * @throws ApiError InvalidParameterValue
 */
export function jsonObject(path: string, text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!text?.trim()) return undefined
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidValue(path, { en: 'must be a JSON object as text', zh: '必须为 JSON 对象文本' })
  }
  return { ...value }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message would quote the text, which may hold secrets.
    return undefined
  }
}
