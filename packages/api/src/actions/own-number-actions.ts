import type { ApplicationId, ManagedNumber, NewNumber, Registered, TrunkRegistry } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { invalidValue } from '../answer/parameter-errors.ts'
import { phoneNumber } from '../assistant/phone-number.ts'
import { flag, integer, integerOf, sdkAppId, text, texts } from '../parameters/fields.ts'
import { isId } from '../trunks/registry-answer.ts'
import { type Action, defineAction, defineKeyAction, ownedApplications } from './action.ts'

/** Most of what a number can be limited to. */
const mostCalls = 100_000
const mostCps = 10_000

const detail = z.object({
  CallType: integerOf(0, 1, 2),
  PhoneNumber: phoneNumber(),
  MaxCallCount: integer(0, 1_000_000),
  MaxCallPSec: integer(0, 1_000_000),
  OutboundCalleeFormat: text().optional(),
  CarrierPhoneNumber: text().optional(),
})
type Detail = z.output<typeof detail>

const ownNumbers = {
  SdkAppId: sdkAppId(),
  DetailList: z.array(detail).min(1).max(1000),
  Prefix: text().optional(),
  MobileNddPrefix: text().optional(),
  LocalNumberTrimAC: flag().optional(),
  CalleeFormatPassthrough: flag().optional(),
  CallerFormatPassthrough: flag().optional(),
  InternationalNumberPrefix: text().optional(),
}
const binding = z.object({ SdkAppId: sdkAppId(), Number: phoneNumber(), SkillGroupIds: z.array(z.int()).max(1000) })

/** How numbers are written is a setting of the trunk, for all of its numbers. @throws ApiError InvalidParameterValue */
function assertNoFormats(parameters: z.output<z.ZodObject<typeof ownNumbers>>): void {
  const { Prefix, MobileNddPrefix, LocalNumberTrimAC, InternationalNumberPrefix, DetailList } = parameters
  const given: readonly (readonly [string, unknown])[] = [
    ...Object.entries({ Prefix, MobileNddPrefix, LocalNumberTrimAC, InternationalNumberPrefix }),
    ...DetailList.flatMap(({ OutboundCalleeFormat, CarrierPhoneNumber }, index) =>
      Object.entries({ OutboundCalleeFormat, CarrierPhoneNumber }).map(
        ([name, value]) => [`DetailList.${index}.${name}`, value] as const,
      ),
    ),
  ]
  const [wrong] = given.find(([, value]) => Boolean(value)) ?? []
  if (wrong !== undefined) {
    throw invalidValue(wrong, {
      en: 'is a setting of the trunk: see `rewrite` of /v1/trunks',
      zh: '请在中继配置中设置',
    })
  }
}

function newNumber({ CallType, PhoneNumber, MaxCallCount, MaxCallPSec }: Detail, index: number): NewNumber {
  if (!/^\+?\d{2,20}$/.test(PhoneNumber)) throw notANumber(`DetailList.${index}.PhoneNumber`)
  return {
    number: PhoneNumber,
    settings: {
      inbound: CallType !== 1,
      outbound: CallType !== 0,
      // 0: not limited beyond its trunk.
      ...(MaxCallCount > 0 && { maxConcurrent: Math.min(MaxCallCount, mostCalls) }),
      ...(MaxCallPSec > 0 && { maxCps: Math.min(MaxCallPSec, mostCps) }),
    },
  }
}

export const notANumber = (path: string) =>
  new ApiError('InvalidParameterValue.PhoneNumInvalid', {
    en: `The parameter \`${path}\` is no number of this application, or cannot be one.`,
    zh: `参数 \`${path}\` 不是本应用的号码或格式不正确。`,
  })

/** What was done. `missing`: the code for a trunk that is not there. @throws ApiError */
function done<T>(
  result: Registered<T>,
  absent: 'InvalidParameter.SipTrunkNotFound' | 'InvalidParameterValue.ApplyIDNotExist',
): T {
  switch (result.kind) {
    case 'done':
      return result.value
    case 'missing':
      throw new ApiError(absent)
    case 'declared':
      throw new ApiError('FailedOperation.PermissionDenied', {
        en: 'The trunk is declared in parley.yaml, and so are its numbers.',
        zh: '该中继由 parley.yaml 声明，不能通过接口修改。',
      })
    case 'exists':
      throw new ApiError('InvalidParameterValue.PhoneNumInvalid', {
        en: 'A number of `DetailList` is on the trunk already, or is given twice.',
        zh: '`DetailList` 中的号码重复。',
      })
    case 'changed':
    case 'inUse':
      throw new ApiError('FailedOperation.CurStateNotAllowModify')
    default:
      return result satisfies never
  }
}

