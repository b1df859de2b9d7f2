import { agentDraft, agentProblem } from '@parley/api'
import { applicationId, type DeclaredAgent, Secret, type SkillGroup, VoiceError } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'

type Agent = ConfigFile['agents'][number]

/**
 * The agents of the file, their settings checked as the API checks those of a call.
 *
 * @throws VoiceError CONFIG_INVALID naming every agent that cannot be used, with its first problem
 */
export function declaredAgents(
  agents: readonly Agent[],
  skillGroups: readonly Pick<SkillGroup, 'id'>[],
  allowPrivateUrls: boolean,
): readonly DeclaredAgent[] {
  const problems: string[] = []
  const declared = agents.flatMap(({ id, sdkAppId, name, settings }, index) => {
    try {
      const draft = agentDraft(name, revealed(settings), allowPrivateUrls)
      const dangling = danglingTransfer(draft.settings, { id, sdkAppId }, agents, skillGroups)
      if (dangling) problems.push(`agents[${index}].settings.${dangling}`)
      return [{ applicationId: applicationId(sdkAppId), agentId: id, ...draft }]
    } catch (error) {
      const problem = agentProblem(error)
      if (problem === undefined) throw error
      problems.push(`agents[${index}].settings: ${problem}`)
      return []
    }
  })
  if (problems.length > 0) throw new VoiceError('CONFIG_INVALID', { detail: problems.join('\n') })
  return declared
}

function revealed(settings: Agent['settings']): Readonly<Record<string, unknown>> {
  const members = Object.entries(settings)
  return Object.fromEntries(members.map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]))
}

/** The first transfer to a group or an agent that the file does not have. */
function danglingTransfer(
  settings: DeclaredAgent['settings'],
  { sdkAppId }: Pick<Agent, 'id' | 'sdkAppId'>,
  agents: readonly Agent[],
  skillGroups: readonly Pick<SkillGroup, 'id'>[],
): string | undefined {
  const items = (name: string) => (settings[name] ?? []) as readonly Readonly<Record<string, unknown>>[]
  const group = items('TransferItems').find((item) => !skillGroups.some(({ id }) => id === item.TransferSkillGroupId))
  if (group) return `TransferItems: ${group.TransferSkillGroupId} must be the id of one of skillGroups`
  const agent = items('TransferToAgentItems').find(
    (item) => !agents.some((one) => one.id === item.TransferToAgentId && one.sdkAppId === sdkAppId),
  )
  return agent && `TransferToAgentItems: ${agent.TransferToAgentId} must be the id of an agent of the same application`
}
