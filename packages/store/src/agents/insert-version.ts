import type { AgentDraft } from '@parley/core'
import type { Transaction } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { type AgentKey, sealAgentSecrets } from './agent-content.ts'

/** Writes down what a version says, its secrets sealed. The row of the agent is there. */
export async function insertVersion(
  trx: Transaction<Tables>,
  box: SecretBox,
  { applicationId, agentId }: AgentKey,
  version: number,
  { name, settings, secrets }: AgentDraft,
): Promise<void> {
  await trx
    .insertInto('agent_versions')
    .values({
      application_id: applicationId,
      agent_id: agentId,
      version,
      name: plainText(name),
      settings: jsonText(settings),
      sealed: sealAgentSecrets(box, { applicationId, agentId }, version, secrets),
    })
    .execute()
}
