import { type Change, type Extension, extensionDomain, extensionForm } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { ExtensionServices } from '../extension-services.ts'
import { checkedText, flag, integer, sdkAppId, text, texts } from '../parameters/fields.ts'
import { type Action, type ActionContext, defineAction } from './action.ts'

/** Taste: more telephones than one engine rings. */
const mostExtensions = 1_000

const isExtensionId = (value: string): boolean => extensionForm.test(value)
const extensionId = () =>
  checkedText(isExtensionId, {
    en: 'must be 4 to 6 digits, the first of 1 to 8',
    zh: '须为 4 到 6 位数字，首位 1 到 8',
  })
const one = { SdkAppId: sdkAppId(), ExtensionId: extensionId() }
const groups = () => z.array(z.int().min(1).max(Number.MAX_SAFE_INTEGER)).max(50)
const name = () => text().min(1).max(100)
const relation = () => text().max(200)

/** What `Status` says. */
const statusOf = { offline: 0, idle: 100, busy: 200 } as const

/** Makes the account of a telephone; its password is drawn. */
const createExtension = defineAction({
  name: 'CreateExtension',
  parameters: z.object({
    ...one,
    ExtensionName: name(),
    SkillGroupIds: groups().optional(),
    Relation: relation().optional(),
  }),
  async run({ ExtensionId, ExtensionName, SkillGroupIds = [], Relation = '' }, context) {
    const extensions = servicesOf(context)
    assertOwnGroups(SkillGroupIds, context)
    if ((await extensions.book.list(context.applicationId)).length >= mostExtensions) {
      throw invalidValue('ExtensionId', {
        en: `is one too many: an application has ${mostExtensions} extensions at most`,
        zh: `超出上限：每个应用最多 ${mostExtensions} 个分机`,
      })
    }
    const settings = { name: ExtensionName, skillGroupIds: [...new Set(SkillGroupIds)], relation: Relation }
    outcomeOf(await extensions.book.create(context.applicationId, ExtensionId, settings))
    await extensions.refresh()
    return {}
  },
})

/** Members that are not given stay as they are. */
const modifyExtension = defineAction({
  name: 'ModifyExtension',
  parameters: z.object({
    ...one,
    ExtensionName: name().optional(),
    SkillGroupIds: groups().optional(),
    Relation: relation().optional(),
  }),
  async run({ ExtensionId, ExtensionName, SkillGroupIds, Relation }, context) {
    const extensions = servicesOf(context)
    assertOwnGroups(SkillGroupIds ?? [], context)
    outcomeOf(
      await extensions.book.change(context.applicationId, ExtensionId, {
        ...(ExtensionName === undefined ? {} : { name: ExtensionName }),
        ...(SkillGroupIds && { skillGroupIds: [...new Set(SkillGroupIds)] }),
        ...(Relation === undefined ? {} : { relation: Relation }),
      }),
    )
    await extensions.refresh()
    return {}
  },
})

const deleteExtension = defineAction({
  name: 'DeleteExtension',
  parameters: z.object(one),
  async run({ ExtensionId }, context) {
    const extensions = servicesOf(context)
    outcomeOf(await extensions.book.remove(context.applicationId, ExtensionId))
    await extensions.refresh()
    return {}
  },
})

/** The telephone is offline at once, until it has the new password. */
const resetExtensionPassword = defineAction({
  name: 'ResetExtensionPassword',
  parameters: z.object(one),
  async run({ ExtensionId }, context) {
    const extensions = servicesOf(context)
    outcomeOf(await extensions.book.resetPassword(context.applicationId, ExtensionId))
    await extensions.refresh()
    return {}
  },
})

/** What a telephone is set up with. */
const describeExtension = defineAction({
  name: 'DescribeExtension',
  parameters: z.object(one),
  async run({ ExtensionId }, context) {
    const { book, outboundProxy } = servicesOf(context)
    const account = await book.account(context.applicationId, ExtensionId)
    if (!account) throw absent()
    return {
      ExtensionId,
      ExtensionDomain: extensionDomain(context.applicationId),
      Password: account.password.reveal(),
      OutboundProxy: outboundProxy,
      Transport: 'UDP',
    }
  },
})

const describeExtensions = defineAction({
  name: 'DescribeExtensions',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    PageNumber: integer(0, 1_000_000),
    PageSize: integer(1, 100).optional(),
    ExtensionIds: texts().max(1_000).optional(),
    FuzzingKeyWord: text().optional(),
    IsNeedStatus: flag().optional(),
  }),
  async run({ PageNumber, PageSize = 20, ExtensionIds = [], FuzzingKeyWord = '', IsNeedStatus = false }, context) {
    const services = servicesOf(context)
    const all = await services.book.list(context.applicationId)
    const found = all.filter(
      ({ extensionId: id, name: shown }) =>
        (ExtensionIds.length === 0 || ExtensionIds.includes(id)) &&
        (id.includes(FuzzingKeyWord) || shown.includes(FuzzingKeyWord)),
    )
    const page = found.slice(PageNumber * PageSize, (PageNumber + 1) * PageSize)
    return { Total: found.length, ExtensionList: page.map((extension) => info(extension, IsNeedStatus, services)) }
  },
})

function info(extension: Extension, isStatusWanted: boolean, services: ExtensionServices) {
  const { applicationId, extensionId: id } = extension
  const state = services.stateOf(applicationId, id)
  return {
    SdkAppId: applicationId,
    FullExtensionId: `${id}@${extensionDomain(applicationId)}`,
    ExtensionId: id,
    SkillGroupId: extension.skillGroupIds.join(','),
    ExtensionName: extension.name,
    CreateTime: Math.floor(extension.createdAtMs / 1_000),
    ModifyTime: Math.floor(extension.changedAtMs / 1_000),
    Status: isStatusWanted ? statusOf[state] : null,
    Register: isStatusWanted ? state !== 'offline' : null,
    Relation: extension.relation,
    RelationName: '',
  }
}

/** @throws ApiError where there are none */
function servicesOf({ extensions }: ActionContext): ExtensionServices {
  if (!extensions) throw new ApiError('UnsupportedOperation')
  return extensions
}

/** @throws ApiError */
function assertOwnGroups(ids: readonly number[], { skillGroups }: ActionContext): void {
  const isOwn = (id: number) => skillGroups.some((group) => group.id === id)
  if (!ids.every(isOwn)) throw new ApiError('InvalidParameterValue.SkillGroupError')
}

/** @throws ApiError */
function outcomeOf(change: Change<unknown>): void {
  if (change.kind === 'done') return
  if (change.kind !== 'exists') throw absent()
  throw invalidValue('ExtensionId', { en: 'is taken by another extension of the application', zh: '分机号已存在' })
}

const absent = () => invalidValue('ExtensionId', { en: 'is no extension of the application', zh: '分机不存在' })

/** SIP accounts of telephones. */
export const extensionActions: readonly Action[] = [
  createExtension,
  modifyExtension,
  deleteExtension,
  resetExtensionPassword,
  describeExtension,
  describeExtensions,
]
