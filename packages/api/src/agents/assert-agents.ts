import type { ApplicationId, StoredAgents } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { AssistantParameters } from '../assistant/create-ai-call-parameters.ts'

/**
 * The agents that a talk may be handed to are the application's.
 *
 * @throws ApiError InvalidParameterValue naming the first that is not
 */
export async function assertAgents(
  { TransferToAgentEnable, TransferToAgentItems = [] }: AssistantParameters,
  applicationId: ApplicationId,
  agents: StoredAgents | undefined,
): Promise<void> {
  if (!TransferToAgentEnable) return
  for (const [index, { TransferToAgentId }] of TransferToAgentItems.entries()) {
    if (await agents?.find(applicationId, TransferToAgentId)) continue
    const field = `TransferToAgentItems.${index}.TransferToAgentId`
    throw invalidValue(field, { en: 'is not an agent of this application', zh: '不是该应用的智能体' })
  }
}
