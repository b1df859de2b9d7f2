import type { CalleeProgress, Campaign, CampaignProgress } from '@parley/core'
import { z } from 'zod'

const instant = z.string().nullable()

export const campaignSchema = z.object({
  id: z.int(),
  sdkAppId: z.int(),
  name: z.string(),
  description: z.string(),
  state: z.string().describe('initial, running, paused, finished, ending or ended'),
  reason: z.string().nullable().describe('why it is paused or ended'),
  agentId: z.int(),
  notBefore: instant,
  notAfter: instant,
  tries: z.int(),
  retryIntervalS: z.number(),
  concurrencyLimit: z.int().nullable(),
  callees: z.int(),
})

export const progressSchema = campaignSchema.extend({
  progress: z.object({
    total: z.int(),
    waiting: z.int(),
    running: z.int(),
    answered: z.int(),
    retrying: z.int().describe('will be called again'),
    unanswered: z.int(),
    failed: z.record(z.string(), z.int()).describe('unanswered callees by the end status of their last call'),
    attempts: z.int().describe('calls that are over'),
    answerRate: z.number().nullable().describe('share of the attempts that was answered; null: there are none'),
  }),
})

export const calleeSchema = z.object({
  callee: z.string(),
  state: z.string(),
  tries: z.int(),
  lastStatus: z.int().nullable(),
  callIds: z.array(z.string()),
})

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

export const campaignJson = (campaign: Campaign) => ({
  id: campaign.campaignId,
  sdkAppId: campaign.applicationId,
  name: campaign.name,
  description: campaign.description,
  state: campaign.state,
  reason: campaign.reason ?? null,
  agentId: campaign.agentId,
  notBefore: iso(campaign.notBeforeMs),
  notAfter: iso(campaign.notAfterMs),
  tries: campaign.plan.tries,
  retryIntervalS: campaign.plan.retryIntervalMs / 1_000,
  concurrencyLimit: campaign.plan.concurrencyLimit ?? null,
  callees: campaign.calleeCount,
})

export const progressJson = ({ answeredAttempts, ...counts }: CampaignProgress) => ({
  ...counts,
  answerRate: counts.attempts > 0 ? answeredAttempts / counts.attempts : null,
})

export const calleeJson = ({ callee, state, tries, lastStatus, callIds }: CalleeProgress) => ({
  callee,
  state,
  tries,
  lastStatus: lastStatus ?? null,
  callIds,
})
