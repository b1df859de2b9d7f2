import { z } from 'zod'
import { noSuchTask } from '../campaigns/no-such-task.ts'
import { calleeStates } from '../campaigns/state-numbers.ts'
import { taskFacts } from '../campaigns/task-facts.ts'
import { integer, sdkAppId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** The action has no pages: all callees of the largest task. */
const allCallees = 100_000

/** One task with its callees. */
export const describeAutoCalloutTask = defineAction({
  name: 'DescribeAutoCalloutTask',
  parameters: z.object({ SdkAppId: sdkAppId(), TaskId: z.int() }),
  async run({ TaskId }, context) {
    const { campaigns } = context
    const task = await campaigns.find(context.applicationId, TaskId)
    if (!task) throw noSuchTask()
    const callees = await campaigns.callees(context.applicationId, TaskId, { limit: allCallees, fromPosition: 0 })
    return {
      ...taskFacts(task),
      Description: task.description,
      Callees: callees.map(({ callee, state, callIds }) => ({
        Callee: callee,
        State: calleeStates[state],
        Sessions: callIds,
      })),
    }
  },
})

/** The tasks of an application, newest first. */
export const describeAutoCalloutTasks = defineAction({
  name: 'DescribeAutoCalloutTasks',
  parameters: z.object({ SdkAppId: sdkAppId(), PageSize: integer(1, 100), PageNumber: integer(0, 1_000_000) }),
  async run({ PageSize, PageNumber }, context) {
    const page = { limit: PageSize, offset: PageNumber * PageSize }
    const { total, campaigns } = await context.campaigns.list(context.applicationId, page)
    return {
      TotalCount: total,
      Tasks: campaigns.map((task) => ({
        ...taskFacts(task),
        CalleeCount: task.calleeCount,
        TaskId: task.campaignId,
      })),
    }
  },
})
