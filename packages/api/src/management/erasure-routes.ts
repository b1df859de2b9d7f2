import { type DueForErasure, type ErasureKind, erasureKinds, type RetentionRules } from '@parley/core'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { writeOnly } from './audited.ts'
import { callParams, noCall, ownCall } from './own-call.ts'
import { ownerMember, ownerOf } from './page-query.ts'
import { Problem } from './problem.ts'
import { empty, json, type Route, route } from './route.ts'

const listedCalls = 100
const days = z.int().min(1).max(36_500).optional()
const ruleMembers = { recordingsDays: days, transcriptsDays: days, journalDays: days, recordsDays: days }

const byKind = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ recordings: schema, transcripts: schema, journal: schema, records: schema })

const retentionSchema = z.object({
  sdkAppId: z.int(),
  rules: z.object({ ...ruleMembers, auditDays: days.describe('Of the audit log; it is not in `due`') }),
  due: byKind(z.object({ count: z.int(), calls: z.array(z.object({ id: z.string(), endedAt: z.string() })) })),
})

/**
 * Deletion of a call and of everything of one telephone number, and what the rules of retention would erase now. A call of
 * another application is not there.
 */
export function erasureRoutes({ logger, records, erasure }: ApiOptions): readonly Route[] {
  return [
    route({
      method: 'DELETE',
      path: '/v1/calls/{id}',
      tag: 'calls',
      summary: 'Delete everything of a call that is over',
      role: 'admin',
      params: callParams,
      missing: noCall,
      answer: { status: 204 },
      refusals: { 409: 'the call is not over' },
      async handle({ params, access }) {
        const { applicationId, callId } = await ownCall(params.id, access, records)
        const result = await erasure.erase(applicationId, callId)
        if (result === 'unknown') throw new Problem(404, noCall)
        if (result === 'inProgress') throw new Problem(409, 'the call is not over')
        logger.info('call erased', { callId })
        return empty
      },
    }),
    route({
      method: 'POST',
      path: '/v1/erasures',
      tag: 'calls',
      summary: 'Delete every call from or to a telephone number, and the number in campaigns',
      role: 'admin',
      body: z.strictObject({
        ...ownerMember,
        // What was to be forgotten is not remembered by the audit log.
        phone: writeOnly(z.string().regex(/^[+\d*#][\d*#\s().-]{2,31}$/, 'must be a telephone number')),
      }),
      answer: { status: 200, schema: z.object({ erased: z.int(), inProgress: z.int() }) },
      refusals: { 404: 'no such application' },
      async handle({ body, access }) {
        const application = ownerOf(body, access)
        const result = await erasure.erasePhone(application, body.phone)
        logger.info('calls of a number erased', { sdkAppId: application, ...result })
        return json(result)
      },
    }),
    route({
      method: 'GET',
      path: '/v1/retention',
      tag: 'calls',
      summary: 'Rules of retention, and what they would erase now; rules in the query are tried out',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...ruleMembers }),
      answer: { status: 200, schema: retentionSchema },
      refusals: { 404: 'no such application' },
      async handle({ query, access }) {
        const application = ownerOf(query, access)
        const rules = { ...(await erasure.rules(application)), ...askedRules(query) }
        return json({
          sdkAppId: application,
          rules,
          due: shown(await erasure.due(application, rules, listedCalls)),
        })
      },
    }),
  ]
}

const askedRules = (query: { readonly [Member in keyof RetentionRules]?: number | undefined }): RetentionRules =>
  Object.fromEntries(
    erasureKinds.flatMap((kind) => {
      const value = query[`${kind}Days`]
      return value === undefined ? [] : [[`${kind}Days`, value]]
    }),
  )

const shown = (due: Readonly<Record<ErasureKind, DueForErasure>>) =>
  Object.fromEntries(
    erasureKinds.map((kind) => {
      const { count, calls } = due[kind]
      return [
        kind,
        {
          count,
          calls: calls.map(({ callId, endedAtMs }) => ({ id: callId, endedAt: new Date(endedAtMs).toISOString() })),
        },
      ]
    }),
  )
