import { mergeCallee } from '@parley/campaign'
import type {
  AfterCallResult,
  ApplicationId,
  CallId,
  CampaignCallback,
  CampaignCallbacks,
  CampaignCallee,
  CampaignPlan,
  CampaignTrigger,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { tagsOf } from './call-tags.ts'
import { sealContext } from './create-campaign.ts'

interface Row {
  readonly id: number
  readonly campaignId: number
  readonly plan: CampaignPlan
  readonly sealed: Buffer
  readonly callee: string
  readonly own: Pick<CampaignCallee, 'variables' | 'uui'> | null
  readonly status: number
  readonly result: AfterCallResult | null
}

/** What the callbacks in the outbox are written from. */
export class StoredCallbacks implements CampaignCallbacks {
  private readonly db: Database
  private readonly box: SecretBox

  constructor(db: Database, box: SecretBox) {
    this.db = db
    this.box = box
  }

  async find(applicationId: ApplicationId, callId: CallId, index: number): Promise<CampaignCallback | undefined> {
    return guarded(async () => {
      const { rows } = await sql<Row>`
        select c.campaign_id as id, c.number as "campaignId", c.plan, c.sealed, k.callee, k.own, a.status, j.result
        from campaign_attempts a
        join campaigns c on c.campaign_id = a.campaign_id
        join campaign_callees k on k.campaign_id = a.campaign_id and k.position = a.position
        left join call_jobs j on j.call_id = a.call_id
        where a.call_id = ${callId} and a.application_id = ${applicationId}
          and a.status is not null and c.sealed is not null`.execute(this.db)
      const [row] = rows
      if (!row) return undefined
      const { campaignId, callee, status, result } = row
      // Written by `createCampaign`, and authenticated.
      const triggers = JSON.parse(
        this.box.open(row.sealed, sealContext(applicationId, row.id)),
      ) as readonly CampaignTrigger[]
      const trigger = triggers[index]
      const tags = result ? tagsOf(result) : []
      return trigger && { trigger, campaignId, callee, status, tags, ...mergeCallee(row.plan, row.own ?? {}) }
    })
  }
}
