import { type AgentDraft, applicationId, callId } from '@parley/core'
import { type AgentContext, agentAssistant } from './agent-assistant.ts'
import { agentDraft } from './agent-settings.ts'

/** Of a call that is never made. */
const nobody = { callId: callId(''), applicationId: applicationId(0) }

/**
 * What a version of an agent is to say, once it is certain that a call could be made with it as the installation is now:
 * its skill groups are there, its functions have names of their own. Whether the agents it names are there is not asked.
 *
 * @throws ApiError naming the field
 */
export function checkedAgent(name: string, fields: unknown, context: AgentContext): AgentDraft {
  const draft = agentDraft(name, fields, context.allowPrivateUrls)
  agentAssistant({ agentId: 0, version: 0, ...draft }, nobody, [], context)
  return draft
}
