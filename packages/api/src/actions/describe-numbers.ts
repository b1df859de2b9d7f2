import { z } from 'zod'
import { integer, sdkAppId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

const states = { normal: 1, suspendedByAdministrator: 4 } as const
/** `CostType` of a number the operator brought along. */
const ownNumber = 1

/** Caller numbers of the application. */
export const describeNumbers = defineAction({
  name: 'DescribeNumbers',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    PageNumber: integer(0, 1_000_000).optional(),
    PageSize: integer(1, 100).optional(),
  }),
  async run({ PageNumber = 0, PageSize = 20 }, context) {
    const numbers = await context.numbers(context.applicationId)
    const page = numbers.slice(PageNumber * PageSize, (PageNumber + 1) * PageSize)
    return {
      TotalCount: numbers.length,
      Numbers: page.map(({ number, suspended = false, skillGroupIds = [] }) => ({
        Number: number,
        CallOutSkillGroupIds: skillGroupIds,
        State: suspended ? states.suspendedByAdministrator : states.normal,
        CostType: ownNumber,
      })),
    }
  },
})
