import type { DoNotCallEntry, DoNotCallList } from '@parley/core'
import { z } from 'zod'
import { isDialable } from '../assistant/phone-number.ts'
import { pageMembers, pageOf, placeOfText, textCursor } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, json, type Route, route } from '../management/route.ts'
import { readCsv } from './read-csv.ts'

const tag = 'do-not-call'
const maxNumbers = 10_000
const owner = z.object(ownerMember)
const params = z.object({ number: z.string().refine(isDialable) })
const number = z.string().refine(isDialable, 'must be a number')
const noEntry = 'the number is not on the list'
const refusals = { 404: 'no such application' }

const entrySchema = z.object({
  number: z.string(),
  note: z.string(),
  addedAt: z.string(),
  declared: z.boolean().describe('by parley.yaml, which alone can take it off'),
})

/** Numbers an application must not call. */
export const doNotCallRoutes = (list: DoNotCallList): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/do-not-call',
    tag,
    summary: 'The do-not-call list of an application',
    role: 'viewer',
    query: z.object({ ...ownerMember, ...pageMembers, limit: z.int().min(1).max(1_000).default(100) }),
    answer: { status: 200, schema: pageOf('numbers', entrySchema) },
    refusals,
    async handle({ query, access }) {
      const { entries, next } = await list.list(ownerOf(query, access), {
        limit: query.limit,
        after: placeOfText(query.cursor),
      })
      return json({
        numbers: entries.map(shown),
        ...(next !== undefined && { nextCursor: textCursor(next) }),
      })
    },
  }),
  route({
    method: 'POST',
    path: '/v1/do-not-call',
    tag,
    summary: 'Put numbers on the list',
    role: 'operator',
    query: owner,
    body: z.strictObject({ numbers: z.array(number).min(1).max(maxNumbers), note: z.string().max(200).default('') }),
    answer: { status: 200, schema: z.object({ added: z.int().describe('numbers that were not on the list') }) },
    refusals,
    async handle({ query, body: { numbers, note }, access }) {
      const entries = numbers.map((one) => ({ number: one, note }))
      return json({ added: await list.add(ownerOf(query, access), entries) })
    },
  }),
  route({
    method: 'POST',
    path: '/v1/do-not-call/import',
    tag,
    summary: 'Put the numbers of a CSV file on the list: `number,note` a line',
    role: 'operator',
    query: owner,
    answer: {
      status: 200,
      schema: z.object({ added: z.int(), faultyLines: z.array(z.int()).describe('lines without a number, from 1') }),
    },
    refusals: { ...refusals, 400: 'no line holds a number' },
    async handle({ query, request, access }) {
      const applicationId = ownerOf(query, access)
      const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
      const { entries, faulty } = readCsv(new TextDecoder().decode(bytes).replaceAll('\0', ''))
      if (entries.length === 0) throw new Problem(400, 'no line of the body holds a number')
      let added = 0
      for (let from = 0; from < entries.length; from += maxNumbers) {
        added += await list.add(applicationId, entries.slice(from, from + maxNumbers))
      }
      return json({ added, faultyLines: faulty.slice(0, 1_000) })
    },
  }),
  route({
    method: 'GET',
    path: '/v1/do-not-call/{number}',
    tag,
    summary: 'Whether a number may be called',
    role: 'viewer',
    params,
    query: owner,
    answer: {
      status: 200,
      schema: z.object({
        number: z.string(),
        isBlocked: z.boolean(),
        list: z.enum(['application', 'everybody']).nullable(),
      }),
    },
    refusals,
    async handle({ params: { number: asked }, query, access }) {
      const found = await list.check(ownerOf(query, access), asked)
      return json({ number: asked, isBlocked: found !== undefined, list: found ?? null })
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/do-not-call/{number}',
    tag,
    summary: 'Take a number off the list',
    role: 'operator',
    params,
    missing: noEntry,
    query: owner,
    answer: { status: 204 },
    refusals: { 409: 'declared in parley.yaml' },
    async handle({ params: { number: asked }, query, access }) {
      const outcome = await list.remove(ownerOf(query, access), asked)
      if (outcome === undefined) throw new Problem(404, noEntry)
      if (outcome === 'declared') throw new Problem(409, 'declared in parley.yaml')
      return empty
    },
  }),
]

const shown = ({ number: listed, note, addedAtMs, declared }: DoNotCallEntry) => ({
  number: listed,
  note,
  addedAt: new Date(addedAtMs).toISOString(),
  declared,
})
