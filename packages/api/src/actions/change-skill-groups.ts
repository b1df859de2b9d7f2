import { type Change, skillGroupDefaults } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { flag, integerOf, sdkAppId, text } from '../parameters/fields.ts'
import { type ActionContext, defineAction } from './action.ts'

/** `SkillGroupType` of people on the telephone, the only ones there are here. */
const telephone = 0
const name = () => text().min(1).max(100)

/** Makes a group without targets; `/v1/skill-groups` says where its people are reached. */
export const createCccSkillGroup = defineAction({
  name: 'CreateCCCSkillGroup',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SkillGroupName: name(),
    SkillGroupType: integerOf(telephone),
    MaxConcurrency: integerOf(1).optional(),
  }),
  async run({ SkillGroupName }, context) {
    const { book, declared, refresh } = deskOf(context)
    if (context.skillGroups.some((group) => group.name === SkillGroupName)) throw exists()
    const settings = { ...skillGroupDefaults, name: SkillGroupName, targets: [] }
    const taken = declared.map(({ id }) => id)
    const made = outcomeOf(await book.create(context.applicationId, settings, taken))
    await refresh()
    return { SkillGroupId: made.id }
  },
})

export const updateCccSkillGroup = defineAction({
  name: 'UpdateCCCSkillGroup',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SkillGroupID: z.int(),
    SkillGroupName: name().optional(),
    MaxConcurrency: integerOf(1).optional(),
    /** Targets are tried one after the other. */
    RingAll: flag()
      .refine((value) => !value, { params: { en: 'must be false: targets are tried in order', zh: '仅支持顺振' } })
      .optional(),
  }),
  async run({ SkillGroupID, SkillGroupName }, context) {
    const { book, refresh } = deskOf(context, SkillGroupID)
    const isTaken = context.skillGroups.some(({ id, name: known }) => id !== SkillGroupID && known === SkillGroupName)
    const to = SkillGroupName === undefined ? {} : { name: SkillGroupName }
    outcomeOf(isTaken ? { kind: 'exists' } : await book.change(context.applicationId, SkillGroupID, '*', to))
    await refresh()
    return {}
  },
})

export const deleteCccSkillGroup = defineAction({
  name: 'DeleteCCCSkillGroup',
  parameters: z.object({ SdkAppId: sdkAppId(), SkillGroupId: z.int() }),
  async run({ SkillGroupId }, context) {
    const { book, refresh } = deskOf(context, SkillGroupId)
    outcomeOf(await book.remove(context.applicationId, SkillGroupId))
    await refresh()
    return {}
  },
})

const declaredText = {
  en: 'The skill group is declared in parley.yaml, which alone changes it.',
  zh: '该技能组在 parley.yaml 中声明，只能在该文件中修改。',
}

/** @throws ApiError where `id` is the configuration's */
function deskOf({ skillGroupDesk: desk, skillGroups }: ActionContext, id?: number) {
  const isOwn = skillGroups.some((group) => group.id === id)
  if (isOwn && desk.declared.some((group) => group.id === id)) {
    throw new ApiError('UnsupportedOperation', declaredText)
  }
  return { book: desk.book, declared: desk.declared, refresh: () => desk.refresh() }
}

function outcomeOf<Value>(change: Change<Value>): Value {
  if (change.kind === 'done') return change.value
  throw change.kind === 'exists' ? exists() : new ApiError('InvalidParameterValue.SkillGroupError')
}

const exists = () => new ApiError('InvalidParameterValue.SkillGroupExist')
