import { type DeclaredAgent, toVoiceError } from '@parley/core'
import { sql, type Transaction } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import type { Tables } from '../database/tables.ts'
import { agentFingerprint, openAgentSecrets } from './agent-content.ts'
import { insertVersion } from './insert-version.ts'

/**
 * Makes the declared agents those of the configuration: one that says something else than its latest version gets the next
 * one, and calls use it; one that is gone is deleted. Agents made by the API are left alone.
 */
export async function configureAgents(
  trx: Transaction<Tables>,
  box: SecretBox,
  declared: readonly DeclaredAgent[],
): Promise<void> {
  for (const agent of declared) await declareAgent(trx, box, agent)
  const kept = JSON.stringify(declared.map(({ applicationId, agentId }) => ({ applicationId, agentId })))
  await sql`
    update agents a set deleted_at = clock_timestamp(), revision = a.revision + 1
    where a.declared and a.deleted_at is null and not exists (
      select 1 from jsonb_to_recordset(${kept}::jsonb) as k("applicationId" bigint, "agentId" bigint)
      where k."applicationId" = a.application_id and k."agentId" = a.agent_id
    )`.execute(trx)
}

async function declareAgent(trx: Transaction<Tables>, box: SecretBox, agent: DeclaredAgent): Promise<void> {
  const { applicationId, agentId } = agent
  const row = await trx
    .selectFrom('agents')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst()
  const isSame = row !== undefined && (await saysTheSame(trx, box, agent, row.latest_version))
  if (isSame && row.version === row.latest_version && row.deleted_at === null) return
  const version = isSame ? row.latest_version : (row?.latest_version ?? 0) + 1
  await sql`
    insert into agents (application_id, agent_id, declared, version, latest_version)
    values (${applicationId}, ${agentId}, true, ${version}, ${version})
    on conflict (application_id, agent_id) do update set declared = true, version = excluded.version,
      latest_version = excluded.latest_version, revision = agents.revision + 1, deleted_at = null`.execute(trx)
  if (!isSame) await insertVersion(trx, box, agent, version, agent)
}

async function saysTheSame(
  trx: Transaction<Tables>,
  box: SecretBox,
  agent: DeclaredAgent,
  version: number,
): Promise<boolean> {
  const row = await trx
    .selectFrom('agent_versions')
    .selectAll()
    .where('application_id', '=', agent.applicationId)
    .where('agent_id', '=', agent.agentId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) return false
  try {
    const secrets = openAgentSecrets(box, agent, version, row.sealed)
    return agentFingerprint({ name: row.name, settings: row.settings, secrets }) === agentFingerprint(agent)
  } catch (error) {
    // Sealed with a master key that is no more: the configuration has the secrets, so they are sealed anew.
    if (toVoiceError(error, 'INTERNAL').code === 'CONFIG_INVALID') return false
    throw error
  }
}
