import type { ManagedTrunk, TrunkSettings } from '@parley/core'
import { z } from 'zod'
import type { Access } from '../management/access.ts'
import { outcomeOf } from '../management/outcome.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, json, type Route, type RouteAnswer, route } from '../management/route.ts'
import { isId, registryRefusals } from './registry-answer.ts'
import { trunkJson, trunkSchema, trunkStatusJson, trunkStatusSchema } from './trunk-json.ts'
import type { TrunkManagement } from './trunk-management.ts'

const missing = 'no such trunk'
const params = z.object({ id: z.int().refine(isId).describe('SipTrunkId') })
const trunkName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1-64 letters, digits, dots, dashes or underscores')
const one = { path: '/v1/trunks/{id}', tag: 'trunks', params, missing } as const

/** Trunks of applications. Those of parley.yaml are shown and not changed; another application's is not there. */
export function trunkRoutes({ registry, read, healthOf }: TrunkManagement): readonly Route[] {
  const find = async (id: number, access: Access): Promise<ManagedTrunk> => {
    const trunk = await registry.findTrunk([...access.applications], id)
    if (!trunk) throw new Problem(404, missing)
    return trunk
  }
  const shown = (trunk: ManagedTrunk): RouteAnswer => json(trunkJson(trunk), { version: trunk.version })

  const settingsOf = (described: unknown, stored?: TrunkSettings): TrunkSettings => {
    const result = read(described, stored)
    if ('settings' in result) return result.settings
    const title = result.problems.map(({ field, detail }) => `${field || 'body'}: ${detail}`).join('; ')
    throw new Problem(400, title.slice(0, 1_000), {
      errors: result.problems.slice(0, 20).map((problem) => ({ in: 'body' as const, ...problem })),
    })
  }

  const enable = (verb: 'enable' | 'disable', summary: string): Route =>
    route({
      ...one,
      method: 'POST',
      path: `/v1/trunks/{id}/${verb}`,
      summary,
      role: 'operator',
      answer: { status: 200, schema: trunkSchema },
      refusals: registryRefusals,
      async handle({ params: { id }, access }) {
        const owners = [...access.applications]
        return shown(outcomeOf(await registry.enableTrunk(owners, id, verb === 'enable'), 'trunk'))
      },
    })

  return [
    route({
      method: 'GET',
      path: '/v1/trunks',
      tag: 'trunks',
      summary: 'Trunks the application may use, own and shared',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...pageMembers }),
      answer: { status: 200, schema: pageOf('trunks', trunkSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query, access }) {
        const page = { applicationIds: [ownerOf(query, access)], after: placeOfNumber(query.cursor, undefined) }
        const found = await registry.listTrunks({ ...page, limit: query.limit + 1 })
        const cursorOf = ({ trunkId }: ManagedTrunk) => numberCursor(trunkId)
        return json(pageWith('trunks', found, query.limit, { shown: trunkJson, cursorOf }))
      },
    }),
    route({
      method: 'POST',
      path: '/v1/trunks',
      tag: 'trunks',
      summary: 'Make a trunk of an application; every engine takes it up at once',
      role: 'admin',
      query: z.object(ownerMember),
      body: z.looseObject({ name: trunkName }).describe('Keys of a trunk as in parley.yaml, without numbers'),
      answer: { status: 201, schema: trunkSchema },
      refusals: { ...registryRefusals, 404: 'no such application' },
      async handle({ query, body: { name, ...described }, access }) {
        const owner = ownerOf(query, access)
        const trunk = outcomeOf(await registry.createTrunk(owner, name, settingsOf(described)), 'trunk')
        return json(trunkJson(trunk), { version: trunk.version, location: `/v1/trunks/${trunk.trunkId}` })
      },
    }),
    route({
      ...one,
      method: 'GET',
      summary: 'One trunk, without its secrets',
      role: 'viewer',
      answer: { status: 200, schema: trunkSchema },
      handle: async ({ params: { id }, access }) => shown(await find(id, access)),
    }),
    route({
      ...one,
      method: 'PUT',
      summary: 'Set a trunk anew; running calls end on the old one, secrets that are left out stay',
      role: 'admin',
      body: z.looseObject({}).describe('As `settings` of the trunk'),
      answer: { status: 200, schema: trunkSchema },
      refusals: registryRefusals,
      ifMatch: true,
      async handle({ params: { id }, body, access, version }) {
        const owners = [...access.applications]
        const trunk = await find(id, access)
        if (trunk.isDeclared) return shown(outcomeOf({ kind: 'declared' }, 'trunk'))
        const settings = settingsOf(body, await registry.trunkSettings(owners, id))
        return shown(outcomeOf(await registry.replaceTrunk(owners, id, version, settings), 'trunk'))
      },
    }),
    route({
      ...one,
      method: 'DELETE',
      summary: 'Delete a trunk that has neither numbers nor calls',
      role: 'admin',
      answer: { status: 204 },
      refusals: registryRefusals,
      ifMatch: true,
      async handle({ params: { id }, access, version }) {
        outcomeOf(await registry.removeTrunk([...access.applications], id, version), 'trunk')
        return empty
      },
    }),
    enable('enable', 'Let a trunk take calls again'),
    enable('disable', 'Let a trunk take no new calls; running ones go on'),
    route({
      ...one,
      method: 'GET',
      path: '/v1/trunks/{id}/status',
      summary: 'How a trunk does on the asked engine: registration, gateways, calls, last failure',
      role: 'viewer',
      answer: { status: 200, schema: trunkStatusSchema },
      async handle({ params: { id }, access }) {
        const trunk = await find(id, access)
        return json(trunkStatusJson(trunk, healthOf(trunk.name)))
      },
    }),
  ]
}
