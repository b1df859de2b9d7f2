import type { AgentBook, AgentChange, AgentRecord, ApplicationId, ExpectedVersion, Secret } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import type { Access } from '../management/access.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, json, type Route, route } from '../management/route.ts'
import type { AgentContext } from './agent-assistant.ts'
import { agentJson, agentSchema, agentVersionSchema, versionJson } from './agent-json.ts'
import { secretFields } from './agent-settings.ts'
import { assertAgents } from './assert-agents.ts'
import { checkedAgent } from './checked-agent.ts'

const noAgent = 'no such agent'
const declared = 'the agent is declared in parley.yaml and is changed there'
const params = z.object({ id: z.int().min(1) })
const query = z.object(ownerMember)
const draftMembers = {
  name: z.string().min(1).max(100),
  settings: z
    .record(z.string(), z.unknown())
    .describe('Fields of CreateAICall but SdkAppId, Callee and Callers, and `Tags`; see docs/agents.md'),
}
const one = { tag: 'agents', params, query, missing: noAgent } as const
const refusals = { 409: declared, 412: 'the agent has changed since' } as const

/** Stored agents and their versions. What another application has is not there. */
export function agentRoutes(book: AgentBook, context: AgentContext): readonly Route[] {
  const find = async (owner: ApplicationId, id: number): Promise<AgentRecord> => {
    const agent = await book.get(owner, id)
    if (!agent) throw new Problem(404, noAgent)
    return agent
  }
  const shown = (owner: ApplicationId, agent: AgentRecord, more: { location?: string } = {}) =>
    json(agentJson(owner, agent), { version: agent.revision, ...more })
  const checked = (owner: ApplicationId, { name, settings }: DraftBody, kept: AgentRecord['secrets'] = {}) =>
    refusedAsProblem(async () => {
      const draft = checkedAgent(owner, name, withKept(settings, kept), context)
      await assertAgents(draft.settings, owner, book)
      return draft
    })
  const change = async (
    { access, asked, id, version }: Change,
    changeOf: (agent: AgentRecord, owner: ApplicationId) => Promise<AgentChange>,
  ) => {
    const owner = ownerOf(asked, access)
    const agent = await find(owner, id)
    if (agent.declared) throw new Problem(409, declared)
    if (version !== '*' && version !== agent.revision) throw changedSince
    const result = await book.change(owner, id, agent.revision, await changeOf(agent, owner))
    switch (result.kind) {
      case 'changed':
        return { owner, agent: result.agent }
      case 'conflict':
        throw changedSince
      case 'declared':
        throw new Problem(409, declared)
      case 'noSuchVersion':
        throw new Problem(404, 'the agent has no such version')
      case 'notFound':
        throw new Problem(404, noAgent)
      default:
        return result satisfies never
    }
  }

  return [
    route({
      method: 'GET',
      path: '/v1/agents',
      tag: 'agents',
      summary: 'Agents by id',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...pageMembers }),
      answer: { status: 200, schema: pageOf('agents', agentSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query: asked, access }) {
        const owner = ownerOf(asked, access)
        const { limit, cursor } = asked
        const { agents } = await book.list(owner, { limit: limit + 1, afterId: placeOfNumber(cursor, 0) })
        const cursorOf = ({ agentId }: AgentRecord) => numberCursor(agentId)
        return json(pageWith('agents', agents, limit, { shown: (agent) => agentJson(owner, agent), cursorOf }))
      },
    }),
    route({
      method: 'POST',
      path: '/v1/agents',
      tag: 'agents',
      summary: 'Make an agent',
      role: 'admin',
      query,
      body: z.strictObject(draftMembers),
      answer: { status: 201, schema: agentSchema },
      refusals: { 404: 'no such application' },
      async handle({ query: asked, body, access }) {
        const owner = ownerOf(asked, access)
        const agent = await book.create(owner, await checked(owner, body))
        return shown(owner, agent, { location: `/v1/agents/${agent.agentId}` })
      },
    }),
    route({
      ...one,
      method: 'GET',
      path: '/v1/agents/{id}',
      summary: 'One agent, as calls use it',
      role: 'viewer',
      answer: { status: 200, schema: agentSchema },
      async handle({ params: { id }, query: asked, access }) {
        const owner = ownerOf(asked, access)
        return shown(owner, await find(owner, id))
      },
    }),
    route({
      ...one,
      method: 'PUT',
      path: '/v1/agents/{id}',
      summary: 'Make the next version of an agent; secrets that are left out stay',
      role: 'admin',
      body: z.strictObject({
        ...draftMembers,
        publish: z.boolean().default(true).describe('false: calls go on with the published version'),
      }),
      answer: { status: 200, schema: agentSchema },
      refusals,
      ifMatch: true,
      async handle({ params: { id }, query: asked, body, access, version }) {
        const { owner, agent } = await change({ access, asked, id, version }, async (now, own) => ({
          kind: 'put',
          draft: await checked(own, body, now.secrets),
          publish: body.publish,
        }))
        return shown(owner, agent)
      },
    }),
    route({
      ...one,
      method: 'DELETE',
      path: '/v1/agents/{id}',
      summary: 'Delete an agent; calls in progress go on, its id is not given again',
      role: 'admin',
      answer: { status: 204 },
      refusals,
      ifMatch: true,
      async handle({ params: { id }, query: asked, access, version }) {
        await change({ access, asked, id, version }, async () => ({ kind: 'delete' }))
        return empty
      },
    }),
    route({
      ...one,
      method: 'GET',
      path: '/v1/agents/{id}/versions',
      summary: 'What each version of an agent says, newest first',
      role: 'viewer',
      answer: { status: 200, schema: z.object({ versions: z.array(agentVersionSchema) }) },
      async handle({ params: { id }, query: asked, access }) {
        const versions = await book.versions(ownerOf(asked, access), id)
        if (!versions) throw new Problem(404, noAgent)
        return json({ versions: versions.map(versionJson) })
      },
    }),
    route({
      ...one,
      method: 'POST',
      path: '/v1/agents/{id}/publish',
      summary: 'Have calls use this version, an earlier one too',
      role: 'admin',
      body: z.strictObject({ version: z.int().min(1) }),
      answer: { status: 200, schema: agentSchema },
      refusals,
      ifMatch: true,
      async handle({ params: { id }, query: asked, body, access, version }) {
        const publish = { kind: 'publish', version: body.version } as const
        const { owner, agent } = await change({ access, asked, id, version }, async () => publish)
        return shown(owner, agent)
      },
    }),
  ]
}

interface DraftBody {
  readonly name: string
  readonly settings: Readonly<Record<string, unknown>>
}

interface Change {
  readonly access: Access
  readonly asked: z.output<typeof query>
  readonly id: number
  readonly version: ExpectedVersion
}

const changedSince = new Problem(412, 'the agent has changed since')

/** Secrets cannot be read back, so those that a change does not name stay; null takes one away. */
function withKept(
  settings: Readonly<Record<string, unknown>>,
  kept: Readonly<Record<string, Secret>>,
): Readonly<Record<string, unknown>> {
  const named = new Map(Object.entries(settings))
  for (const field of secretFields) {
    const secret = kept[field]
    if (!named.has(field) && secret) named.set(field, secret.reveal())
    else if (named.get(field) === null) named.delete(field)
  }
  return Object.fromEntries(named)
}

/** What is wrong with the fields of a call, in the words of `/v1`. */
async function refusedAsProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const detail = error.text.en
    throw new Problem(400, `settings: ${detail}`, { errors: [{ in: 'body', field: 'settings', detail }] })
  }
}
