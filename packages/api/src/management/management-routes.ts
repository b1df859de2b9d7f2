import { z } from 'zod'
import type { AgentContext } from '../agents/agent-assistant.ts'
import { agentRoutes } from '../agents/agent-routes.ts'
import type { ApiOptions } from '../api-options.ts'
import type { LiveKeyRing } from '../auth/live-key-ring.ts'
import { campaignRoutes } from '../campaigns/campaign-routes.ts'
import { doNotCallRoutes } from '../do-not-call/do-not-call-routes.ts'
import { eventRoutes } from '../events/event-routes.ts'
import type { SignedLinks } from '../files/signed-links.ts'
import { ladderRoute } from '../ladder/ladder-route.ts'
import { pushRoutes } from '../pushes/push-routes.ts'
import { webhookRoutes } from '../pushes/webhook-routes.ts'
import { numberRoutes } from '../trunks/number-routes.ts'
import { trunkRoutes } from '../trunks/trunk-routes.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { applicationRoutes } from './application-routes.ts'
import { auditRoute } from './audit-route.ts'
import { callRoutes } from './call-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { keysRoute } from './keys-route.ts'
import { openApiDocument } from './openapi.ts'
import { recordingRoute } from './recording-route.ts'
import { json, type Route, route } from './route.ts'
import { skillGroupRoutes } from './skill-group-routes.ts'

interface RouteParts {
  readonly keys: LiveKeyRing
  readonly links: SignedLinks
  readonly closing: AbortSignal
  readonly agentContext: AgentContext
}

/** Every route of `/v1`. `closing` aborts when the server does not serve any more. */
export function managementRoutes(
  options: ApiOptions,
  { keys, links, closing, agentContext }: RouteParts,
): readonly Route[] {
  const { agents, trunks, campaigns, doNotCall, pushes, webhooks, skillGroupDesk, management } = options
  const { allowPrivateUrls = false } = options
  const refresh = () => keys.refresh()
  const routes: readonly Route[] = [
    ...callRoutes(options, links),
    ladderRoute(options),
    keysRoute(options),
    recordingRoute(options),
    ...erasureRoutes(options),
    ...eventRoutes(options, closing),
    ...agentRoutes(agents, agentContext),
    ...pushRoutes(pushes),
    ...webhookRoutes({ book: webhooks, allowPrivateUrls }),
    ...trunkRoutes(trunks),
    ...numberRoutes(trunks),
    ...campaignRoutes(campaigns),
    ...doNotCallRoutes(doNotCall),
    ...skillGroupRoutes(skillGroupDesk),
    ...applicationRoutes(management.applications, refresh),
    ...apiKeyRoutes(management.applications, refresh),
    auditRoute(management.audit),
  ]
  const all: readonly Route[] = [...routes, documentRoute(() => document)]
  const document = openApiDocument(all)
  return all
}

const documentRoute = (document: () => unknown): Route =>
  route({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'document',
    summary: 'This document',
    role: 'anyone',
    answer: { status: 200, schema: z.looseObject({ openapi: z.string() }) },
    handle: async () => json(document()),
  })
