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

export function wrongCursor(): Problem {
  const detail = 'is none of ours'
  return new Problem(400, `the cursor ${detail}`, { errors: [{ in: 'query', field: 'cursor', detail }] })
}
