import { type AgentContext, agentProblem, checkedAgent } from '@parley/api'
import { applicationId, type DeclaredAgent, Secret, VoiceError } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'

type Agent = ConfigFile['agents'][number]

/**
 * The agents of the file, their settings checked as the API checks those of a call.
 *
 * @throws VoiceError CONFIG_INVALID naming every agent that cannot be used, with its first problem
 */
export function declaredAgents(agents: readonly Agent[], context: AgentContext): readonly DeclaredAgent[] {
  const problems: string[] = []
  const declared = agents.flatMap(({ id, sdkAppId, name, settings }, index) => {
    try {
      const draft = checkedAgent(applicationId(sdkAppId), name, revealed(settings), context)
      const dangling = danglingTransfer(draft.settings, sdkAppId, agents)
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

/** The first hand-over to an agent that the file does not have. */
function danglingTransfer(
  settings: DeclaredAgent['settings'],
  sdkAppId: number,
  agents: readonly Agent[],
): string | undefined {
  const items = (settings.TransferToAgentItems ?? []) as readonly { readonly TransferToAgentId: number }[]
  const gone = items.find(
    ({ TransferToAgentId: to }) => !agents.some((one) => one.id === to && one.sdkAppId === sdkAppId),
  )
  return gone && `TransferToAgentItems: ${gone.TransferToAgentId} must be the id of an agent of the same application`
}
