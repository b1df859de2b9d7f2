import { z } from 'zod'
import { integer, sdkAppId, text } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** `SkillGroupType` of people on the telephone. */
const telephone = 0

/** Groups that calls can be handed to, as the operator configured them. */
export const describeSkillGroupInfoList = defineAction({
  name: 'DescribeSkillGroupInfoList',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    PageSize: integer(1, 100),
    PageNumber: integer(0, 1_000_000),
    SkillGroupId: z.int().optional(),
    // Groups have no time of change here: every group is as new as any.
    ModifiedTime: z.int().optional(),
    SkillGroupName: text().optional(),
  }),
  async run({ PageSize, PageNumber, SkillGroupId, SkillGroupName }, context) {
    const matching = context.skillGroups.filter(
      ({ id, name }) =>
        (SkillGroupId === undefined || id === SkillGroupId) && (!SkillGroupName || name.includes(SkillGroupName)),
    )
    return {
      TotalCount: matching.length,
      SkillGroupList: matching.slice(PageNumber * PageSize, (PageNumber + 1) * PageSize).map(({ id, name }) => ({
        SkillGroupId: id,
        SkillGroupName: name,
        Type: 'TEL',
        RoutePolicy: null,
        UsingLastSeat: null,
        MaxConcurrency: 1,
        LastModifyTimestamp: null,
        SkillGroupType: telephone,
        Alias: null,
        RingAll: false,
      })),
    }
  },
})
