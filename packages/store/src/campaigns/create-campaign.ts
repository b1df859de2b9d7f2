import type { CampaignCallee, CampaignTrigger, NewCampaign } from '@parley/core'
import { sql } from 'kysely'
import { phoneKey } from '../calls/phone-key.ts'
import type { SecretBox } from '../calls/secret-box.ts'
import type { Database } from '../database/connect.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import { instant } from './campaign-rows.ts'
import { campaignWebhook } from './campaign-webhook.ts'

/** Rows of one statement: what stays well below the limit of a message and the time limit of a statement. */
const rowsAtOnce = 10_000

/** First half of a two-part lock key; journals lock by one-part keys, the configuration by another first half. */
const numberLock = 7_238

/** Whom the sealed triggers of a campaign belong to. */
export const sealContext = (applicationId: number, campaignId: number): string =>
  `${applicationId}:campaign:${campaignId}`

/** Writes a campaign with all its callees, in one transaction. Its number within the application. */
export async function createCampaign(db: Database, box: SecretBox, campaign: NewCampaign): Promise<number> {
  const { applicationId, plan, triggers } = campaign
  const callees = distinct(campaign.callees)
  return db.transaction().execute(async (trx) => {
    // Numbers count up without gaps that would tell of others.
    await sql`select pg_advisory_xact_lock(${numberLock}, ${applicationId % 2 ** 31})`.execute(trx)
    const reserved = await sql<{ id: number; number: number }>`
      select nextval(pg_get_serial_sequence('campaigns', 'campaign_id')) as id,
        (select coalesce(max(number), 0) + 1 from campaigns where application_id = ${applicationId}) as number`.execute(
      trx,
    )
    const { id: campaignId = 0, number = 0 } = reserved.rows[0] ?? {}
    const sealed =
      triggers.length > 0 ? box.seal(JSON.stringify(triggers), sealContext(applicationId, campaignId)) : null
    await sql`
      insert into campaigns (campaign_id, application_id, number, name, description, agent_id, plan, triggers, sealed, not_before,
        not_after, callee_count, due_at)
      values (${campaignId}, ${applicationId}, ${number}, ${plainText(campaign.name)}, ${plainText(campaign.description)},
        ${campaign.agentId}, ${jsonText(plan)}::jsonb, ${jsonText(triggers.map(conditions))}::jsonb, ${sealed},
        ${instant(campaign.notBeforeMs)}, ${campaign.notAfterMs === undefined ? null : instant(campaign.notAfterMs)},
        ${callees.length}, ${instant(campaign.notBeforeMs)})`.execute(trx)
    if (triggers.length > 0) {
      await sql`
        with made as (
          insert into webhooks (name, origin, application_id, events)
          values (${campaignWebhook(applicationId)}, 'campaigns', ${applicationId}, '{}')
          on conflict (name) do nothing
          returning 1
        )
        select pg_notify('parley_settings', '') from made`.execute(trx)
    }
    for (let from = 0; from < callees.length; from += rowsAtOnce) {
      const rows = callees.slice(from, from + rowsAtOnce).map(({ callee, key, own }, index) => ({
        p: from + index,
        c: callee,
        k: key,
        o: own,
      }))
      await sql`
        insert into campaign_callees (campaign_id, position, callee, callee_key, own)
        select ${campaignId}, r.p, r.c, r.k, r.o
        from jsonb_to_recordset(${jsonText(rows)}::jsonb) as r(p integer, c text, k text, o jsonb)`.execute(trx)
    }
    await sql`select pg_notify('parley_campaign', '')`.execute(trx)
    return number
  })
}

const conditions = ({ statuses, tags, oncePerNumber }: CampaignTrigger) => ({ statuses, tags, oncePerNumber })

/** Nobody is called twice because he is listed twice. */
function distinct(callees: readonly CampaignCallee[]) {
  const byKey = new Map<string, { readonly callee: string; readonly key: string; readonly own?: object }>()
  for (const { callee, variables, uui } of callees) {
    const key = phoneKey(callee)
    if (byKey.has(key)) continue
    const own = { ...(variables && { variables }), ...(uui !== undefined && { uui }) }
    byKey.set(key, { callee: plainText(callee), key, ...(Object.keys(own).length > 0 && { own }) })
  }
  return [...byKey.values()]
}
