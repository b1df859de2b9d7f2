import type { ToolSpec } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { ApiSkillGroup } from '../api-options.ts'
import type { AssistantParameters } from './create-ai-call-parameters.ts'

/** Documented; used where an item says nothing. */
const defaultDescriptions = {
  human:
    'Transfer to human when the user has to transfer to human (like says transfer to human) or you are instructed to do so.',
  agent: 'Hand the user over to this assistant when you are instructed to do so.',
} as const

/**
 * The functions by which the model hands the caller to humans and to other agents, one for each item. Whether the agents
 * are there is looked up by whoever can.
 * @throws ApiError InvalidParameterValue for a group that is not there, or a name that is given twice
 */
export function transferTools(
  parameters: AssistantParameters,
  skillGroups: readonly ApiSkillGroup[],
  taken: readonly ToolSpec[],
): readonly ToolSpec[] {
  const names = new Set(taken.map(({ name }) => name))
  const claim = (name: string, field: string) => {
    if (names.has(name)) throw invalidValue(field, { en: 'is the name of another function', zh: '与其他函数重名' })
    names.add(name)
    return name
  }
  return [...toGroups(parameters, skillGroups, claim), ...toAgents(parameters, claim)]
}

type Claim = (name: string, field: string) => string

function toGroups(
  { TransferFunctionEnable, TransferItems = [] }: AssistantParameters,
  skillGroups: readonly ApiSkillGroup[],
  claim: Claim,
): readonly ToolSpec[] {
  if (!TransferFunctionEnable) return []
  return TransferItems.map(({ TransferFunctionName, TransferFunctionDesc, TransferSkillGroupId }, index) => {
    const name = claim(TransferFunctionName, `TransferItems.${index}.TransferFunctionName`)
    if (!skillGroups.some(({ id }) => id === TransferSkillGroupId)) {
      const field = `TransferItems.${index}.TransferSkillGroupId`
      throw invalidValue(field, { en: 'is not a skill group of this installation', zh: '不是已配置的技能组' })
    }
    const description = TransferFunctionDesc.trim() || defaultDescriptions.human
    return { kind: 'transferToGroup', name, description, skillGroupId: TransferSkillGroupId }
  })
}

function toAgents(
  { TransferToAgentEnable, TransferToAgentItems = [] }: AssistantParameters,
  claim: Claim,
): readonly ToolSpec[] {
  if (!TransferToAgentEnable) return []
  return TransferToAgentItems.map(({ TransferToAgentName, TransferToAgentDesc, TransferToAgentId }, index) => ({
    kind: 'transferToAgent',
    name: claim(TransferToAgentName, `TransferToAgentItems.${index}.TransferToAgentName`),
    description: TransferToAgentDesc.trim() || defaultDescriptions.agent,
    agentId: TransferToAgentId,
  }))
}
