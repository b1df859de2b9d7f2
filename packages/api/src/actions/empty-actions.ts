import { z } from 'zod'
import { type Action, defineKeyAction, ownedApplications } from './action.ts'

/**
 * Actions that are checked and answered in full form and change nothing: there is nothing of their kind in this engine, or
 * the operator's configuration decides it.
 */

const buyInfoList = defineKeyAction({
  name: 'DescribeCCCBuyInfoList',
  parameters: z.object({ SdkAppIds: z.array(z.int()).max(1000).optional() }),
  async run({ SdkAppIds = [] }, { applications }) {
    ownedApplications(SdkAppIds, applications, 'InvalidParameter')
    return { TotalCount: 0, SdkAppIdBuyList: [], PackageBuyList: [] }
  },
})

/** All of them. */
export const emptyActions: readonly Action[] = [buyInfoList]
