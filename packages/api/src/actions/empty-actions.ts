import { z } from 'zod'
import { flag, integer, sdkAppId, text, texts } from '../parameters/fields.ts'
import { type Action, defineAction, defineKeyAction, ownedApplications } from './action.ts'

/**
 * Actions that are checked and answered in full form and change nothing: there is nothing of their kind in this engine, or
 * the operator's configuration decides it.
 */

const pageSize = (most = 100) => integer(1, most)
const pageNumber = () => integer(0, 1_000_000)
const page = { SdkAppId: sdkAppId(), PageSize: pageSize(), PageNumber: pageNumber() }

/** An action on one application with always the same answer. */
function empty<Schema extends z.ZodObject<{ SdkAppId: z.ZodType<number> }>>(
  name: string,
  parameters: Schema,
  answer: Readonly<Record<string, unknown>> = {},
): Action {
  return defineAction({ name, parameters, run: async () => answer })
}

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
  empty('DescribeExtensions', z.object({ ...page, PageSize: pageSize().optional(), ...extensionFilters() }), {
    Total: 0,
    ExtensionList: [],
  }),
]

function extensionFilters() {
  const ExtensionIds = texts().max(1000).optional()
  return { ExtensionIds, FuzzingKeyWord: text().optional(), IsNeedStatus: flag().optional() }
}
