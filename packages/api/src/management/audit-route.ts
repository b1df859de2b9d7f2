import type { AuditEntry, AuditLog } from '@parley/core'
import { z } from 'zod'
import { scopeOf } from './access.ts'
import { numberCursor, pageMembers, pageOf, pageWith, placeOfNumber } from './page.ts'
import { json, type Route, route } from './route.ts'

const entrySchema = z.object({
  id: z.int(),
  at: z.string(),
  actor: z.string().describe('SecretId, or `installation`'),
  sdkAppId: z.int().optional(),
  operation: z.string().describe('operationId of this document'),
  target: z.string().describe('Address of what was changed'),
  details: z.record(z.string(), z.unknown()).describe('What the request asked for; secrets are left out'),
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
      const before = placeOfNumber(cursor, Number.MAX_SAFE_INTEGER)
      const found = await log.list(scopeOf(access), before, limit + 1)
      return json(pageWith('entries', found, limit, { shown, cursorOf: (entry: AuditEntry) => numberCursor(entry.id) }))
    },
  })

const shown = ({ atMs, applicationId, ...entry }: AuditEntry) => ({
  ...entry,
  at: new Date(atMs).toISOString(),
  ...(applicationId !== undefined && { sdkAppId: applicationId }),
})
