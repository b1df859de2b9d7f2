import type { Application, ApplicationId, ApplicationRegistry } from '@parley/core'
import { z } from 'zod'
import { type Access, scopeOf } from './access.ts'
import { component } from './openapi.ts'
import { changeRefusals, outcomeOf } from './outcome.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from './page.ts'
import { Problem } from './problem.ts'
import { json, type Route, route } from './route.ts'

export const noApplication = 'no such application'
const sdkAppId = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
export const applicationParams = z.object({ sdkAppId })

/** The application that a path names. @throws Problem 404: it is not one of the credentials' */
export function ownApplication(id: number, { isInstallation, applications }: Access): ApplicationId {
  const wanted = id as ApplicationId
  if (!isInstallation && !applications.has(wanted)) throw new Problem(404, noApplication)
  return wanted
}

const applicationSchema = component(
  'Application',
  z.object({
    sdkAppId: z.int(),
    name: z.string(),
    enabled: z.boolean().describe('Keys of one that is not act for nobody'),
    declared: z.boolean().describe('In parley.yaml, which alone changes it'),
    createdAt: z.string(),
  }),
)
const name = z.string().max(100)

/** Applications. `refresh` makes this process know what was changed. */
export const applicationRoutes = (registry: ApplicationRegistry, refresh: () => Promise<void>): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/applications',
    tag: 'applications',
    summary: 'Applications that the credentials are for, by number',
    role: 'viewer',
    query: z.object(pageMembers),
    answer: { status: 200, schema: pageOf('applications', applicationSchema) },
    async handle({ query: { limit, cursor }, access }) {
      const found = await registry.list(scopeOf(access), placeOfNumber(cursor, 0), limit + 1)
      const page = { shown, cursorOf: (item: Application) => numberCursor(item.applicationId) }
      return json(pageWith('applications', found, limit, page))
    },
  }),
  route({
    method: 'POST',
    path: '/v1/applications',
    tag: 'applications',
    summary: 'Make an application',
    role: 'admin',
    isInstallation: true,
    body: z.strictObject({
      sdkAppId: sdkAppId.optional().describe('Default: a number is chosen'),
      name: name.default(''),
    }),
    answer: { status: 201, schema: applicationSchema },
    refusals: { 409: 'the number is taken' },
    async handle({ body }) {
      const wanted = {
        name: body.name,
        ...(body.sdkAppId !== undefined && { applicationId: body.sdkAppId as ApplicationId }),
      }
      const made = outcomeOf(await registry.create(wanted), 'application')
      await refresh()
      return json(shown(made), { version: made.version, location: `/v1/applications/${made.applicationId}` })
    },
  }),
  route({
    method: 'GET',
    path: '/v1/applications/{sdkAppId}',
    tag: 'applications',
    summary: 'One application',
    role: 'viewer',
    params: applicationParams,
    missing: noApplication,
    answer: { status: 200, schema: applicationSchema },
    async handle({ params, access }) {
      const found = await registry.find(ownApplication(params.sdkAppId, access))
      if (!found) throw new Problem(404, noApplication)
      return json(shown(found), { version: found.version })
    },
  }),
  route({
    method: 'PATCH',
    path: '/v1/applications/{sdkAppId}',
    tag: 'applications',
    summary: 'Rename an application, or switch it off or on',
    role: 'admin',
    isInstallation: true,
    params: applicationParams,
    missing: noApplication,
    body: z.strictObject({ name: name.exactOptional(), enabled: z.boolean().exactOptional() }),
    ifMatch: true,
    answer: { status: 200, schema: applicationSchema },
    refusals: changeRefusals,
    async handle({ params, body, version, access }) {
      const change = await registry.change(ownApplication(params.sdkAppId, access), version, body)
      const changed = outcomeOf(change, 'application')
      await refresh()
      return json(shown(changed), { version: changed.version })
    },
  }),
]

const shown = ({ applicationId, name, enabled, declared, createdAtMs }: Application) => ({
  sdkAppId: applicationId,
  name,
  enabled,
  declared,
  createdAt: new Date(createdAtMs).toISOString(),
})
