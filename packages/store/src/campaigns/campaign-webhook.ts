import type { ApplicationId } from '@parley/core'

/** Receiver under which the outbox holds the callbacks of an application's campaigns. No configured one may be named so. */
export const campaignWebhook = (applicationId: ApplicationId): string => `campaigns:${applicationId}`
