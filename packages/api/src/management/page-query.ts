import type { ApplicationId, CallPageQuery } from '@parley/core'
import { z } from 'zod'
import type { Access } from './access.ts'
import { pageMembers } from './page.ts'
import { placeOf } from './page-cursor.ts'
import { Problem } from './problem.ts'

/** Query member of whatever is about one application. */
export const ownerMember = {
  sdkAppId: z
    .int('must be the number of an application')
    .min(0)
    .optional()
    .describe('Needed where the credentials serve several applications'),
}

/** Whose things a request means: `sdkAppId`, or the only application of the key. @throws Problem 400, 404 */
export function ownerOf(
  { sdkAppId }: { readonly sdkAppId?: number | undefined },
  { applications }: Access,
): ApplicationId {
  const [first] = applications
  if (sdkAppId === undefined && applications.size === 1 && first !== undefined) return first
  if (sdkAppId === undefined) {
    const detail = 'must be the number of an application'
    throw new Problem(400, `sdkAppId ${detail}`, { errors: [{ in: 'query', field: 'sdkAppId', detail }] })
  }
  const asked = sdkAppId as ApplicationId
  if (!applications.has(asked)) throw new Problem(404, 'no such application')
  return asked
}

/** Not every text that `Date` can read is a date to anybody else. */
const instantForm = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/
const instant = z
  .string()
  .refine(
    (value) => instantForm.test(value) && !Number.isNaN(Date.parse(value)),
    'must look like 2026-01-31 or 2026-01-31T08:00:00Z',
  )
  .optional()

/** Query of a page of calls; `from` and `to` bound their creation. */
export const callPage = z.object({ ...ownerMember, from: instant, to: instant, ...pageMembers })

/** The page that a query asks for. `nowMs`: Unix ms, the default of `to`. @throws Problem 400, 404 */
export function pageQuery(query: z.output<typeof callPage>, access: Access, nowMs: number): CallPageQuery {
  const { from, to, limit, cursor } = query
  const page = {
    applicationId: ownerOf(query, access),
    fromMs: from === undefined ? 0 : Date.parse(from),
    toMs: to === undefined ? nowMs : Date.parse(to),
    limit,
  }
  return cursor === undefined ? page : { ...page, after: placeOf(cursor) }
}
