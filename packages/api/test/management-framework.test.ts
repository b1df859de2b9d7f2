import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Access } from '../src/management/access.ts'
import { Problem } from '../src/management/problem.ts'
import { json, type Route, type RouteCall, route } from '../src/management/route.ts'
import { serveRoutes } from '../src/management/serve-routes.ts'
import { FakeManagement } from './fake-management.ts'
import { CapturingLogger } from './fake-ports.ts'

/** A server with one thing of version 3; `authorization` names the role, `house` holds for the installation. */
function house(more: readonly Route[] = []) {
  const seen: RouteCall<unknown, unknown, unknown>[] = []
  const thing = { tag: 'things', summary: 'A thing', answer: { status: 200, schema: z.object({}) } } as const
  const server = fastify()
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const routes: readonly Route[] = [
    route({
      ...thing,
      method: 'GET',
      path: '/v1/things',
      role: 'viewer',
      handle: async () => json({}, { version: 3 }),
    }),
    route({
      ...thing,
      method: 'PATCH',
      path: '/v1/things/{id}',
      role: 'operator',
      params: z.object({ id: z.int() }),
      query: z.object({ dry: z.boolean().default(false) }),
      body: z.strictObject({ name: z.string().min(2), list: z.array(z.strictObject({ at: z.int() })).default([]) }),
      ifMatch: true,
      async handle(call) {
        seen.push(call)
        if (call.version !== '*' && call.version !== 3) throw new Problem(412, 'it has changed')
        return json({}, { version: 4 })
      },
    }),
    route({
      ...thing,
      method: 'POST',
      path: '/v1/house',
      role: 'admin',
      isInstallation: true,
      handle: async () => {
        throw new Error('secret cause')
      },
    }),
    ...more,
  ]
  const logger = new CapturingLogger()
  const access = (header: string | undefined): Access | undefined => {
    const role = header === 'house' ? 'admin' : header
    if (role !== 'viewer' && role !== 'operator' && role !== 'admin') return undefined
    return { role, applications: new Set(), isInstallation: header === 'house', actor: 'test' }
  }
  serveRoutes(server, routes, access, { logger, management: new FakeManagement() })
  const ask = (
    method: 'GET' | 'PATCH' | 'POST' | 'DELETE',
    url: string,
    more: Record<string, string> = {},
    body?: string,
  ) =>
    server.inject({
      method,
      url,
      headers: { authorization: 'admin', ...(body && { 'content-type': 'application/json' }), ...more },
      ...(body && { body }),
    })
  const change = (headers: Record<string, string>, body = '{"name":"ab"}', id = '7') =>
    ask('PATCH', `/v1/things/${id}`, headers, body)
  return { ask, change, seen, logger }
}

test('a request reaches its handler as the schemas describe it', async () => {
  const { ask, seen } = house()
  const body = '{"name":"ab","list":[{"at":1}]}'
  const answer = await ask('PATCH', '/v1/things/7?dry=true', { 'if-match': '"3"' }, body)
  expect([answer.statusCode, answer.headers.etag]).toEqual([200, '"4"'])
  expect(seen[0]).toMatchObject({
    params: { id: 7 },
    query: { dry: true },
    body: { name: 'ab', list: [{ at: 1 }] },
    version: 3,
  })
})

test.each([
  [undefined, 428],
  ['"2"', 412],
  ['W/"3"', 412],
  ['"x"', 412],
  ['*', 200],
  [' "3" ', 200],
])('a change with If-Match %s is answered with %i', async (ifMatch, status) => {
  expect((await house().change(ifMatch === undefined ? {} : { 'if-match': ifMatch })).statusCode).toBe(status)
})

test.each([
  ['{"name":"a"}', 'name', 'must have a length of at least 2'],
  ['{}', 'name', 'is missing'],
  ['{"name":5}', 'name', 'must be a string'],
  ['{"name":"ab","list":[{"at":1},{"at":"x"}]}', 'list.1.at', 'must be a number'],
  ['{"name":"ab","list":[{"at":1,"more":2}]}', 'list.0.more', 'is not known'],
  ['{"name":"a\\u0000b"}', 'name', 'holds characters that are not allowed'],
  ['{"__proto__":{"name":"ab"}}', 'name', 'is missing'],
  ['[]', '', 'must be an object'],
  ['{', '', 'must be JSON'],
  ['null', '', 'must be an object'],
])('the body %s is refused and the field named', async (body, field, detail) => {
  const { change, seen } = house()
  const answer = await change({ 'if-match': '*' }, body)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'application/problem+json'])
  expect(answer.json().errors).toContainEqual({ in: 'body', field, detail })
  expect(seen).toEqual([])
})

test('a query is refused with its field, a path that cannot be is not there', async () => {
  const { ask, change } = house()
  const query = await ask('PATCH', '/v1/things/7?dry=maybe', { 'if-match': '*' }, '{"name":"ab"}')
  expect(query.json().errors).toEqual([{ in: 'query', field: 'dry', detail: 'must be true or false' }])
  expect((await change({ 'if-match': '*' }, undefined, 'x')).statusCode).toBe(404)
})

test.each([
  ['nobody', 'GET', '/v1/things', 401],
  ['viewer', 'GET', '/v1/things', 200],
  ['viewer', 'PATCH', '/v1/things/7', 403],
  ['admin', 'POST', '/v1/house', 403],
  ['house', 'GET', '/v1/things', 200],
] as const)('%s gets for %s %s %i', async (authorization, method, url, status) => {
  expect((await house().ask(method, url, { authorization })).statusCode).toBe(status)
})

test('what a handler throws is 503, and its cause stays in the log', async () => {
  const { ask, logger } = house()
  const answer = await ask('POST', '/v1/house', { authorization: 'house' })
  expect(answer.statusCode).toBe(503)
  expect(answer.body).not.toContain('secret cause')
  expect(logger.lines.join()).toContain('secret cause')
})

test('another method of an address is 405 with those that there are, another address 404', async () => {
  const { ask } = house()
  const wrong = await ask('DELETE', '/v1/things')
  expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET'])
  const none = await ask('GET', '/v1/nothing')
  expect([none.statusCode, none.headers['content-type']]).toEqual([404, 'application/problem+json'])
})
