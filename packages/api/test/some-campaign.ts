import { applicationId } from '@parley/core'
import { appId, wallAtStartMs } from './api-house.ts'

/** A running campaign of two callees. */
export const someCampaign = {
  applicationId: applicationId(appId),
  campaignId: 1,
  state: 'running',
  name: 'spring',
  description: 'once a year',
  agentId: 7,
  notBeforeMs: wallAtStartMs,
  plan: {
    callers: ['008601012340000'],
    variables: {},
    tries: 1,
    retryIntervalMs: 600_000,
    retryStatuses: [],
    retryTags: [],
    ringMs: 30_000,
  },
  calleeCount: 2,
  callees: [{ callee: '008613000000000' }, { callee: '008613000000001' }],
  triggers: [],
} as const
