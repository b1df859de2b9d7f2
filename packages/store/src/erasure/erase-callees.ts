import type { ApplicationId } from '@parley/core'
import { sql } from 'kysely'
import { finishOrGoOn } from '../campaigns/finish-campaign.ts'
import type { Database } from '../database/connect.ts'

/**
 * Takes a number out of the campaigns of an application, with what they know of it: nobody is called in its place, states and
 * counts stay. Callees who are in a call at this moment stay too. `key`: see `phoneKey`.
 */
export async function eraseCallees(db: Database, applicationId: ApplicationId, key: string): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select distinct c.campaign_id as id from campaigns c join campaign_callees k on k.campaign_id = c.campaign_id
    where c.application_id = ${applicationId} and k.callee_key = ${key} and k.state <> 'calling'`.execute(db)
  for (const { id } of rows) {
    await db.transaction().execute(async (trx) => {
      await sql`select 1 from campaigns where campaign_id = ${id} for update`.execute(trx)
      // What is still to be found out of a call must not make nobody be called again.
      await sql`
        with erased as (
          update campaign_callees set callee = '', callee_key = '', own = null,
            state = case when state = 'answered' or last_status = 1 then 'answered' else 'unanswered' end
          where campaign_id = ${id} and callee_key = ${key} and state <> 'calling'
          returning position
        )
        update campaign_attempts a set callee_key = '', stage = 'settled'
        from erased e where a.campaign_id = ${id} and a.position = e.position and a.stage <> 'live'`.execute(trx)
      await finishOrGoOn(trx, id)
    })
  }
}
