import type { Engine } from './engine.ts'

/** A list that is longer than this many pages of 100 is cut. */
const mostPages = 100

/** Everything of a list that comes in pages, in its order. @throws Failure */
export async function allOf<T>(
  engine: Engine,
  path: string,
  member: string,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly T[]> {
  const found: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const asked = new URLSearchParams({ ...query, limit: '100', ...(cursor !== undefined && { cursor }) })
    const answer = await engine.json<Readonly<Record<string, unknown>>>(`${path}?${asked}`)
    found.push(...(answer[member] as readonly T[]))
    if (typeof answer.nextCursor !== 'string') break
    cursor = answer.nextCursor
  }
  return found
}
