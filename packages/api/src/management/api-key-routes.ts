import { type ApplicationRegistry, type KeyFacts, type NewKey, roles } from '@parley/core'
import { z } from 'zod'
import { bearerToken } from '../auth/basic.ts'
import { applicationParams, noApplication, ownApplication } from './application-routes.ts'
import { component } from './openapi.ts'
import { changeRefusals, outcomeOf } from './outcome.ts'
import { pageMembers, pageOf, pageWith, placeOfText, textCursor } from './page.ts'
import { Problem } from './problem.ts'
import { empty, json, type Route, route } from './route.ts'

const noKey = 'no such key'
const path = '/v1/applications/{sdkAppId}/keys'
const params = z.object({ ...applicationParams.shape, secretId: z.string().min(1).max(200) })

const keySchema = component(
  'Key',
  z.object({
    secretId: z.string(),
    sdkAppId: z.int(),
    name: z.string(),
    role: z.enum(roles),
    enabled: z.boolean(),
    declared: z.boolean().describe('In parley.yaml, which alone changes it'),
    createdAt: z.string(),
    expiresAt: z.string().optional(),
    lastUsedAt: z.string().optional().describe('To about a minute'),
  }),
)
const newKeySchema = component(
  'NewKey',
  keySchema.extend({
    secretKey: z.string().describe('Shown this once'),
    token: z.string().describe('The pair as a bearer token of /v1; shown this once'),
  }),
)
const name = z.string().max(100)
const maxGraceS = 30 * 86_400
/** A day: long enough to roll new keys out. Taste. */
const defaultGraceS = 86_400

/** Keys of applications. `refresh` makes this process know what was changed. */
export function apiKeyRoutes(registry: ApplicationRegistry, refresh: () => Promise<void>): readonly Route[] {
  const made = async ({ key, secretKey }: NewKey) => {
    await refresh()
    const secret = secretKey.reveal()
    const value = { ...shown(key), secretKey: secret, token: bearerToken(key.secretId, secret) }
    return json(value, {
      version: key.version,
      location: `/v1/applications/${key.applicationId}/keys/${key.secretId}`,
    })
  }
  return [
    route({
      method: 'GET',
      path,
      tag: 'keys',
      summary: 'Keys of an application, without their secrets',
      role: 'admin',
      params: applicationParams,
      missing: noApplication,
      query: z.object(pageMembers),
      answer: { status: 200, schema: pageOf('keys', keySchema) },
      async handle({ params: { sdkAppId }, query: { limit, cursor }, access }) {
        const owner = ownApplication(sdkAppId, access)
        if (!(await registry.find(owner))) throw new Problem(404, noApplication)
        const found = await registry.keys(owner, placeOfText(cursor), limit + 1)
        return json(pageWith('keys', found, limit, { shown, cursorOf: (key: KeyFacts) => textCursor(key.secretId) }))
      },
    }),
    route({
      method: 'POST',
      path,
      tag: 'keys',
      summary: 'Make a key; its secret is shown once',
      role: 'admin',
      params: applicationParams,
      missing: noApplication,
      body: z.strictObject({
        name: name.default(''),
        role: z.enum(roles).default('operator'),
        expiresAt: z.iso.datetime({ offset: true, error: 'must look like 2026-01-31T08:00:00Z' }).optional(),
      }),
      answer: { status: 201, schema: newKeySchema },
      async handle({ params: { sdkAppId }, body: { expiresAt, ...wanted }, access }) {
        const expiry = expiresAt === undefined ? {} : { expiresAtMs: Date.parse(expiresAt) }
        const change = await registry.createKey(ownApplication(sdkAppId, access), { ...wanted, ...expiry })
        return made(outcomeOf(change, 'application'))
      },
    }),
    route({
      method: 'GET',
      path: `${path}/{secretId}`,
      tag: 'keys',
      summary: 'One key, without its secret',
      role: 'admin',
      params,
      missing: noKey,
      answer: { status: 200, schema: keySchema },
      async handle({ params: { sdkAppId, secretId }, access }) {
        const found = await registry.key(ownApplication(sdkAppId, access), secretId)
        if (!found) throw new Problem(404, noKey)
        return json(shown(found), { version: found.version })
      },
    }),
    route({
      method: 'PATCH',
      path: `${path}/{secretId}`,
      tag: 'keys',
      summary: 'Rename a key, give it another role, or switch it off or on',
      role: 'admin',
      params,
      missing: noKey,
      body: z.strictObject({
        name: name.exactOptional(),
        role: z.enum(roles).exactOptional(),
        enabled: z.boolean().exactOptional(),
      }),
      ifMatch: true,
      answer: { status: 200, schema: keySchema },
      refusals: changeRefusals,
      async handle({ params: { sdkAppId, secretId }, body, version, access }) {
        const owner = ownApplication(sdkAppId, access)
        const changed = outcomeOf(await registry.changeKey(owner, secretId, version, body), 'key')
        await refresh()
        return json(shown(changed), { version: changed.version })
      },
    }),
    route({
      method: 'POST',
      path: `${path}/{secretId}/rotate`,
      tag: 'keys',
      summary: 'Make a key in place of this one, which goes on for a while',
      role: 'admin',
      params,
      missing: noKey,
      body: z.strictObject({
        graceS: z.int().min(0).max(maxGraceS).default(defaultGraceS).describe('Seconds that the old key goes on'),
      }),
      answer: { status: 201, schema: newKeySchema },
      refusals: changeRefusals,
      async handle({ params: { sdkAppId, secretId }, body, access }) {
        const owner = ownApplication(sdkAppId, access)
        return made(outcomeOf(await registry.rotateKey(owner, secretId, body.graceS * 1_000), 'key'))
      },
    }),
    route({
      method: 'DELETE',
      path: `${path}/{secretId}`,
      tag: 'keys',
      summary: 'Delete a key; it stops working at once',
      role: 'admin',
      params,
      missing: noKey,
      answer: { status: 204 },
      refusals: changeRefusals,
      async handle({ params: { sdkAppId, secretId }, access }) {
        outcomeOf(await registry.deleteKey(ownApplication(sdkAppId, access), secretId), 'key')
        await refresh()
        return empty
      },
    }),
  ]
}

const iso = (ms: number) => new Date(ms).toISOString()

const shown = ({ applicationId, createdAtMs, expiresAtMs, lastUsedAtMs, version: _, ...key }: KeyFacts) => ({
  ...key,
  sdkAppId: applicationId,
  createdAt: iso(createdAtMs),
  ...(expiresAtMs !== undefined && { expiresAt: iso(expiresAtMs) }),
  ...(lastUsedAtMs !== undefined && { lastUsedAt: iso(lastUsedAtMs) }),
})
