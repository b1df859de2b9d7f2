import {
  type ApplicationId,
  type SkillGroupSettings,
  type StoredSkillGroup,
  skillGroupDefaults,
  targetForms,
  type WantedTarget,
} from '@parley/core'
import { z } from 'zod'
import type { ApiSkillGroup, SkillGroupDesk } from '../api-options.ts'
import type { Access } from './access.ts'
import { component } from './openapi.ts'
import { changeRefusals, outcomeOf } from './outcome.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from './page.ts'
import { ownerMember, ownerOf } from './page-query.ts'
import { Problem } from './problem.ts'
import { empty, json, type Route, route } from './route.ts'

const noGroup = 'no such skill group'
const owner = z.object(ownerMember)
const params = z.object({ id: z.int().min(1).max(Number.MAX_SAFE_INTEGER) })

const target = z
  .strictObject({
    number: z.string().regex(targetForms.number, 'must be digits, with or without a leading +').exactOptional(),
    sip: z.string().regex(targetForms.sip, 'must be sip:user@host or sip:user@host:port').exactOptional(),
    trunk: z.string().min(1).max(64),
  })
  .refine(({ number, sip }) => (number === undefined) !== (sip === undefined), 'must have either number or sip')

const members = {
  name: z.string().min(1).max(100),
  targets: z.array(target).max(50).describe('Tried in order'),
  mode: z.enum(['bridge', 'refer']),
  ringMs: z.int().min(1_000).max(120_000).describe('For each target'),
  summary: z.boolean(),
  holdPrompt: z.string().max(500),
}
const { mode, ringMs, summary, holdPrompt } = skillGroupDefaults
const newGroup = z.strictObject({
  name: members.name,
  targets: members.targets.default([]),
  mode: members.mode.default(mode),
  ringMs: members.ringMs.default(ringMs),
  summary: members.summary.default(summary),
  holdPrompt: members.holdPrompt.default(holdPrompt),
})
const changedGroup = z.strictObject({
  name: members.name.exactOptional(),
  targets: members.targets.exactOptional(),
  mode: members.mode.exactOptional(),
  ringMs: members.ringMs.exactOptional(),
  summary: members.summary.exactOptional(),
  holdPrompt: members.holdPrompt.exactOptional(),
})

const groupSchema = component(
  'SkillGroup',
  z.object({
    id: z.int().describe('SkillGroupId'),
    name: z.string(),
    declared: z.boolean().describe('In parley.yaml, which alone changes it'),
    targets: z.array(z.looseObject({ trunk: z.string() })).optional(),
    mode: z.string().optional(),
    ringMs: z.int().optional(),
    summary: z.boolean().optional(),
    holdPrompt: z.string().optional(),
    changedAt: z.string().optional(),
  }),
)

/** People that calls can be handed to: those of parley.yaml, and those made here. `declared`: all of the former. */
export function skillGroupRoutes(desk: SkillGroupDesk): readonly Route[] {
  const { book } = desk
  const declaredOf = (application: ApplicationId) =>
    desk.declared.filter(({ applicationIds: ids }) => !ids || ids.includes(application))

  /** @throws Problem 400 */
  const check = (application: ApplicationId, targets: readonly WantedTarget[] | undefined) => {
    const errors = desk.check(application, targets ?? []).map(({ index, field, detail }) => ({
      in: 'body' as const,
      field: `targets.${index}.${field}`,
      detail,
    }))
    if (errors.length > 0) throw new Problem(400, `${errors[0]?.field}: ${errors[0]?.detail}`, { errors })
  }

  /** The application, if the group may be changed. @throws Problem 404, 409 */
  const changeable = (query: z.output<typeof owner>, id: number, access: Access): ApplicationId => {
    const application = ownerOf(query, access)
    if (declaredOf(application).some((group) => group.id === id)) outcomeOf({ kind: 'declared' }, 'skill group')
    return application
  }

  return [
    route({
      method: 'GET',
      path: '/v1/skill-groups',
      tag: 'skill groups',
      summary: 'Skill groups of an application, by number',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...pageMembers }),
      answer: { status: 200, schema: pageOf('skillGroups', groupSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query, access }) {
        const application = ownerOf(query, access)
        const after = placeOfNumber(query.cursor, 0)
        const groups = [...declaredOf(application).map(shownDeclared), ...(await book.list(application)).map(shown)]
        const found = groups.filter(({ id }) => id > after).sort((left, right) => left.id - right.id)
        return json(
          pageWith('skillGroups', found, query.limit, {
            shown: (group) => group,
            cursorOf: ({ id }) => numberCursor(id),
          }),
        )
      },
    }),
    route({
      method: 'POST',
      path: '/v1/skill-groups',
      tag: 'skill groups',
      summary: 'Make a skill group',
      role: 'admin',
      query: owner,
      body: newGroup,
      answer: { status: 201, schema: groupSchema },
      refusals: { 404: 'no such application', 409: 'the application has one of this name' },
      async handle({ query, body, access }) {
        const application = ownerOf(query, access)
        check(application, body.targets)
        const isTaken = declaredOf(application).some(({ name }) => name === body.name)
        const taken = desk.declared.map(({ id }) => id)
        const change = isTaken ? ({ kind: 'exists' } as const) : await book.create(application, body, taken)
        const made = outcomeOf(change, 'skill group')
        await desk.refresh()
        return json(shown(made), { version: made.version, location: `/v1/skill-groups/${made.id}` })
      },
    }),
    route({
      method: 'GET',
      path: '/v1/skill-groups/{id}',
      tag: 'skill groups',
      summary: 'One skill group',
      role: 'viewer',
      params,
      missing: noGroup,
      query: owner,
      answer: { status: 200, schema: groupSchema },
      async handle({ params: { id }, query, access }) {
        const application = ownerOf(query, access)
        const declared = declaredOf(application).find((group) => group.id === id)
        if (declared) return json(shownDeclared(declared))
        const found = (await book.list(application)).find((group) => group.id === id)
        if (!found) throw new Problem(404, noGroup)
        return json(shown(found), { version: found.version })
      },
    }),
    route({
      method: 'PATCH',
      path: '/v1/skill-groups/{id}',
      tag: 'skill groups',
      summary: 'Change a skill group; the next transfer goes by it',
      role: 'admin',
      params,
      missing: noGroup,
      query: owner,
      body: changedGroup,
      ifMatch: true,
      answer: { status: 200, schema: groupSchema },
      refusals: changeRefusals,
      async handle({ params: { id }, query, body, version, access }) {
        const application = changeable(query, id, access)
        check(application, body.targets)
        const changed = outcomeOf(await book.change(application, id, version, body), 'skill group')
        await desk.refresh()
        return json(shown(changed), { version: changed.version })
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/skill-groups/{id}',
      tag: 'skill groups',
      summary: 'Delete a skill group',
      role: 'admin',
      params,
      missing: noGroup,
      query: owner,
      answer: { status: 204 },
      refusals: changeRefusals,
      async handle({ params: { id }, query, access }) {
        outcomeOf(await book.remove(changeable(query, id, access), id), 'skill group')
        await desk.refresh()
        return empty
      },
    }),
  ]
}

const shown = ({ applicationId: _owner, version: _version, changedAtMs, ...group }: StoredSkillGroup) => ({
  ...group,
  declared: false,
  changedAt: new Date(changedAtMs).toISOString(),
})

const shownDeclared = ({ applicationIds: _owners, ...group }: ApiSkillGroup & Partial<SkillGroupSettings>) => ({
  ...group,
  declared: true,
})
