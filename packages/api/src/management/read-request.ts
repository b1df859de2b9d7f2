import type { ExpectedVersion } from '@parley/core'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { coerceTexts } from '../parameters/coerce-texts.ts'
import { type Issue, isMissing, issueText, unstorable, unstorableAt } from '../parameters/issue-text.ts'
import { type FieldProblem, Problem } from './problem.ts'
import type { Route, RouteCall } from './route.ts'

/** The parts of a request that a route describes. @throws Problem 400, 404 (path), 428 */
export function readRequest(
  route: Route,
  request: FastifyRequest,
): Omit<RouteCall<unknown, unknown, unknown>, 'access'> {
  const { params, query, body, ifMatch } = route
  const version = ifMatch ? expectedVersion(request.headers['if-match']) : '*'
  const readQuery = query && checked('query', query, coerceTexts(query, request.query))
  const readBody = body && checked('body', body, bodyOf(request.body))
  return { params: params && paramsOf(params, request, route), query: readQuery, body: readBody, version, request }
}

const paramsOf = (schema: z.ZodObject, request: FastifyRequest, { missing = 'no such thing' }: Route): unknown => {
  const result = schema.safeParse(coerceTexts(schema, request.params))
  if (!result.success || unstorableAt(result.data)) throw new Problem(404, missing)
  return result.data
}

/** `"3"`: version 3. @see RFC 9110 section 13.1.1, RFC 6585 section 3 */
function expectedVersion(header: string | undefined): ExpectedVersion {
  if (header === undefined) throw new Problem(428, 'If-Match must hold the ETag of the version that is to be changed')
  if (header.trim() === '*') return '*'
  const digits = /^\s*"(\d{1,15})"\s*$/.exec(header)?.[1]
  // Somebody else's ETag fits no version of ours.
  return digits === undefined ? Number.NaN : Number(digits)
}

function bodyOf(body: unknown): unknown {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8').trim() : ''
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold secrets.
    throw wrong([{ in: 'body', field: '', detail: 'must be JSON' }])
  }
}

function checked(part: FieldProblem['in'], schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (!result.success) throw wrong(result.error.issues.flatMap((issue) => problemsOf(part, issue, value)))
  const refused = unstorableAt(result.data)
  if (refused) throw wrong([{ in: part, field: refused.join('.'), detail: unstorable.en }])
  return result.data
}

function problemsOf(part: FieldProblem['in'], issue: Issue, value: unknown): readonly FieldProblem[] {
  const field = issue.path.map(String).join('.').slice(0, 200)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: part,
      field: [...issue.path, key].map(String).join('.').slice(0, 200),
      detail: 'is not known',
    }))
  }
  if (isMissing(issue, value)) return [{ in: part, field, detail: 'is missing' }]
  const own = issue.code === 'custom' || issue.code === 'invalid_format'
  return [{ in: part, field, detail: own ? issue.message : issueText(issue).en }]
}

const wrong = (errors: readonly FieldProblem[]): Problem =>
  new Problem(
    400,
    errors
      .map((one) => `${one.field || one.in}: ${one.detail}`)
      .join('; ')
      .slice(0, 1_000),
    { errors: errors.slice(0, 20) },
  )
