import type { ApplicationId, NewSound, Sound, SoundLibrary, SoundQuery } from '@parley/core'
import { sql } from 'kysely'
import { type Database, guarded } from '../database/connect.ts'

/** By the public API. */
const soundsPerDay = 50
/** First half of a two-part lock key; the second is the application's number, folded. */
const uploadLock = 7_238
const samplesPerMs = 8

/** Files to be played, in the database: every engine can play them. */
export class StoredSounds implements SoundLibrary {
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  async add(applicationId: ApplicationId, { customName, fileName, samples }: NewSound): Promise<Sound | 'tooMany'> {
    const audio = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
    const durationMs = Math.round(samples.length / samplesPerMs)
    return guarded(() =>
      this.db.transaction().execute(async (trx) => {
        // Uploads of one application take turns, so that the count holds. Its numbers are its own: they tell of nobody else.
        await sql`select pg_advisory_xact_lock(${uploadLock}, hashint8(${applicationId}))`.execute(trx)
        const { rows: today } = await sql<{ count: number }>`
          select count(*) as count from sounds
          where application_id = ${applicationId} and created_at > clock_timestamp() - interval '1 day'`.execute(trx)
        if ((today[0]?.count ?? 0) >= soundsPerDay) return 'tooMany'
        const { rows } = await sql<{ fileId: number }>`
          insert into sounds (application_id, file_id, custom_name, file_name, duration_ms, audio)
          select ${applicationId}, coalesce(max(file_id), 0) + 1, ${customName}, ${fileName}, ${durationMs}, ${audio}
          from sounds where application_id = ${applicationId}
          returning file_id as "fileId"`.execute(trx)
        return { fileId: rows[0]?.fileId ?? 0, customName, fileName, durationMs }
      }),
    )
  }

  async list({ applicationId, fileIds, customNames, fileNames, limit, offset }: SoundQuery) {
    const where = sql`
      where application_id = ${applicationId}
        and (${fileIds ?? null}::bigint[] is null or file_id = any(${fileIds ?? null}::bigint[]))
        and (${customNames ?? null}::text[] is null or custom_name = any(${customNames ?? null}::text[]))
        and (${fileNames ?? null}::text[] is null or file_name = any(${fileNames ?? null}::text[]))`
    return guarded(async () => {
      const counted = await sql<{ total: number }>`select count(*) as total from sounds ${where}`.execute(this.db)
      const { rows } = await sql<Sound>`
        select file_id as "fileId", custom_name as "customName", file_name as "fileName", duration_ms as "durationMs"
        from sounds ${where}
        order by file_id desc limit ${limit} offset ${offset}`.execute(this.db)
      return { total: counted.rows[0]?.total ?? 0, sounds: rows }
    })
  }

  async samples(applicationId: ApplicationId, fileId: number): Promise<Int16Array | undefined> {
    const { rows } = await guarded(() =>
      sql<{ audio: Buffer }>`
        select audio from sounds where application_id = ${applicationId} and file_id = ${fileId}::bigint`.execute(
        this.db,
      ),
    )
    const [row] = rows
    // A copy lies at an even place.
    return row && new Int16Array(new Uint8Array(row.audio).buffer)
  }
}
