import type { ApplicationId, CareRules, DeclaredAgent, TrunkSettings } from '@parley/core'
import { sql } from 'kysely'
import { configureAgents } from './agents/configure-agents.ts'
import { phoneKey } from './calls/phone-key.ts'
import type { SecretBox } from './calls/secret-box.ts'
import type { Database } from './database/connect.ts'
import { jsonText } from './database/json-text.ts'
import { configureDoNotCall, type DeclaredDoNotCall } from './dial-rules/configure-do-not-call.ts'
import { type ApplicationConfiguration, configureApplications } from './management/configure-applications.ts'
import { configureWebhooks, type DeclaredWebhook } from './pushes/configure-webhooks.ts'
import { type CareFacts, configureCare } from './recordings/configure-care.ts'
import { withoutSecrets } from './trunks/trunk-secrets.ts'

/** A number with limits of its own, within those of its trunk. */
interface NumberConfiguration {
  readonly number: string
  /** Calls at a time with this number on our side, both directions. */
  readonly maxConcurrent?: number
  /** Calls started per second with this number as caller. */
  readonly maxCps?: number
  /** Who may dial with it, among those of the trunk. Undefined: all of them. */
  readonly applicationIds?: readonly ApplicationId[]
}

export interface TrunkConfiguration {
  readonly name: string
  /** As its owner may see them: without secrets. */
  readonly settings?: TrunkSettings
  /** Who may dial by it. Undefined: every application, also those that come later. */
  readonly applicationIds?: readonly ApplicationId[]
  readonly numbers: readonly (string | NumberConfiguration)[]
  readonly limits: {
    /** Calls at a time, both directions. */
    readonly maxConcurrent: number
    /** Calls started per second. */
    readonly maxCps: number
  }
}

export interface StoreConfiguration {
  readonly applications: readonly ApplicationConfiguration[]
  readonly trunks: readonly TrunkConfiguration[]
  /** Numbers nobody may call. Default: none. */
  readonly doNotCall?: readonly DeclaredDoNotCall[]
  /** Who is told of calls. Default: nobody. */
  readonly webhooks?: readonly DeclaredWebhook[]
  /** What becomes of calls that are over. An application that is not named keeps everything, recordings as WAV files. */
  readonly care?: readonly CareRules[]
  /** Agents that the configuration declares. Default: none. */
  readonly agents?: readonly DeclaredAgent[]
}

/** First half of a two-part lock key; journals lock by one-part keys, which are apart. */
const configureLock = 7_237

/**
 * Makes trunks and numbers of the database those of the configuration, in one transaction. A trunk that is gone is
 * switched off, not deleted: calls refer to it. The pace already kept (`tat`) stays.
 */
export async function configure(
  db: Database,
  box: SecretBox,
  configuration: StoreConfiguration,
  facts: CareFacts,
): Promise<void> {
  const everyone = configuration.applications.map(({ applicationId }) => applicationId)
  const trunks = configuration.trunks.map(({ name, applicationIds = null, limits, settings = {} }) => ({
    name,
    application_ids: applicationIds,
    max_concurrent: limits.maxConcurrent,
    max_cps: limits.maxCps,
    settings: withoutSecrets(settings),
  }))
  const numbers = configuration.trunks.flatMap(({ name, numbers }) =>
    numbers
      .map((entry) => (typeof entry === 'string' ? { number: entry } : entry))
      .map(({ number, maxConcurrent, maxCps, applicationIds }: NumberConfiguration) => ({
        trunk: name,
        number,
        number_key: phoneKey(number),
        application_ids: applicationIds ?? null,
        max_concurrent: maxConcurrent ?? null,
        max_cps: maxCps ?? null,
      })),
  )
  await db.transaction().execute(async (trx) => {
    // Several processes may start with the same configuration at once. Not a table lock: a claim that already holds its
    // trunk's row would wait for that, and this transaction for the row.
    await sql`select pg_advisory_xact_lock(${configureLock}, 0)`.execute(trx)
    await sql`
      insert into trunks (name, enabled, declared, application_ids, max_concurrent, max_cps, settings)
      select name, true, true, application_ids, max_concurrent, max_cps, settings
      from jsonb_to_recordset(${jsonText(trunks)}::jsonb)
        as t(name text, application_ids bigint[], max_concurrent integer, max_cps double precision, settings jsonb)
      on conflict (name) do update set enabled = true, application_ids = excluded.application_ids,
        max_concurrent = excluded.max_concurrent, max_cps = excluded.max_cps, settings = excluded.settings`.execute(trx)
    await sql`update trunks set enabled = false where declared and not name = any(${trunks.map(({ name }) => name)}::text[])`.execute(
      trx,
    )
    await sql`
      delete from numbers n using trunks t where t.name = n.trunk and t.declared and not exists (
        select 1 from jsonb_to_recordset(${jsonText(numbers)}::jsonb) as k(trunk text, number text)
        where k.trunk = n.trunk and k.number = n.number
      )`.execute(trx)
    await sql`
      insert into numbers (trunk, number, number_key, application_ids, max_concurrent, max_cps)
      select distinct on (trunk, number) trunk, number, number_key, application_ids, max_concurrent, max_cps
      from jsonb_to_recordset(${jsonText(numbers)}::jsonb)
        as n(trunk text, number text, number_key text, application_ids bigint[], max_concurrent integer,
          max_cps double precision)
      on conflict (trunk, number) do update set number_key = excluded.number_key,
        application_ids = excluded.application_ids,
        max_concurrent = excluded.max_concurrent, max_cps = excluded.max_cps`.execute(trx)
    await configureApplications(trx, configuration.applications)
    await configureWebhooks(trx, configuration.webhooks ?? [])
    await configureDoNotCall(trx, configuration.doNotCall ?? [])
    await configureCare(trx, everyone, configuration.care ?? [], facts)
    await configureAgents(trx, box, configuration.agents ?? [])
    await sql`select pg_notify('parley_queue', ''), pg_notify('parley_trunks', '')`.execute(trx)
  })
}
