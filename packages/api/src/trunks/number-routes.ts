import type { ApplicationId, ManagedNumber } from '@parley/core'
import { z } from 'zod'
import { outcomeOf } from '../management/outcome.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, json, type Route, type RouteAnswer, route } from '../management/route.ts'
import { isId, registryRefusals } from './registry-answer.ts'
import { numberJson, numberSchema, numberSettings, numberSettingsSchema } from './trunk-json.ts'
import type { TrunkManagement } from './trunk-management.ts'

const missing = 'no such number'
const one = {
  path: '/v1/numbers/{id}',
  tag: 'numbers',
  params: z.object({ id: z.int().refine(isId) }),
  missing,
  query: z.object(ownerMember),
} as const
const refusals = { ...registryRefusals, 404: 'no such number, trunk or application' }

/** Numbers of an application on its trunks, and the shared ones it may use. Another application's is not there. */
export function numberRoutes({ registry, assistantsOf }: TrunkManagement): readonly Route[] {
  const find = async (id: number, owner: ApplicationId): Promise<ManagedNumber> => {
    const number = await registry.findNumber([owner], id)
    if (!number) throw new Problem(404, missing)
    return number
  }
  const assertAssistant = (name: string | undefined, owner: ApplicationId): void => {
    if (name === undefined || assistantsOf(owner).includes(name)) return
    const detail = 'must be one of assistants in parley.yaml, of the same application'
    throw new Problem(400, `assistant: ${detail}`, { errors: [{ in: 'body', field: 'assistant', detail }] })
  }
  const shown = (number: ManagedNumber): RouteAnswer => json(numberJson(number), { version: number.version })

  const enable = (verb: 'enable' | 'disable', summary: string): Route =>
    route({
      ...one,
      method: 'POST',
      path: `/v1/numbers/{id}/${verb}`,
      summary,
      role: 'operator',
      answer: { status: 200, schema: numberSchema },
      async handle({ params: { id }, query, access }) {
        const owner = ownerOf(query, access)
        const { number } = await find(id, owner)
        await registry.enableNumbers([owner], [number], verb === 'enable')
        return shown(await find(id, owner))
      },
    })

  return [
    route({
      method: 'GET',
      path: '/v1/numbers',
      tag: 'numbers',
      summary: 'Numbers the application may use, own and shared',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...pageMembers }),
      answer: { status: 200, schema: pageOf('numbers', numberSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query, access }) {
        const page = { applicationIds: [ownerOf(query, access)], after: placeOfNumber(query.cursor, undefined) }
        const found = await registry.listNumbers({ ...page, limit: query.limit + 1 })
        const cursorOf = ({ numberId }: ManagedNumber) => numberCursor(numberId)
        return json(pageWith('numbers', found, query.limit, { shown: numberJson, cursorOf }))
      },
    }),
    route({
      method: 'POST',
      path: '/v1/numbers',
      tag: 'numbers',
      summary: 'Put a number on a trunk of the application',
      role: 'admin',
      query: z.object(ownerMember),
      body: numberSettingsSchema.extend({
        trunkId: z.int(),
        number: z.string().regex(/^\+?[0-9]{2,20}$/, 'must be digits, with or without a leading +'),
      }),
      answer: { status: 201, schema: numberSchema },
      refusals,
      async handle({ query, body: { trunkId, number, ...settings }, access }) {
        const owner = ownerOf(query, access)
        assertAssistant(settings.assistant, owner)
        const entry = { number, settings: numberSettings(settings) }
        const result = await registry.createNumbers(owner, isId(trunkId) ? trunkId : 0, [entry])
        const [made] = outcomeOf(result, result.kind === 'exists' ? 'number' : 'trunk')
        if (!made) throw new Problem(404, 'no such trunk')
        return json(numberJson(made), { version: made.version, location: `/v1/numbers/${made.numberId}` })
      },
    }),
    route({
      ...one,
      method: 'GET',
      summary: 'One number',
      role: 'viewer',
      answer: { status: 200, schema: numberSchema },
      handle: async ({ params: { id }, query, access }) => shown(await find(id, ownerOf(query, access))),
    }),
    route({
      ...one,
      method: 'PUT',
      summary: 'Set a number anew',
      role: 'admin',
      body: numberSettingsSchema,
      answer: { status: 200, schema: numberSchema },
      refusals,
      ifMatch: true,
      async handle({ params: { id }, query, body, access, version }) {
        const owner = ownerOf(query, access)
        assertAssistant(body.assistant, owner)
        const result = await registry.replaceNumber([owner], id, version, numberSettings(body))
        return shown(outcomeOf(result, 'number'))
      },
    }),
    route({
      ...one,
      method: 'DELETE',
      summary: 'Take a number without calls off its trunk',
      role: 'admin',
      answer: { status: 204 },
      refusals,
      ifMatch: true,
      async handle({ params: { id }, query, access, version }) {
        outcomeOf(await registry.removeNumber([ownerOf(query, access)], id, version), 'number')
        return empty
      },
    }),
    enable('enable', 'Use a number again'),
    enable(
      'disable',
      'Neither dial with a number nor take its calls; other applications that share it are not touched',
    ),
  ]
}
