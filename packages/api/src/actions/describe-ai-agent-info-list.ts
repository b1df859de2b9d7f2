import { z } from 'zod'
import { variableNames } from '../agents/variable-names.ts'
import { integer, sdkAppId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Agents of the application by id, as they are published, with the variables their texts ask for. */
export const describeAiAgentInfoList = defineAction({
  name: 'DescribeAIAgentInfoList',
  parameters: z.object({ SdkAppId: sdkAppId(), PageSize: integer(1, 100), PageNumber: integer(0, 1_000_000) }),
  async run({ PageSize, PageNumber }, { agents: book, applicationId }) {
    const page = { limit: PageSize, offset: PageNumber * PageSize }
    const { total, agents } = await book.list(applicationId, page)
    return {
      TotalCount: total,
      AIAgentInfoList: agents.map((agent) => ({
        AIAgentId: agent.agentId,
        AIAgentName: agent.name,
        VariableNames: variableNames(agent),
      })),
    }
  },
})
