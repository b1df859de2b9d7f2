import type { Campaign, CampaignPlan, CampaignReason, CampaignState } from '@parley/core'
import { applicationId } from '@parley/core'
import { type RawBuilder, sql } from 'kysely'

/** A row of `campaigns` as these columns select it. */
export interface CampaignRow {
  readonly campaignId: number
  readonly application: number
  readonly name: string
  readonly description: string
  readonly state: CampaignState
  readonly reason: CampaignReason | null
  readonly agentId: number
  readonly plan: CampaignPlan
  readonly notBeforeMs: number
  readonly notAfterMs: number | null
  readonly calleeCount: number
}

/** Of the table `campaigns` under the alias `c`. `id`: the column that is its id to the reader. */
const columns = (id: RawBuilder<unknown>) => sql`
  ${id} as "campaignId", c.application_id as application, c.name, c.description, c.state, c.reason,
  c.agent_id as "agentId", c.plan, (extract(epoch from c.not_before) * 1000)::bigint as "notBeforeMs",
  (extract(epoch from c.not_after) * 1000)::bigint as "notAfterMs", c.callee_count as "calleeCount"`

/** For users: the id counts within the application. */
export const publicColumns = columns(sql`c.number`)
/** For the store itself. */
export const campaignColumns = columns(sql`c.campaign_id`)

/** The database's clock, Unix ms. */
export const nowMs = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`

/** Unix ms as an instant of the database; undefined: never. */
export const instant = (ms: number | undefined) =>
  ms === undefined ? sql`'infinity'::timestamptz` : sql`to_timestamp(${ms / 1_000}::float8)`

export function toCampaign({ application, reason, notAfterMs, ...row }: CampaignRow): Campaign {
  return {
    ...row,
    applicationId: applicationId(application),
    ...(reason === null ? {} : { reason }),
    ...(notAfterMs === null ? {} : { notAfterMs }),
  }
}
