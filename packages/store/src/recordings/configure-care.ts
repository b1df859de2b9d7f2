import { type ApplicationId, applicationId, type CareRules } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

/** Whose rules hold for applications that the configuration does not name: those made by the API. */
export const anyOther = applicationId(0)

/** Days that entries of the audit log are kept unless the configuration says otherwise: a year and a month. Taste. */
const auditDaysDefault = 400

export interface CareFacts {
  /** This installation has a bucket. */
  readonly movesRecordings: boolean
}

/**
 * Makes the rules those of the configuration. Those of recordings hold for calls that
 * end from now on, those of retention for all. Rules of applications that are gone
 * stay: their calls do, too.
 */
export async function configureCare(
  trx: Transaction<Tables>,
  applicationIds: readonly ApplicationId[],
  care: readonly CareRules[],
  { movesRecordings }: CareFacts,
): Promise<void> {
  const rows = [...applicationIds, anyOther].map((id) => {
    const { format = 'wav', retention = {} } = care.find((rules) => rules.applicationId === id) ?? {}
    return {
      application_id: id,
      recording_format: format,
      moves_recordings: movesRecordings,
      recordings_days: retention.recordingsDays ?? null,
      transcripts_days: retention.transcriptsDays ?? null,
      journal_days: retention.journalDays ?? null,
      records_days: retention.recordsDays ?? null,
      audit_days: retention.auditDays ?? auditDaysDefault,
    }
  })
  await sql`
    insert into care_rules
    select * from jsonb_to_recordset(${jsonText(rows)}::jsonb) as r(
      application_id bigint, recording_format text, moves_recordings boolean,
      recordings_days integer, transcripts_days integer, journal_days integer, records_days integer, audit_days integer
    )
    on conflict (application_id) do update set
      recording_format = excluded.recording_format, moves_recordings = excluded.moves_recordings,
      recordings_days = excluded.recordings_days, transcripts_days = excluded.transcripts_days,
      journal_days = excluded.journal_days, records_days = excluded.records_days,
      audit_days = excluded.audit_days`.execute(trx)
}
