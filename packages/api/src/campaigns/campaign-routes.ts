import type { ApplicationId, Campaign, CampaignCommand, Campaigns } from '@parley/core'
import { z } from 'zod'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { json, type Route, route } from '../management/route.ts'
import { maxCallees } from './auto-callout-task-parameters.ts'
import {
  calleeJson,
  calleeSchema,
  campaignJson,
  campaignSchema,
  progressJson,
  progressSchema,
} from './campaign-json.ts'

const tag = 'campaigns'
const noCampaign = 'no such campaign'
const params = z.object({ id: z.int().min(1) })
const owner = z.object(ownerMember)

/** Campaigns, how far they are, and commands. They are made by `CreateAutoCalloutTask`. */
export const campaignRoutes = (campaigns: Campaigns): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/campaigns',
    tag,
    summary: 'Campaigns, newest first',
    role: 'viewer',
    query: z.object({ ...ownerMember, ...pageMembers }),
    answer: { status: 200, schema: pageOf('campaigns', campaignSchema) },
    refusals: { 404: 'no such application' },
    async handle({ query, access }) {
      const beforeId = placeOfNumber(query.cursor, undefined)
      const page = { limit: query.limit + 1, offset: 0, ...(beforeId !== undefined && { beforeId }) }
      const found = await campaigns.list(ownerOf(query, access), page)
      const cursorOf = ({ campaignId }: Campaign) => numberCursor(campaignId)
      return json(pageWith('campaigns', found.campaigns, query.limit, { shown: campaignJson, cursorOf }))
    },
  }),
  route({
    method: 'GET',
    path: '/v1/campaigns/{id}',
    tag,
    summary: 'One campaign and how far it is',
    role: 'viewer',
    params,
    query: owner,
    missing: noCampaign,
    answer: { status: 200, schema: progressSchema },
    handle: async ({ params: { id }, query, access }) =>
      json(await shown(campaigns, await own(campaigns, id, ownerOf(query, access)))),
  }),
  route({
    method: 'GET',
    path: '/v1/campaigns/{id}/callees',
    tag,
    summary: 'Whom a campaign calls, in the order of calling',
    role: 'viewer',
    params,
    missing: noCampaign,
    query: z.object({
      ...ownerMember,
      limit: z.int().min(1).max(1_000).default(100),
      cursor: pageMembers.cursor,
    }),
    answer: { status: 200, schema: pageOf('callees', calleeSchema) },
    async handle({ params: { id }, query, access }) {
      const { limit, cursor } = query
      const fromPosition = placeOfNumber(cursor, 0, maxCallees)
      const applicationId = ownerOf(query, access)
      await own(campaigns, id, applicationId)
      const found = await campaigns.callees(applicationId, id, { limit: limit + 1, fromPosition })
      return json(
        pageWith('callees', found, limit, {
          shown: calleeJson,
          cursorOf: ({ position }) => numberCursor(position + 1),
        }),
      )
    },
  }),
  ...commands.map(({ command, summary, refusal }) =>
    route({
      method: 'POST',
      path: `/v1/campaigns/{id}/${command}`,
      tag,
      summary,
      role: 'operator',
      params,
      query: owner,
      missing: noCampaign,
      answer: { status: 200, schema: progressSchema },
      refusals: { 409: refusal },
      async handle({ params: { id }, query, access }) {
        const applicationId = ownerOf(query, access)
        if ((await campaigns.command(applicationId, id, command)) === 'wrongState') throw new Problem(409, refusal)
        return json(await shown(campaigns, await own(campaigns, id, applicationId)))
      },
    }),
  ),
]

const commands: readonly {
  readonly command: CampaignCommand
  readonly summary: string
  readonly refusal: string
}[] = [
  {
    command: 'pause',
    summary: 'Begin no further calls; calls in progress go on',
    refusal: 'only a campaign that waits for its time or runs can be paused',
  },
  { command: 'resume', summary: 'Go on with a paused campaign', refusal: 'only a paused campaign can be resumed' },
  { command: 'stop', summary: 'End a campaign; calls in progress go on', refusal: 'the campaign is over already' },
]

async function own(campaigns: Campaigns, id: number, applicationId: ApplicationId): Promise<Campaign> {
  const campaign = await campaigns.find(applicationId, id)
  if (!campaign) throw new Problem(404, noCampaign)
  return campaign
}

async function shown(campaigns: Campaigns, campaign: Campaign) {
  const progress = await campaigns.progress(campaign.applicationId, campaign.campaignId)
  if (!progress) throw new Problem(404, noCampaign)
  return { ...campaignJson(campaign), progress: progressJson(progress) }
}
