import {
  type ApplicationId,
  type CalleeProgress,
  type Campaign,
  type CampaignCommand,
  type CampaignProgress,
  type Campaigns,
  callId,
  type NewCampaign,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { campaignProgress } from './campaign-progress.ts'
import { type CampaignRow, publicColumns, toCampaign } from './campaign-rows.ts'
import { commandCampaign } from './command-campaign.ts'
import { createCampaign } from './create-campaign.ts'

/** Campaigns in the database. Numbers and positions that are asked for may be greater than the columns hold. */
export class StoredCampaigns implements Campaigns {
  private readonly db: Database
  private readonly box: SecretBox

  constructor(db: Database, box: SecretBox) {
    this.db = db
    this.box = box
  }

  create(campaign: NewCampaign): Promise<number> {
    return guarded(() => createCampaign(this.db, this.box, campaign))
  }

  async find(applicationId: ApplicationId, campaignId: number): Promise<Campaign | undefined> {
    const { rows } = await guarded(() =>
      sql<CampaignRow>`
        select ${publicColumns} from campaigns c
        where c.number = ${campaignId}::bigint and c.application_id = ${applicationId}`.execute(this.db),
    )
    return rows[0] && toCampaign(rows[0])
  }

  async list(
    applicationId: ApplicationId,
    { limit, offset, beforeId }: { readonly limit: number; readonly offset: number; readonly beforeId?: number },
  ) {
    return guarded(async () => {
      const counted = await sql<{ total: number }>`
        select count(*) as total from campaigns where application_id = ${applicationId}`.execute(this.db)
      const { rows } = await sql<CampaignRow>`
        select ${publicColumns} from campaigns c where c.application_id = ${applicationId}
          and (${beforeId ?? null}::bigint is null or c.number < ${beforeId ?? null}::bigint)
        order by c.number desc limit ${limit} offset ${offset}`.execute(this.db)
      return { total: counted.rows[0]?.total ?? 0, campaigns: rows.map(toCampaign) }
    })
  }

  async callees(
    applicationId: ApplicationId,
    campaignId: number,
    { limit, fromPosition }: { readonly limit: number; readonly fromPosition: number },
  ): Promise<readonly CalleeProgress[]> {
    const { rows } = await guarded(() =>
      sql<CalleeRow>`
        with page as (
          select k.* from campaign_callees k join campaigns c on c.campaign_id = k.campaign_id
          where c.number = ${campaignId}::bigint and c.application_id = ${applicationId} and k.position >= ${fromPosition}::bigint
          order by k.position limit ${limit}
        ), made as (
          select a.position, array_agg(a.call_id::text order by a.begun_at) as ids
          from campaign_attempts a join calls s on s.call_id = a.call_id and s.stage <> 'refused'
          where a.campaign_id = (select min(campaign_id) from page) and a.position between (select min(position) from page)
            and (select max(position) from page)
          group by a.position
        )
        select p.position, p.callee, p.state, p.tries, p.last_status as "lastStatus", coalesce(m.ids, '{}') as ids
        from page p left join made m on m.position = p.position
        order by p.position`.execute(this.db),
    )
    return rows.map(({ ids, lastStatus, ...row }) => ({
      ...row,
      ...(lastStatus === null ? {} : { lastStatus }),
      callIds: ids.map(callId),
    }))
  }

  progress(applicationId: ApplicationId, campaignId: number): Promise<CampaignProgress | undefined> {
    return guarded(() => campaignProgress(this.db, applicationId, campaignId))
  }

  command(applicationId: ApplicationId, campaignId: number, command: CampaignCommand) {
    return guarded(() => commandCampaign(this.db, applicationId, campaignId, command))
  }
}

interface CalleeRow extends Omit<CalleeProgress, 'callIds' | 'lastStatus'> {
  readonly lastStatus: number | null
  readonly ids: readonly string[]
}
