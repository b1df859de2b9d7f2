import type { ApplicationId, CallPageQuery } from '@parley/core'
import { placeOf } from './page-cursor.ts'

const defaultLimit = 50
const maxLimit = 100

/** Whose calls a request means: `sdkAppId`, or the only application of the key. */
export function applicationOf(
  query: Readonly<Record<string, unknown>>,
  applications: ReadonlySet<ApplicationId>,
): ApplicationId | { readonly status: 400 | 404; readonly problem: string } {
  const [first] = applications
  if (query.sdkAppId === undefined && applications.size === 1 && first !== undefined) return first
  if (typeof query.sdkAppId !== 'string' || !/^\d{1,15}$/.test(query.sdkAppId)) {
    return { status: 400, problem: 'sdkAppId must be the number of an application' }
  }
  const asked = Number(query.sdkAppId) as ApplicationId
  return applications.has(asked) ? asked : { status: 404, problem: 'no such application' }
}

/** The page that a query asks for, or what is wrong with it. `nowMs`: Unix ms, the default of `to`. */
export function pageQuery(
  query: Readonly<Record<string, unknown>>,
  applicationId: ApplicationId,
  nowMs: number,
): CallPageQuery | { readonly problem: string } {
  const instant = (name: string, fallbackMs: number) => {
    const value = query[name]
    if (value === undefined) return fallbackMs
    // Not every text that `Date` can read is a date to anybody else.
    return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(value)
      ? Date.parse(value)
      : Number.NaN
  }
  const fromMs = instant('from', 0)
  const toMs = instant('to', nowMs)
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) {
    return { problem: 'from and to must look like 2026-01-31 or 2026-01-31T08:00:00Z' }
  }
  const { limit: limitText = String(defaultLimit), cursor } = query
  const limit = typeof limitText === 'string' && /^\d{1,3}$/.test(limitText) ? Number(limitText) : 0
  if (limit < 1 || limit > maxLimit) return { problem: `limit must be a number from 1 to ${maxLimit}` }
  if (cursor === undefined) return { applicationId, fromMs, toMs, limit }
  const after = typeof cursor === 'string' ? placeOf(cursor) : undefined
  return after ? { applicationId, fromMs, toMs, limit, after } : { problem: 'the cursor is none of ours' }
}
