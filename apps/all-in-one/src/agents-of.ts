import { type AgentContext, agentAssistant } from '@parley/api'
import type { CallHostOptions } from '@parley/call'
import type { StoredAgents } from '@parley/core'
import type { House } from './engine-settings.ts'

/** What this installation adds to what an agent says. */
export const agentContextOf =
  ({ turnTaking: turnDefaults }: Pick<House, 'turnTaking'>, allowPrivateUrls: boolean) =>
  (skillGroups: AgentContext['skillGroups']): AgentContext => ({ turnDefaults, skillGroups, allowPrivateUrls })

/** Stored agents for calls in progress, filled in with the variables of the call. */
export function agentsOf(agents: StoredAgents, context: () => AgentContext): NonNullable<CallHostOptions['agents']> {
  return async (call, agentId) => {
    const agent = await agents.find(call.applicationId, agentId)
    const given = Object.entries(call.assistant.variables ?? {})
    const variables = given.map(([Key, Value]) => ({ Key, Value }))
    return agent && agentAssistant(agent, call, variables, context())
  }
}
