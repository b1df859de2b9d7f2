import type { ApplicationId, StoredAgents } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { AgentSettings } from './agent-settings.ts'

type TransferFields = Partial<Pick<AgentSettings, 'TransferToAgentEnable' | 'TransferToAgentItems'>>

/**
 * The agents that a talk may be handed to are the application's.
 *
 * @throws ApiError InvalidParameterValue naming the first that is not
 */
export async function assertAgents(
  { TransferToAgentEnable, TransferToAgentItems = [] }: TransferFields,
  applicationId: ApplicationId,
  agents: StoredAgents,
): Promise<void> {
  if (!TransferToAgentEnable) return
  for (const [index, { TransferToAgentId }] of TransferToAgentItems.entries()) {
    if (await agents.find(applicationId, TransferToAgentId)) continue
    const field = `TransferToAgentItems.${index}.TransferToAgentId`
    throw invalidValue(field, { en: 'is not an agent of this application', zh: '不是该应用的智能体' })
  }
}
