import { z } from 'zod'
import type { LocalizedText } from '../answer/localized-text.ts'

/** Building blocks of request schemas. Type faults and value faults stay apart, as the API has a code for each. */

/** Longest time span accepted in a field of milliseconds: a day. Timers hold 24.8 days at most. */
export const dayMs = 86_400_000

export const text = () => z.string()
export const texts = () => z.array(z.string())
export const flag = () => z.boolean()
export const integer = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum)
export const decimal = (minimum: number, maximum: number) => z.number().min(minimum).max(maximum)

/** A whole number out of a few. */
export const integerOf = (...values: readonly number[]) =>
  z.int().refine((value) => values.includes(value), { params: oneOf(values) })

/** A text out of a few. */
export const textOf = (...values: readonly string[]) =>
  z.string().refine((value) => values.includes(value), { params: oneOf(values) })

/** A text that `isValid`; `problem` is a sentence without its subject. */
export const checkedText = (isValid: (value: string) => boolean, problem: LocalizedText) =>
  z.string().refine(isValid, { params: { ...problem } })

export const unixSeconds = () => integer(0, 99_999_999_999)

function oneOf(values: readonly (string | number)[]): Record<string, string> {
  return { en: `must be one of: ${values.join(', ')}`, zh: `取值必须为其中之一：${values.join(', ')}` }
}

/** Members of every request. */
export const sdkAppId = () => z.int()
export const sessionId = () => z.string().min(1)
