import { z } from 'zod'

/**
 * Turns the texts of flattened parameters into what `schema` expects. A text that is no such value stays a text, so that
 * validation reports it. Empty texts for anything but text count as absent: SDKs send `undefined` that way.
 */
export function coerceTexts(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodObject) return coerceMembers(inner, value)
  if (inner instanceof z.ZodArray) {
    return Array.isArray(value) ? value.map((item) => coerceTexts(inner.element, item)) : absentIfEmpty(value)
  }
  if (typeof value !== 'string') return value
  if (inner instanceof z.ZodNumber) return toNumber(value)
  if (inner instanceof z.ZodBoolean) return toBoolean(value)
  return value
}

/** The schema below `optional` and `default`. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap()
  return inner
}

function coerceMembers(schema: z.ZodObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return absentIfEmpty(value)
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const expected = Object.hasOwn(shape, name) ? shape[name] : undefined
      return [name, expected ? coerceTexts(expected, member) : member]
    }),
  )
}

function toNumber(text: string): unknown {
  if (text === '') return undefined
  return /^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : text
}

/** The Python SDK writes `True` and `False`. */
function toBoolean(text: string): unknown {
  if (text === '') return undefined
  if (/^true$/i.test(text)) return true
  return /^false$/i.test(text) ? false : text
}

function absentIfEmpty(value: unknown): unknown {
  return value === '' ? undefined : value
}