/** Switches numbers off or on, for the applications of the key alone. */
const disableNumber = defineKeyAction({
  name: 'DisableCCCPhoneNumber',
  parameters: z.object({
    PhoneNumbers: texts().min(1).max(1000),
    Disabled: integerOf(0, 1),
    SdkAppId: sdkAppId().optional(),
  }),
  async run({ PhoneNumbers, Disabled, SdkAppId }, context) {
    const { applications } = context
    const owners = SdkAppId === undefined ? [...applications] : ownedApplications([SdkAppId], applications)
    const [unknown] = await context.registry.enableNumbers(owners, PhoneNumbers, Disabled === 0)
    if (unknown !== undefined) throw new ApiError('InvalidParameter.InvalidPhoneNumber')
    return {}
  },
})

/** Numbers on a trunk of the application, usable at once: nobody has to approve them. */
const createOwnNumbers = defineAction({
  name: 'CreateOwnNumberApply',
  parameters: z.object({ ...ownNumbers, SipTrunkId: z.int() }),
  async run(parameters, context) {
    assertNoFormats(parameters)
    const { SipTrunkId, DetailList } = parameters
    const trunkId = isId(SipTrunkId) ? SipTrunkId : 0
    const numbers = DetailList.map(newNumber)
    const result = await context.registry.createNumbers(context.applicationId, trunkId, numbers)
    done(result, 'InvalidParameter.SipTrunkNotFound')
    return { ApplyId: trunkId }
  },
})

/** Sets numbers of the application anew. With `ApplyId`, the trunk's id, those that it does not have are added. */
const modifyOwnNumbers = defineAction({
  name: 'ModifyOwnNumberApply',
  parameters: z.object({ ...ownNumbers, ApplyId: z.int().optional() }),
  async run(parameters, context) {
    assertNoFormats(parameters)
    const { ApplyId, DetailList } = parameters
    const { registry } = context
    const owners = [context.applicationId]
    const trunk = ApplyId === undefined ? undefined : await registry.findTrunk(owners, isId(ApplyId) ? ApplyId : 0)
    if (ApplyId !== undefined && !trunk) throw new ApiError('InvalidParameterValue.ApplyIDNotExist')
    if (trunk?.isDeclared) done({ kind: 'declared' }, 'InvalidParameterValue.ApplyIDNotExist')
    const own = await numbersOf(registry, context.applicationId, ApplyId)
    const wanted = DetailList.map((item, index) => {
      const next = newNumber(item, index)
      const known = own.find(({ number }) => sameNumber(number, next.number))
      if (!known && !trunk) throw notANumber(`DetailList.${index}.PhoneNumber`)
      return { next, known }
    })
    for (const { next, known } of wanted) {
      const kept = known?.settings.assistant === undefined ? {} : { assistant: known.settings.assistant }
      const result = known
        ? await registry.replaceNumber(owners, known.numberId, '*', { ...next.settings, ...kept })
        : await registry.createNumbers(context.applicationId, trunk?.trunkId ?? 0, [next])
      done<unknown>(result, 'InvalidParameterValue.ApplyIDNotExist')
    }
    return {}
  },
})

/** More than anybody has. */
const allNumbers = 100_000

async function numbersOf(
  registry: TrunkRegistry,
  owner: ApplicationId,
  trunkId: number | undefined,
): Promise<readonly ManagedNumber[]> {
  const numbers = await registry.listNumbers({ applicationIds: [owner], limit: allNumbers })
  return numbers.filter((number) => trunkId === undefined || number.trunkId === trunkId)
}

/** `+86…` and `0086…` are one number. */
const sameNumber = (left: string, right: string): boolean => bare(left) === bare(right)
const bare = (number: string): string => number.replace(/^(\+|00)/, '')

const bind = (name: string, isBound: boolean): Action =>
  defineAction({
    name,
    parameters: binding,
    async run({ Number: number, SkillGroupIds }, context) {
      const isOwn = (id: number) => context.skillGroups.some((group) => group.id === id)
      if (!SkillGroupIds.every(isOwn)) throw new ApiError('InvalidParameterValue.SkillGroupError')
      if (!(await context.registry.bindSkillGroups(context.applicationId, number, SkillGroupIds, isBound))) {
        throw notANumber('Number')
      }
      return {}
    },
  })

/** Actions on the numbers of an application. */
export const ownNumberActions: readonly Action[] = [
  disableNumber,
  createOwnNumbers,
  modifyOwnNumbers,
  bind('BindNumberCallOutSkillGroup', true),
  bind('UnbindNumberCallOutSkillGroup', false),
]
