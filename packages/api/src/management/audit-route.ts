import type { AuditEntry, AuditLog } from '@parley/core'
import { z } from 'zod'
import { scopeOf } from './access.ts'
import { pageMembers, pageOf, pageWith, placeOfText, textCursor, wrongCursor } from './page.ts'
import { json, type Route, route } from './route.ts'

const entrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string().describe('SecretId, or `installation`'),
  sdkAppId: z.int().optional(),
  operation: z.string().describe('operationId of this document'),
  target: z.string().describe('Address of what was changed'),
  details: z.record(z.string(), z.unknown()).describe('What the request asked for; secrets are left out'),
  outcome: z
    .enum(['begun', 'done', 'refused', 'failed'])
    .describe('`begun`: under way, or cut off by the end of the engine; `failed`: by a fault, perhaps half way'),
})

/** `GET /v1/audit`: who changed what. */
export const auditRoute = (log: AuditLog): Route =>
  route({
    method: 'GET',
    path: '/v1/audit',
    tag: 'audit',
    summary: 'Who changed what by /v1, the latest first',
    role: 'admin',
    query: z.object(pageMembers),
    answer: { status: 200, schema: pageOf('entries', entrySchema) },
    async handle({ query: { limit, cursor }, access }) {
      const found = await log.list(scopeOf(access), placeOf(cursor), limit + 1)
      return json(pageWith('entries', found, limit, { shown, cursorOf: ({ atUs, id }) => textCursor(`${atUs}.${id}`) }))
    },
  })

/** @throws Problem 400: it is none of ours */
function placeOf(cursor: string | undefined): Pick<AuditEntry, 'id' | 'atUs'> | undefined {
  if (cursor === undefined) return undefined
  const [, atUs, id] = /^(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(placeOfText(cursor)) ?? []
  if (atUs === undefined || id === undefined) throw wrongCursor()
  return { atUs: Number(atUs), id }
}

const shown = ({ atUs, applicationId, ...entry }: AuditEntry) => ({
  ...entry,
  at: new Date(atUs / 1_000).toISOString(),
  ...(applicationId !== undefined && { sdkAppId: applicationId }),
})
