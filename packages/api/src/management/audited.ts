import type { ApplicationId, AuditLog } from '@parley/core'
import { z } from 'zod'
import { operationId } from './openapi.ts'
import type { Route, RouteCall } from './route.ts'

/** Marks what a client gives and nobody is shown: kept out of answers, of the audit log, and told so in the document. */
export const writeOnly = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ writeOnly: true })

type Call = RouteCall<unknown, unknown, unknown>

/** What the audit log keeps of a request that is to change something. */
export function auditEntry(route: Route, call: Call): Parameters<AuditLog['begin']>[0] {
  const owner = ownerOf(route, call)
  return {
    actor: call.access.actor,
    ...(owner !== undefined && { applicationId: owner }),
    operation: operationId(route.method, route.path),
    target: addressOf(route, call.params),
    details: details(route.body, call.body),
  }
}

/**
 * Whose things were to be changed, as far as the request says: never those of an application that the credentials are not
 * for, whose log it would be. What concerns the installation is nobody's, also while it has one application.
 */
function ownerOf(route: Route, { params, query, body, access }: Call): ApplicationId | undefined {
  const { applications, isInstallation } = access
  for (const part of [params, query, body]) {
    const id: unknown = typeof part === 'object' && part !== null && Reflect.get(part, 'sdkAppId')
    if (typeof id === 'number' && (isInstallation || applications.has(id as ApplicationId))) return id as ApplicationId
  }
  const [only] = applications
  return applications.size === 1 && !route.isInstallation ? only : undefined
}

const addressOf = ({ path }: Route, params: unknown): string =>
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(Reflect.get(Object(params), name)))

const maxTextLength = 300
const maxItems = 50

function details(schema: z.ZodType | undefined, body: unknown): Readonly<Record<string, unknown>> {
  if (!(schema instanceof z.ZodObject) || typeof body !== 'object' || body === null) return {}
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      // A member may be called as one that every object has.
      const member = Object.hasOwn(shape, name) ? shape[name] : undefined
      const isSecret = member === undefined || z.globalRegistry.get(member)?.writeOnly === true
      return [name, isSecret ? '[secret]' : plain(value)]
    }),
  )
}

/** Texts, numbers and lists of them; of an object the names of its members, for nobody knows what it holds. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, maxItems).map(plain)
  if (typeof value === 'object' && value !== null) return { members: Object.keys(value).slice(0, maxItems).map(plain) }
  return typeof value === 'string' && value.length > maxTextLength ? '[long]' : value
}
