import { turnDefaults as coreTurnDefaults } from '@parley/core'
import { z } from 'zod'
import { agentRoutes } from '../agents/agent-routes.ts'
import type { ApiOptions } from '../api-options.ts'
import { eventRoutes } from '../events/event-routes.ts'
import type { SignedLinks } from '../files/signed-links.ts'
import { ladderRoute } from '../ladder/ladder-route.ts'
import { pushRoutes } from '../pushes/push-routes.ts'
import { callRoutes } from './call-routes.ts'
import { erasureRoutes } from './erasure-routes.ts'
import { keysRoute } from './keys-route.ts'
import { openApiDocument } from './openapi.ts'
import { recordingRoute } from './recording-route.ts'
import { json, type Route, route } from './route.ts'

/** Every route of `/v1` that these options allow for. `closing` aborts when the server does not serve any more. */
export function managementRoutes(options: ApiOptions, links: SignedLinks, closing: AbortSignal): readonly Route[] {
  const { eventLog, pushes, agents, erasure, allowPrivateUrls = false } = options
  const { turnDefaults = coreTurnDefaults, skillGroups = [] } = options
  const routes: readonly Route[] = [
    ...callRoutes(options, links),
    ladderRoute(options),
    keysRoute(options),
    recordingRoute(options),
    ...(erasure ? erasureRoutes(options, erasure) : []),
    ...(eventLog ? eventRoutes({ ...options, eventLog }, closing) : []),
    ...(agents ? agentRoutes(agents, { turnDefaults, skillGroups, allowPrivateUrls }) : []),
    ...(pushes ? pushRoutes(pushes) : []),
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
