import type { AfterCallPlan, AfterCallReport, AfterCallResult } from '@parley/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

interface Row {
  readonly plan: AfterCallPlan
  readonly isOver: boolean
  readonly state: 'pending' | 'done' | 'failed' | null
  readonly result: AfterCallResult | null
}

/** What is known of the questions to a call's model. A call that nobody answered has nothing to be asked about. */
export async function selectReport(
  db: Kysely<Tables>,
  applicationId: number,
  callId: string,
): Promise<AfterCallReport | undefined> {
  const { rows } = await sql<Row>`
    select c.spec -> 'assistant' -> 'afterCall' as plan, c.stage = 'closed' as "isOver", j.state, j.result
    from calls c left join call_jobs j on j.call_id = c.call_id
    where c.call_id = ${callId} and c.application_id = ${applicationId} and c.stage <> 'refused'
      and c.spec -> 'assistant' -> 'afterCall' is not null`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { plan, result } = row
  if (result) return { plan, state: 'done', result }
  const isPending = row.state === 'pending' || !row.isOver
  return { plan, state: isPending ? 'pending' : 'failed' }
}
