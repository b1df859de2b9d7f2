import type { CampaignAttempt, CampaignPlacement } from '@parley/core'
import { sql } from 'kysely'
import type { Database } from '../database/connect.ts'
import { finishOrGoOn } from './finish-campaign.ts'
import { forgetAttempt, lockAttempt } from './give-back.ts'
import { pauseCampaign } from './watch-answers.ts'

/** A campaign whose trunks are full does not ask again at once. Taste. */
const noCapacityPauseMs = 2_000

/** Draws the consequences of an attempt that no call came of. */
export async function settlePlacement(
  db: Database,
  { campaignId, callId }: Pick<CampaignAttempt, 'campaignId' | 'callId'>,
  placement: Exclude<CampaignPlacement, { readonly kind: 'taken' }>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const attempt = await lockAttempt(trx, campaignId, callId, 'live')
    if (!attempt) return
    switch (placement.kind) {
      case 'noCapacity':
        return forgetAttempt(trx, campaignId, callId, attempt, { pauseMs: noCapacityPauseMs })
      case 'later':
        return forgetAttempt(trx, campaignId, callId, attempt, { atMs: placement.atMs })
      case 'halt':
        await forgetAttempt(trx, campaignId, callId, attempt)
        return pauseCampaign(trx, campaignId, placement.reason)
      case 'barred':
        await sql`delete from campaign_attempts where call_id = ${callId}`.execute(trx)
        await sql`
          update campaign_callees set state = 'unanswered', last_status = ${placement.status}
          where campaign_id = ${campaignId} and position = ${attempt.position}`.execute(trx)
        return finishOrGoOn(trx, campaignId)
      default:
        return placement satisfies never
    }
  })
}
