import { z } from 'zod'
import { problemType } from './problem.ts'
import type { Route } from './route.ts'

/** Gives a schema a name of its own in the document; wherever it is used it is referred to. */
export const component = <Schema extends z.ZodType>(id: string, schema: Schema): Schema => schema.meta({ id })

type Json = Readonly<Record<string, unknown>>

const problemSchema = component(
  'Problem',
  z.object({
    status: z.int(),
    title: z.string(),
    errors: z
      .array(z.object({ in: z.enum(['path', 'query', 'header', 'body']), field: z.string(), detail: z.string() }))
      .optional(),
  }),
)

/** The OpenAPI 3.1 document of routes. Same routes, same document. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas: Record<string, unknown> = {}
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const operations = paths[route.path] ?? {}
    paths[route.path] = operations
    operations[route.method.toLowerCase()] = operation(route, (schema) => schemaJson(schema, schemas))
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley management API',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ keyPair: [] }, { bearer: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        keyPair: { type: 'http', scheme: 'basic', description: 'SecretId and SecretKey' },
        bearer: { type: 'http', scheme: 'bearer', description: 'Token of a key, or of the installation' },
      },
    },
  }
}

type ToJson = (schema: z.ZodType) => Json

function operation(route: Route, toJson: ToJson): Json {
  const { method, path, tag, summary, role, isInstallation, body } = route
  const who = role === 'anyone' ? 'Open to anyone.' : `Role: ${role}${isInstallation ? ', of the installation' : ''}.`
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    description: who,
    ...(role === 'anyone' && { security: [] }),
    parameters: parameters(route, toJson),
    ...(body && {
      requestBody: { required: !body.safeParse({}).success, content: { 'application/json': { schema: toJson(body) } } },
    }),
    responses: responses(route, toJson),
  }
}

/** `POST /v1/calls/{id}/keys` is `postCallsIdKeys`. */
export const operationId = (method: string, path: string): string =>
  [
    method.toLowerCase(),
    ...(path.match(/[A-Za-z]\w*/g) ?? []).slice(1).map((word) => word[0]?.toUpperCase() + word.slice(1)),
  ].join('')

function parameters({ params, query, ifMatch }: Route, toJson: ToJson): readonly Json[] {
  const members = (where: 'path' | 'query', shape: z.ZodObject | undefined) =>
    Object.entries(shape?.shape ?? {}).map(([name, schema]) => {
      const member = schema as z.ZodType
      return {
        name,
        in: where,
        required: where === 'path' || !member.safeParse(undefined).success,
        schema: toJson(member),
      }
    })
  const version = {
    name: 'If-Match',
    in: 'header',
    required: true,
    schema: { type: 'string' },
    description: 'The ETag, or `*`.',
  }
  return [...members('path', params), ...members('query', query), ...(ifMatch ? [version] : [])]
}

function responses(route: Route, toJson: ToJson): Json {
  const { role, params, query, body, answer, refusals = {}, ifMatch, missing = 'no such thing' } = route
  const refusal = (description: string) => ({
    description,
    content: { [problemType]: { schema: toJson(problemSchema) } },
  })
  const types = Object.fromEntries((answer.types ?? []).map((type) => [type, { schema: { type: 'string' } }]))
  const content = { ...(answer.schema && { 'application/json': { schema: toJson(answer.schema) } }), ...types }
  return {
    [answer.status]: { description: 'Done', ...(Object.keys(content).length > 0 && { content }) },
    ...((query || body) && { 400: refusal('the request is wrong; `errors` names the fields') }),
    ...(role !== 'anyone' && { 401: refusal('no credentials, or wrong ones'), 403: refusal('not for this role') }),
    ...(params && { 404: refusal(missing) }),
    ...(ifMatch && { 412: refusal('it has changed meanwhile'), 428: refusal('If-Match is missing') }),
    ...Object.fromEntries(Object.entries(refusals).map(([status, text]) => [status, refusal(text)])),
    ...(role !== 'anyone' && { 503: refusal('the records cannot be read now; try again') }),
  }
}

/** The schema; named parts of it go into `schemas`. */
function schemaJson(schema: z.ZodType, schemas: Record<string, unknown>): Json {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const moved = JSON.parse(JSON.stringify(whole).replaceAll('"#/$defs/', '"#/components/schemas/'))
  const { $schema: _, $defs = {}, ...rest } = moved
  for (const [name, { id: _id, ...part }] of Object.entries<Record<string, unknown>>($defs)) schemas[name] = part
  return rest
}
