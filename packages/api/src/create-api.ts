import { turnDefaults as coreTurnDefaults, VoiceError } from '@parley/core'
import type { FastifyInstance } from 'fastify'
import type { ApiOptions, Listening } from './api-options.ts'
import { followKeys } from './auth/follow-keys.ts'
import { LiveKeyRing } from './auth/live-key-ring.ts'
import { createDispatcher } from './dispatcher.ts'
import { addFileRoutes } from './files/file-routes.ts'
import { createSignedLinks } from './files/signed-links.ts'
import { addHealthRoutes } from './health-routes.ts'
import { createHttpServer } from './http-server.ts'
import { createAuthenticate } from './management/authenticate.ts'
import { managementRoutes } from './management/management-routes.ts'
import type { Route } from './management/route.ts'
import { serveRoutes } from './management/serve-routes.ts'
import { addMetricsRoute } from './metrics-route.ts'

/** The public HTTP API. */
export interface Api extends AsyncDisposable {
  /** Port 0 takes a free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<Listening>
  /** For further routes (before `listen`) and for tests (`inject`). */
  readonly server: FastifyInstance
  /** The routes of `/v1`. */
  readonly routes: readonly Route[]
}

const minSigningKeyBytes = 16

/**
 * The public API over the ports of the engine. Nothing listens until `listen` is called; disposing it lets running
 * requests finish.
 *
 * @throws VoiceError CONFIG_INVALID
 */
export function createApi(options: ApiOptions): Api {
  if (options.urlSigningKey.length < minSigningKeyBytes) {
    throw new VoiceError('CONFIG_INVALID', { detail: `urlSigningKey needs at least ${minSigningKeyBytes} bytes` })
  }
  if (options.publicUrl !== undefined && !URL.canParse(options.publicUrl)) {
    throw new VoiceError('CONFIG_INVALID', { detail: 'publicUrl is not an address' })
  }
  const keys = new LiveKeyRing(options.applications, options.management.keys)
  const links = createSignedLinks(options.urlSigningKey)
  const { intake, records, control, clock, random, numbers, campaigns, agents, defaultZone = 'UTC' } = options
  const { allowPrivateUrls = false, turnDefaults = coreTurnDefaults, skillGroupDesk } = options
  const services = {
    intake,
    records,
    control,
    links,
    clock,
    random,
    numbers,
    registry: options.trunks.registry,
    campaigns,
    agents,
    defaultZone,
    allowPrivateUrls,
    turnDefaults,
    sounds: options.sounds,
    extensions: options.extensions,
    skillGroupDesk,
    get skillGroups() {
      return skillGroupDesk.current
    },
  }
  const server = createHttpServer(createDispatcher(options, keys, services))
  addFileRoutes(server, options, links)
  const closing = new AbortController()
  server.addHook('preClose', async () => closing.abort())
  followKeys(server, options, keys, closing.signal)
  const routes = managementRoutes(options, { keys, links, closing: closing.signal, agentContext: services })
  serveRoutes(server, routes, createAuthenticate(keys, options.adminToken), options)
  addHealthRoutes(server, options)
  addMetricsRoute(server, options)
  return {
    server,
    routes,
    async listen(address) {
      await server.listen(address)
      const bound = server.server.address()
      return { port: typeof bound === 'object' && bound ? bound.port : address.port }
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}
