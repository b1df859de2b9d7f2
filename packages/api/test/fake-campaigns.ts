import type {
  ApplicationId,
  CalleeProgress,
  Campaign,
  CampaignCommand,
  CampaignProgress,
  Campaigns,
  NewCampaign,
} from '@parley/core'

type Kept = Campaign & Pick<NewCampaign, 'callees' | 'triggers'>

/** Campaigns in memory; commands are allowed as `answer` says. */
export class FakeCampaigns implements Campaigns {
  readonly kept: Kept[] = []
  readonly commands: { readonly campaignId: number; readonly command: CampaignCommand }[] = []
  answer: 'done' | 'wrongState' = 'done'
  failure: Error | undefined

  async create(campaign: NewCampaign): Promise<number> {
    if (this.failure) throw this.failure
    const campaignId = this.kept.length + 1
    this.kept.push({ ...campaign, campaignId, state: 'running', calleeCount: campaign.callees.length })
    return campaignId
  }

  async find(applicationId: ApplicationId, campaignId: number): Promise<Campaign | undefined> {
    return this.own(applicationId).find((campaign) => campaign.campaignId === campaignId)
  }

  async list(
    applicationId: ApplicationId,
    {
      limit,
      offset,
      beforeId = Number.POSITIVE_INFINITY,
    }: { readonly limit: number; readonly offset: number; readonly beforeId?: number },
  ) {
    const own = this.own(applicationId)
      .filter(({ campaignId }) => campaignId < beforeId)
      .toReversed()
    return { total: own.length, campaigns: own.slice(offset, offset + limit) }
  }

  async callees(
    applicationId: ApplicationId,
    campaignId: number,
    { limit, fromPosition }: { readonly limit: number; readonly fromPosition: number },
  ): Promise<readonly CalleeProgress[]> {
    const campaign = this.own(applicationId).find((one) => one.campaignId === campaignId)
    return (campaign?.callees ?? [])
      .map(({ callee }, position) => ({ position, callee, state: 'initial' as const, tries: 0, callIds: [] }))
      .slice(fromPosition, fromPosition + limit)
  }

  async progress(applicationId: ApplicationId, campaignId: number): Promise<CampaignProgress | undefined> {
    const campaign = await this.find(applicationId, campaignId)
    if (!campaign) return undefined
    const none = { running: 0, answered: 0, retrying: 0, unanswered: 0, failed: {}, attempts: 0, answeredAttempts: 0 }
    return { total: campaign.calleeCount, waiting: campaign.calleeCount, ...none }
  }

  async command(applicationId: ApplicationId, campaignId: number, command: CampaignCommand) {
    if (!(await this.find(applicationId, campaignId))) return undefined
    this.commands.push({ campaignId, command })
    return this.answer
  }

  private own(applicationId: ApplicationId): readonly Kept[] {
    if (this.failure) throw this.failure
    return this.kept.filter((campaign) => campaign.applicationId === applicationId)
  }
}
