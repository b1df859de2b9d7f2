import { invalidValue, missingParameter } from '../answer/parameter-errors.ts'
import { autoCalloutTaskParameters } from '../campaigns/auto-callout-task-parameters.ts'
import { newCampaign } from '../campaigns/new-campaign.ts'
import { defineAction } from './action.ts'

/** Has a stored agent call many people. */
export const createAutoCalloutTask = defineAction({
  name: 'CreateAutoCalloutTask',
  parameters: autoCalloutTaskParameters,
  async run(parameters, context) {
    const { AIAgentId: agentId, IvrId, NotBefore, NotAfter } = parameters
    if (IvrId) {
      throw invalidValue('IvrId', {
        en: 'cannot be used: this server has no IVR; name an agent by AIAgentId',
        zh: '不可使用：当前服务没有 IVR，请使用 AIAgentId 指定智能体',
      })
    }
    if (agentId === undefined) throw missingParameter('AIAgentId')
    if (NotAfter && (NotAfter <= NotBefore || NotAfter * 1_000 <= context.wallMs)) {
      throw invalidValue('NotAfter', {
        en: 'must be later than NotBefore and than now',
        zh: '必须晚于 NotBefore 和当前时间',
      })
    }
    const { applicationId, allowPrivateUrls, defaultZone } = context
    const campaign = newCampaign(parameters, { applicationId, agentId, allowPrivateUrls, defaultZone })
    if (!(await context.agents.find(applicationId, agentId))) {
      throw invalidValue('AIAgentId', { en: 'names no agent', zh: '对应的智能体不存在' })
    }
    const campaignId = await context.campaigns.create(campaign)
    context.logger.info('campaign was made', { campaignId, applicationId, callees: campaign.callees.length })
    return { TaskId: campaignId }
  },
})
