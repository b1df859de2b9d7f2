import { z } from 'zod'
import { Problem } from './problem.ts'

/** Query members of every list. `cursor`: what the page before gave as `nextCursor`. */
export const pageMembers = {
  limit: z.int().min(1).max(100).default(50),
  cursor: z.string().max(300).optional(),
}

/** An answer with a page. `nextCursor` is there as long as more follows. */
export const pageOf = <Name extends string>(name: Name, item: z.ZodType) =>
  z.object({ [name]: z.array(item), nextCursor: z.string().optional() })

/**
 * The page out of `found`, which has one more than `limit` when there is another page. `cursorOf`: the place after an
 * item, opaque to clients.
 */
export function pageWith<Item>(
  name: string,
  found: readonly Item[],
  limit: number,
  { shown, cursorOf }: { readonly shown: (item: Item) => unknown; readonly cursorOf: (item: Item) => string },
): Readonly<Record<string, unknown>> {
  const items = found.slice(0, limit)
  const last = found.length > items.length ? items.at(-1) : undefined
  return { [name]: items.map(shown), ...(last !== undefined && { nextCursor: cursorOf(last) }) }
}

/** Cursors of lists by a number or a text. */
export const numberCursor = (place: number): string => textCursor(String(place))
export const textCursor = (place: string): string => Buffer.from(place).toString('base64url')

/**
 * `first`: where a list without a cursor begins. `last`: the greatest place it can have. @throws Problem 400: it is none of
 * ours
 */
export function placeOfNumber<First>(
  cursor: string | undefined,
  first: First,
  last = Number.MAX_SAFE_INTEGER,
): number | First {
  if (cursor === undefined) return first
  const text = placeOfText(cursor)
  if (!/^\d{1,15}$/.test(text) || Number(text) > last) throw wrongCursor()
  return Number(text)
}

/** @throws Problem 400: it is none of ours */
export function placeOfText(cursor: string | undefined): string {
  const text = Buffer.from(cursor ?? '', 'base64url').toString('utf8')
  if (text.includes('\0') || textCursor(text) !== (cursor ?? '')) throw wrongCursor()
  return text
}

export function wrongCursor(): Problem {
  const detail = 'is none of ours'
  return new Problem(400, `the cursor ${detail}`, { errors: [{ in: 'query', field: 'cursor', detail }] })
}
