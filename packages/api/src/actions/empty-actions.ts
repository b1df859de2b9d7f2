import { z } from 'zod'
import { phoneNumber } from '../assistant/phone-number.ts'
import { flag, integer, integerOf, sdkAppId, text, texts } from '../parameters/fields.ts'
import { type Action, defineAction, defineKeyAction, ownedApplications } from './action.ts'

/**
 * Actions that are checked and answered in full form and change nothing: there is nothing of their kind in this engine, or
 * the operator's configuration decides it.
 */

const pageSize = (most = 100) => integer(1, most)
const pageNumber = () => integer(0, 1_000_000)
const page = { SdkAppId: sdkAppId(), PageSize: pageSize(), PageNumber: pageNumber() }

const ownNumbers = {
  SdkAppId: sdkAppId(),
  DetailList: z
    .array(
      z.object({
        CallType: integerOf(0, 1, 2),
        PhoneNumber: phoneNumber(),
        MaxCallCount: integer(0, 1_000_000),
        MaxCallPSec: integer(0, 1_000_000),
        OutboundCalleeFormat: text().optional(),
        CarrierPhoneNumber: text().optional(),
      }),
    )
    .min(1)
    .max(1000),
  Prefix: text().optional(),
  MobileNddPrefix: text().optional(),
  LocalNumberTrimAC: flag().optional(),
  CalleeFormatPassthrough: flag().optional(),
  CallerFormatPassthrough: flag().optional(),
  InternationalNumberPrefix: text().optional(),
}

const binding = z.object({ SdkAppId: sdkAppId(), Number: phoneNumber(), SkillGroupIds: z.array(z.int()).max(1000) })

/** An action on one application with always the same answer. */
function empty<Schema extends z.ZodObject<{ SdkAppId: z.ZodType<number> }>>(
  name: string,
  parameters: Schema,
  answer: Readonly<Record<string, unknown>> = {},
): Action {
  return defineAction({ name, parameters, run: async () => answer })
}

const disableNumber = defineKeyAction({
  name: 'DisableCCCPhoneNumber',
  parameters: z.object({
    PhoneNumbers: texts().min(1).max(1000),
    Disabled: integerOf(0, 1),
    SdkAppId: sdkAppId().optional(),
  }),
  async run({ SdkAppId }, { applications }) {
    if (SdkAppId !== undefined) ownedApplications([SdkAppId], applications)
    return {}
  },
})

const buyInfoList = defineKeyAction({
  name: 'DescribeCCCBuyInfoList',
  parameters: z.object({ SdkAppIds: z.array(z.int()).max(1000).optional() }),
  async run({ SdkAppIds = [] }, { applications }) {
    ownedApplications(SdkAppIds, applications, 'InvalidParameter')
    return { TotalCount: 0, SdkAppIdBuyList: [], PackageBuyList: [] }
  },
})

/** All of them. */
export const emptyActions: readonly Action[] = [
  buyInfoList,
  disableNumber,
  empty('CreateOwnNumberApply', z.object({ ...ownNumbers, SipTrunkId: z.int() }), { ApplyId: 0 }),
  empty('ModifyOwnNumberApply', z.object({ ...ownNumbers, ApplyId: z.int().optional() })),
  empty('BindNumberCallOutSkillGroup', binding),
  empty('UnbindNumberCallOutSkillGroup', binding),
  empty('DescribeExtensions', z.object({ ...page, PageSize: pageSize().optional(), ...extensionFilters() }), {
    Total: 0,
    ExtensionList: [],
  }),
  empty('DescribeAutoCalloutTasks', z.object(page), { TotalCount: 0, Tasks: [] }),
]

function extensionFilters() {
  const ExtensionIds = texts().max(1000).optional()
  return { ExtensionIds, FuzzingKeyWord: text().optional(), IsNeedStatus: flag().optional() }
}
