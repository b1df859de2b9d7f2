import { type AgentDraft, type ApplicationId, callId } from '@parley/core'
import { type AgentContext, agentAssistant } from './agent-assistant.ts'
import { agentDraft } from './agent-settings.ts'

/**
 * What a version of an agent is to say, once it is certain that a call could be made with it as the installation is now:
 * its skill groups are there, its functions have names of their own. Whether the agents it names are there is not asked.
 *
 * @throws ApiError naming the field
 */
export function checkedAgent(owner: ApplicationId, name: string, fields: unknown, context: AgentContext): AgentDraft {
  const draft = agentDraft(name, fields, context.allowPrivateUrls)
  const callThatIsNeverMade = { callId: callId(''), applicationId: owner }
  agentAssistant({ agentId: 0, version: 0, ...draft }, callThatIsNeverMade, [], context)
  return draft
}
