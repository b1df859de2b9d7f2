import type { ApplicationId, RecordingRules } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import { jsonText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'

export interface CareFacts {
  /** This installation has a bucket. */
  readonly movesRecordings: boolean
}

/**
 * Makes the rules those of the configuration. They hold for calls that end from now on. Rules of applications that are gone
 * stay: their calls do, too.
 */
export async function configureCare(
  trx: Transaction<Tables>,
  applicationIds: readonly ApplicationId[],
  recordings: readonly RecordingRules[],
  { movesRecordings }: CareFacts,
): Promise<void> {
  const rows = applicationIds.map((id) => ({
    application_id: id,
    recording_format: recordings.find(({ applicationId }) => applicationId === id)?.format ?? 'wav',
    moves_recordings: movesRecordings,
  }))
  await sql`
    insert into care_rules (application_id, recording_format, moves_recordings)
    select application_id, recording_format, moves_recordings
    from jsonb_to_recordset(${jsonText(rows)}::jsonb)
      as r(application_id bigint, recording_format text, moves_recordings boolean)
    on conflict (application_id) do update
      set recording_format = excluded.recording_format, moves_recordings = excluded.moves_recordings`.execute(trx)
}
