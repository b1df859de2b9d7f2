import type { AssistantSpec, StoredAgent, TurnDefaults } from '@parley/core'
import type { ApiSkillGroup } from '../api-options.ts'
import { afterCallPlan } from '../assistant/after-call-plan.ts'
import { assistantSpec, type CallIdentity } from '../assistant/assistant-spec.ts'
import { promptVariables, type Variable } from '../assistant/prompt-variables.ts'
import { type AgentSettings, settingsOf, tagRules } from './agent-settings.ts'

/** What the installation adds to what an agent says. */
export interface AgentContext {
  readonly turnDefaults: TurnDefaults
  readonly skillGroups: readonly ApiSkillGroup[]
  readonly allowPrivateUrls: boolean
}

/**
 * The assistant that a stored agent is in one call. `variables` are the call's and win over the agent's own; a placeholder
 * that neither fills stays as it is.
 *
 * @throws ApiError InvalidParameterValue when the agent cannot be used as it is, e.g. names a skill group that is gone
 */
export function agentAssistant(
  agent: StoredAgent,
  identity: CallIdentity,
  variables: readonly Variable[],
  context: AgentContext,
): AssistantSpec {
  return assistantOf(agent, settingsOf(agent, context.allowPrivateUrls), identity, variables, context)
}

/** The same, of settings that are at hand. */
export function assistantOf(
  { agentId, name, version }: StoredAgent,
  settings: AgentSettings,
  identity: CallIdentity,
  variables: readonly Variable[],
  { turnDefaults, skillGroups }: AgentContext,
): AssistantSpec {
  const { PromptVariables: oldDefaults = [], Variables: defaults = [] } = settings
  const filled = { ...settings, PromptVariables: [...oldDefaults, ...defaults], Variables: [...variables] }
  const { values, analyse } = promptVariables(filled.PromptVariables, filled.Variables)
  const own = skillGroups.filter(({ applicationIds: ids }) => !ids || ids.includes(identity.applicationId))
  const { variables: _, ...spec } = assistantSpec(filled, identity, turnDefaults, own)
  const afterCall = afterCallPlan(settings.ExtractConfig, analyse, tagRules(settings))
  // Agents it hands the call to have defaults of their own: only what the call was given goes along.
  const handedOn = Object.fromEntries(variables.map(({ Key }) => [Key.trim(), values[Key.trim()] ?? '']))
  const handsOn = spec.tools.some(({ kind }) => kind === 'transferToAgent')
  return {
    ...spec,
    ...(afterCall && { afterCall }),
    agent: { agentId, name, version },
    ...(handsOn && { variables: handedOn }),
  }
}
