import type { ToolSpec } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { ApiSkillGroup } from '../api-options.ts'
import type { CreateAiCallParameters } from './create-ai-call-parameters.ts'

/** Documented; used where an item says nothing. */
const defaultDescription =
  'Transfer to human when the user has to transfer to human (like says transfer to human) or you are instructed to do so.'

/**
 * The functions by which the model hands the caller to humans, one for each item.
 * @throws ApiError InvalidParameterValue for a group that is not there, or a name that is given twice
 */
export function transferTools(
  { TransferFunctionEnable, TransferItems = [] }: CreateAiCallParameters,
  skillGroups: readonly ApiSkillGroup[],
  taken: readonly ToolSpec[],
): readonly ToolSpec[] {
  if (!TransferFunctionEnable) return []
  const names = new Set(taken.map(({ name }) => name))
  return TransferItems.map((item, index) => {
    const { TransferFunctionName: name, TransferFunctionDesc, TransferSkillGroupId: skillGroupId } = item
    if (names.has(name)) {
      const field = `TransferItems.${index}.TransferFunctionName`
      throw invalidValue(field, { en: 'is the name of another function', zh: '与其他函数重名' })
    }
    names.add(name)
    if (!skillGroups.some(({ id }) => id === skillGroupId)) {
      const field = `TransferItems.${index}.TransferSkillGroupId`
      throw invalidValue(field, { en: 'is not a skill group of this installation', zh: '不是已配置的技能组' })
    }
    return {
      kind: 'transferToGroup',
      name,
      description: TransferFunctionDesc.trim() || defaultDescription,
      skillGroupId,
    }
  })
}
